"""What Alegra says the tax authority answered, in four words of ours.

Source: Alegra reference, "Invoices — Response", `stamp.legalStatus`.
"""

from __future__ import annotations

from typing import Literal

LegalStatus = Literal["accepted", "accepted_with_observations", "rejected", "waiting"]


def read_legal_status(value: object) -> LegalStatus | None:
    """Map `stamp.legalStatus`; None when it is absent or says nothing we know.

    Both acceptances are success: the observations concern the seller's data, and the document
    is valid. The order of the questions matters: a refusal must never be read as an acceptance,
    and a word that is still waiting must not be either.
    """
    text = value.strip().upper() if isinstance(value, str) else ""
    if "REJECT" in text:
        return "rejected"
    if "WAIT" in text or "PENDING" in text:
        return "waiting"
    if "ACCEPT" not in text or "NOT" in text.split("_"):
        return None
    return "accepted_with_observations" if "OBSERVATION" in text else "accepted"
