"""What nobody could prove about Alegra, with the defaults scripts rely on."""

from __future__ import annotations

from datetime import date
from typing import Any

from integrations.simulators.alegra.places import SPELLINGS
from integrations.simulators.facts import Allowed, Facts

_BOOLEAN = (True, False)
# What a company may be towards taxes; "" leaves the field out of its answer.
COMPANY_REGIMES = (
    "COMMON_REGIME",
    "SIMPLIFIED_REGIME",
    "SPECIAL_REGIME",
    "NATIONAL_CONSUMPTION_TAX",
    "INC_IVA_RESPONSIBLE",
    "NOT_REPONSIBLE_FOR_CONSUMPTION",
    "",
)
_CLIENT_FORMS = ("identification", "object", "name")


def _count(low: int, high: int) -> Allowed:
    return lambda value: type(value) is int and low <= value <= high


def _rounding(value: dict[str, Any]) -> bool:
    return value["at"] in {"unit", "line", "document"} and value["how"] in {
        "half_even",
        "half_up",
        "truncate",
    }


def _rate_limit(value: dict[str, Any]) -> bool:
    return (
        type(value["per_minute"]) is int
        and value["per_minute"] > 0
        and value["window"] in {"fixed", "sliding"}
        and value["per"] in {"user", "company"}
        and type(value["headers"]) is bool
    )


def _lacks(value: Any) -> bool:
    return isinstance(value, list) and set(value) <= {"warehouses", "banks"}


def _per_minute(value: Any) -> bool:
    return value is None or (type(value) is int and value > 0)


def _places(value: Any) -> bool:
    return isinstance(value, list) and set(value) <= set(SPELLINGS)


def _refused_data(value: Any) -> bool:
    return isinstance(value, list) and set(value) <= {"email", "phone", "address"}


def _seconds(value: Any) -> bool:
    return type(value) in {int, float} and value >= 0


