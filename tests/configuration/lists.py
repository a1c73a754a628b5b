"""Alegra's lists as a company of these tests has them."""

from datetime import date

from integrations.alegra.bank_accounts import BankAccount
from integrations.alegra.cost_centers import CostCenter
from integrations.alegra.number_templates import NumberTemplate
from integrations.alegra.sellers import Seller
from integrations.connections.models import ReferenceEntry

Kind = ReferenceEntry.Kind
BANK, WALLET, ADDI = "1", "2", "3"
PREFERRED, EXPIRED = "7", "8"


def account(alegra_id: str, name: str) -> BankAccount:
    return BankAccount(id=alegra_id, name=name, status="active", is_active=True, type="bank")


def numbering(alegra_id: str, prefix: str, **changes) -> NumberTemplate:
    facts = {
        "id": alegra_id,
        "name": "Factura electrónica",
        "status": "active",
        "is_active": True,
        "prefix": prefix,
        "document_type": "invoice",
        "is_electronic": True,
        "is_default": False,
        "is_automatic": True,
        "next_number": 4319,
        "max_number": 50000,
        "start_date": None,
        "end_date": date(2099, 1, 1),
    }
    return NumberTemplate(**{**facts, **changes})


ROWS = {
    Kind.BANK_ACCOUNT: [
        account(BANK, "Bancolombia ahorros"),
        account(WALLET, "Billetera Mastershop"),
        account(ADDI, "Addi por recaudar"),
    ],
    Kind.NUMBER_TEMPLATE: [
        numbering(PREFERRED, "FEHA", is_default=True),
        numbering(EXPIRED, "VIEJA", end_date=date(2020, 1, 1)),
    ],
    Kind.SELLER: [Seller(id="3", name="Julián Ortiz", status="active", is_active=True)],
    Kind.COST_CENTER: [
        CostCenter(id="4", name="Ventas en línea", status="active", is_active=True, code="")
    ],
}

# What a person leaves on the page when only the compulsory accounts are chosen.
FILLED = {
    "document": "invoice-draft",
    "number_template": "",
    "seller": "",
    "cost_center": "",
    "prices_include_tax": "on",
    "charges_item": "",
    "remainder_limit_pesos": "50000",
    "remainder_limit_percent": "30",
    "unidentified_number": "222222222222",
    "payment_term": "cash",
    "credit_days": "0",
    "cod_enabled": "on",
    "cod_account": WALLET,
    "register_payment": "on_issue",
    "process_from": "",
    "gift_lines": "",
    "account_rest": BANK,
    "means_rest": "CREDIT_TRANSFER",
}
