"""The contents of the page *Revisión con Alegra*, for each company."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from integrations.books import words
from integrations.books.models import BooksAudit, BooksFinding
from integrations.colombia.peso_text import number
from integrations.connections.models import AlegraCompany, Integration

SHOWN, PAST = 200, 12


@dataclass(frozen=True)
class Line:
    """One finding. `alegra_url`: its page in Alegra, '' where none is known."""

    row: BooksFinding
    name: str
    sentence: str
    cure: str
    tone: str
    alegra_url: str


@dataclass(frozen=True)
class CompanyBooks:
    company: AlegraCompany
    lines: list[Line]
    more: int
    # The newest audit, and those before it.
    last: BooksAudit | None
    past: list[BooksAudit]

    @property
    def is_running(self) -> bool:
        return self.last is not None and self.last.state == BooksAudit.State.READING

    @property
    def failure(self) -> str:
        return "" if self.last is None else words.failure(self.last.error)

    @property
    def count(self) -> int:
        return len(self.lines) + self.more

    @property
    def left_out(self) -> str:
        return "" if self.last is None else words.left_out(self.last.left_out or ())

    @property
    def is_whole(self) -> bool:
        """Whether the newest audit left nothing out."""
        return self.last is not None and not self.last.left_out and not self.last.unread

    @property
    def result(self) -> str:
        return "" if self.last is None else result_of(self.last)


def result_of(audit: BooksAudit) -> str:
    """«1.240 documentos del portal, 1.238 iguales.»"""
    told = {"ours": number(audit.ours), "right": number(audit.right)}
    text = _("%(ours)s documentos del portal, %(right)s iguales.") % told
    if audit.unread:
        left = _(
            "%(n)s de Alegra quedaron sin leer: la lista no trae su texto, y una revisión lee uno "
            "por uno solo los más parecidos."
        )
        text = f"{text} {left % {'n': number(audit.unread)}}"
    return text


def books_of(integrations: Iterable[Integration]) -> list[CompanyBooks]:
    """One for each company of these integrations, ordered by the company's name."""
    places: dict[int, Integration] = {}
    for each in integrations:
        places.setdefault(each.company_id, each)
    made = [_of_company(place) for place in places.values()]
    return sorted(made, key=lambda each: (each.company.name, each.company.pk))


def lines_of(rows: Iterable[BooksFinding], place: Integration) -> list[Line]:
    return [
        Line(
            row,
            words.name_of(row),
            words.sentence(row),
            words.cure(row),
            words.TONES.get(row.code, "ask"),
            alegra_url(row, place),
        )
        for row in rows
    ]


def alegra_url(finding: BooksFinding, place: Integration) -> str:
    if finding.found_in == "payment" or finding.code == BooksFinding.Code.MISSING:
        return ""
    if place.is_trial:
        root = settings.SIMULATED_ALEGRA_URL.removesuffix("/api/v1")
        page = f"{root}/app/{finding.found_in}/{finding.alegra_id}?company={place.company.nit}"
        return page if root else ""
    return f"{settings.ALEGRA_APP_URL}/{finding.found_in}/view/id/{finding.alegra_id}"


def _of_company(place: Integration) -> CompanyBooks:
    rows = BooksFinding.objects.filter(company=place.company_id, closed_at=None)
    count = rows.count()
    audits = BooksAudit.objects.filter(company=place.company_id).order_by("-began_at", "-pk")
    last, *past = list(audits[: PAST + 1]) or [None]
    shown = rows.order_by("-first_at", "-pk")[:SHOWN]
    return CompanyBooks(place.company, lines_of(shown, place), max(0, count - SHOWN), last, past)