def _last_day(value: Any) -> bool:
    if value is None:
        return True
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def alegra_facts() -> Facts:
    """A fresh set of switches.

    ``ids``: ``mixed`` gives UUIDs to the kinds that have them since 2025 and shows some
    numeric ids as JSON numbers; also varies objects and arrays. ``numeric``, ``number`` and
    ``uuid`` give every new record that form. ``money``: numbers, numeric strings, or both.
    ``regime``: what every company says of its taxes, null what each was made with.
    ``rounding.at``: ``unit`` brings the price itself to the precision, ``line`` rounds base
    and tax of each line, ``document`` only the sums. Under a precision below 2 the price is
    cut to it in any case. ``inactive_choices``: whether a document may name a seller, cost
    centre, numbering or bodega that is inactive; ``inactive_items`` the same of its products,
    which credit notes refuse either way. ``gone_choice_status``: the answer where one of them
    is not there at all. ``contacts_per_minute``: calls below ``/contacts`` that a company may
    make, beside the ordinary limit; told as 400 with ``code`` 429. ``person_name``: whether a new
    person needs ``nameObject``. ``department``: whether an address must have the one its city
    lies in, ``places`` how Bogotá and Cúcuta may be spelled then. ``repeated_contact``: whether
    the refusal of a repeated identification names the contact that has it,
    ``repeated_counts_dots`` whether 1.020 repeats 1020. ``contact_refuses``: data that no contact
    may carry, ``contact_refusal`` whether the refusal names them. ``inactive_contacts``: whether a
    document may be made out to one. ``invoice_client``, ``remission_client``: whether their
    answers name the client by the number alone, by type and number as one object, or by the name
    only. ``warehouse_kept``: whether a document stays in the bodega it was sent with, else in the
    principal one; ``warehouse_shown``: whether its answers name one at all. ``stamp_answer``:
    whether emission by id answers ``{"data": [{"id", "success", "message"}]}``, with 200 also
    when all were refused, or ``{"invoices": […]}`` with 400 then. ``stamp_bad_one``: what
    becomes of a call where one of several cannot be emitted: it is ``named`` and the others are,
    or all are refused with this status, in words that name none. ``stamp_words``: whether the
    words of a stamp are texts (``Regla: FAZ09, Notificación: …``, as recorded live) or objects
    with ``code`` and ``message``. ``unstamped``: what stands for the stamp of an electronic
    invoice that was not emitted, nothing or ``PENDING``. ``legal_status``: the long words or the
    bare ones of the catalogue. ``rejection_told``: where the reasons of a rejection are read,
    ``errors`` or ``warnings`` of the stamp beside the answer of the emission, in the ``answer``
    alone, or only when it is ``read``. ``rejected_status``: whether a rejected invoice is a draft
    again, or stays open with its number and its stock moved. ``rejected_keeps_cufe``: whether it
    has one. ``stamp_unit``: whether the item's unit counts at emission, or the one that the line
    was made with. ``numbering_refusal``: whether numbering without a number to give is told with
    the provider's code. ``stock_refusal``: whether a shortage names the item. ``closed_until``:
    the last day of the closed accounting period; invoices, payments and credit notes dated in it
    are refused. ``payment_rows_have_observations``: whether a list of payments tells them, beside
    ``list_has_observations``. ``invoice_payment_ids``: whether an invoice's payments are named.
    """
    return Facts(
        {
            "decimal_precision": (2, _count(0, 6)),
            "regime": (None, (None, *COMPANY_REGIMES)),
            "rounding": ({"at": "line", "how": "half_even"}, _rounding),
            "ids": ("mixed", ("mixed", "numeric", "number", "uuid")),
            "money": ("mixed", ("mixed", "number", "string")),
            "post_status": (201, (200, 201)),
            "rate_limit": (
                {"per_minute": 150, "window": "fixed", "per": "user", "headers": True},
                _rate_limit,
            ),
            "list_has_observations": (True, _BOOLEAN),
            "list_delay_seconds": (0, _seconds),
            "draft_moves_stock": (False, _BOOLEAN),
            "remission_moves_stock": (True, _BOOLEAN),
            "inactive_choices": ("refused", ("refused", "accepted")),
            "inactive_items": ("refused", ("refused", "accepted")),
            "gone_choice_status": (400, (400, 404)),
            "negative_stock": ("allowed", ("allowed", "refused")),
            "stamp_max": (10, _count(1, 100)),
            "stamp_answer": ("data", ("data", "invoices")),
            "stamp_bad_one": ("named", ("named", 400, 404, 200)),
            "stamp_old_date": ("refused", ("refused", "accepted")),
            "stamp_words": ("texts", ("texts", "objects")),
            "stamp_unit": ("item", ("item", "line")),
            "unstamped": ("absent", ("absent", "pending")),
            "legal_status": ("long", ("long", "bare")),
            "rejection_told": ("errors", ("errors", "warnings", "answer", "read")),
            "rejected_status": ("draft", ("draft", "open")),
            "rejected_keeps_cufe": (False, _BOOLEAN),
            "numbering_refusal": ("coded", ("coded", "worded")),
            "stock_refusal": ("named", ("named", "bare")),
            "closed_until": (None, _last_day),
            "payment_rows_have_observations": (True, _BOOLEAN),
            "invoice_payment_ids": (True, _BOOLEAN),
            "open_on_draft": (True, _BOOLEAN),
            "inactive_contacts": ("refused", ("refused", "accepted")),
            "invoice_client": ("identification", _CLIENT_FORMS),
            "remission_client": ("identification", _CLIENT_FORMS),
            "contact_put": ("replace", ("replace", "merge")),
            "contacts_per_minute": (None, _per_minute),
            "person_name": ("object", ("object", "any")),
            "department": ("checked", ("checked", "free")),
            "places": (list(SPELLINGS), _places),
            "repeated_contact": ("with_id", ("with_id", "bare")),
            "repeated_counts_dots": (False, _BOOLEAN),
            "contact_refuses": ([], _refused_data),
            "contact_refusal": ("named", ("named", "bare")),
            "warehouse_kept": (True, _BOOLEAN),
            "warehouse_shown": (True, _BOOLEAN),
            "tax_omitted": ("none", ("none", "item")),
            "without": ([], _lacks),
            "stock_event": (False, _BOOLEAN),
            "webhook_scheme": ("without", ("without", "with", "any")),
        }
    )
