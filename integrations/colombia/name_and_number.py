"""Whether a name and an identification are of the same bearer, and which of two names is.

Source: Colombian invoicing reference, "Identity documents" and "Names"; product rules, *The
document is built*. A firm that buys is often told in the company field, beside the name of who
placed the order: its NIT is the firm's, and so is the document.
"""

from __future__ import annotations

from dataclasses import dataclass

from integrations.colombia.company_names import looks_like_company, may_be_of_a_company
from integrations.colombia.identity import Judgement
from integrations.colombia.longest import line
from integrations.colombia.masks import is_masked
from integrations.colombia.same_buyer import share_a_name

# The reasons for a doubt, in the words of the question.
DOUBTS = {
    "person": "El NIT es de una empresa y el nombre parece de una persona.",
    "two": "El NIT es de una empresa y el pedido nombra dos.",
    "masked": "El NIT es de una empresa y su nombre llegó tapado.",
}


@dataclass(frozen=True)
class Belongs:
    """`name` goes beside the number; `doubt` is a key of DOUBTS, '' where there is none."""

    name: str
    is_of_company_field: bool = False
    doubt: str = ""


def name_for(judged: Judgement, *, name: str, company: str) -> Belongs:
    """Which of the two names goes with this identification, and whether one does.

    `name` is who bought, `company` what stands in the company field, '' for nothing usable.
    Only a company's number decides between them: a person's document goes with the person.
    """
    if judged.verdict != "usable" or not _is_of_a_company(judged, company):
        return Belongs(name)
    if company and is_masked(company):
        return Belongs(name, doubt="" if looks_like_company(name) else "masked")
    if company and may_be_of_a_company(company):
        if not may_be_of_a_company(name):
            return Belongs(company, is_of_company_field=True)
        if share_a_name(name, company) is False:
            return Belongs(name, doubt="two")
        takes_company = looks_like_company(company) and not looks_like_company(name)
        return Belongs(company if takes_company else name, is_of_company_field=takes_company)
    if judged.type == "NIT" and name.strip() and not may_be_of_a_company(name):
        return Belongs(name, doubt="person")
    return Belongs(name)


def company_told(text: str) -> str:
    """A company field that may name a company: '' for numbers, which shops without a field of
    their own for the identification write there, and for single letters."""
    letters = sum(char.isalpha() for char in line(text))
    return text if letters >= 3 and letters > sum(char.isdigit() for char in text) else ""


def _is_of_a_company(judged: Judgement, company: str) -> bool:
    if judged.type == "FOREIGN_NIT":
        return looks_like_company(company)
    return judged.is_company
