"""Who a contact of Alegra's is, compared with the buyer that it is kept for.

The number decides, never the id: an id says only which record it is (product rules, *Verify*).
What a person said is the same buyer is believed for that record and that number.
"""

from __future__ import annotations

from integrations.colombia.same_buyer import (
    name_words,
    plain_identification,
    same_identification,
)
from integrations.connections.alegra_users import keyed_digest
from integrations.documents.models import BuyerContact


def is_same_person(buyer: BuyerContact, contact_id: str, number: str) -> bool:
    """Whether a contact with this number is the buyer, by its number or by a person's word."""
    if same_identification(buyer.number, number):
        return True
    return answer_about(contact_id, number) in buyer.same_as


def answer_about(contact_id: str, number: str) -> str:
    """What is kept of *Es el mismo comprador*: a digest that shows nobody's number."""
    return keyed_digest("same-buyer", f"{contact_id}|{plain_identification(number)}")


def answer_about_name(contact_id: str, name: str) -> str:
    """The same for a name: that whoever is called so in an order is this contact."""
    return keyed_digest("same-name", f"{contact_id}|{' '.join(sorted(name_words(name)))}")
