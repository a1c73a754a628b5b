"""The company behind a credential; its reading is the test of the credential.

https://developer.alegra.com/reference (company)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .client import AlegraClient, Call
from .errors import OutcomeUnknown
from .shapes import flag, identity, one, text, whole

# What a company is towards IVA.
RESPONSIBLE, NOT_RESPONSIBLE = "responsible", "not_responsible"
# Only these say it; of the others (special, consumption tax) none is proven to.
_STANDINGS = {
    "COMMON_REGIME": RESPONSIBLE,
    "INC_IVA_RESPONSIBLE": RESPONSIBLE,
    "SIMPLIFIED_REGIME": NOT_RESPONSIBLE,
}


def vat_standing(regime: str) -> str:
    """RESPONSIBLE or NOT_RESPONSIBLE, '' where the regime does not say.

    Colombian invoicing reference, "The parties": IVA standing.
    """
    return _STANDINGS.get(regime.strip().upper(), "")


@dataclass(frozen=True)
class Company:
    """``nit`` has digits only; ``precision`` is the account's number of decimals."""

    id: str
    name: str
    nit: str
    dv: str
    country: str
    currency: str
    multicurrency: bool
    precision: int
    regime: str
    city: str
    timezone: str
    raw: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)


def read(client: AlegraClient) -> Company:
    """``GET /company``. Unauthorized, PlanExcludes and Forbidden each name a different cure."""
    call = Call("GET", "/company", expects_record=True)
    row = client.send(call).body
    # Whether the company has an id is not certain, so its name proves the answer instead.
    if not isinstance(row, dict) or not (row.get("name") or row.get("id")):
        raise OutcomeUnknown("Alegra respondió sin los datos de la empresa.", call=call)
    proof = one(row.get("identificationObject"))
    number, _, check = text(proof.get("number") or row.get("identification")).partition("-")
    precision = whole(row.get("decimalPrecision"))
    currency = row.get("currency")
    return Company(
        id=identity(row),
        name=text(row.get("name")),
        nit="".join(filter(str.isdigit, number)),
        dv=text(proof.get("dv")) or check.strip(),
        country=text(row.get("applicationVersion")).lower(),
        currency=text(currency.get("code") if isinstance(currency, dict) else currency),
        multicurrency=flag(row.get("multicurrency")),
        precision=2 if precision is None else precision,
        regime=text(row.get("regime")),
        city=text(one(row.get("address")).get("city")),
        timezone=text(row.get("timezone")),
        raw=row,
    )
