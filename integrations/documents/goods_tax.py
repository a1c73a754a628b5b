"""Whether the goods of an integration fit what its company is towards IVA.

Product, connection: *no responsable* with goods that carry IVA, or *responsable* with goods that
carry none, is a red line with its cure. Colombian invoicing reference, "Taxes on the line": no
tax at all is *excluido*, which only a person can say it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.catalog.models import AlegraItem, ProductLink
from integrations.colombia.tax_names import is_added_value
from integrations.configuration import set_up
from integrations.configuration.asked import Asked
from integrations.configuration.models import Answer, DocumentSettings
from integrations.configuration.questions import (
    CHARGE_NAME,
    EXCLUDED,
    GOODS_UNTAXED,
    LACKING,
    QUESTIONS,
)
from integrations.configuration.set_up import Gap
from integrations.connections.checklist import Line, line
from integrations.connections.models import Integration

Standing = Integration.VatStanding
NAMED = 3


def connect() -> None:
    if gap_of not in set_up.gap_makers:
        set_up.gap_makers.append(gap_of)


def gap_of(integration: Integration) -> Gap | None:
    """None also while nobody has said what the company is: that is asked first."""
    match set_up.standing_of(integration):
        case Standing.NOT_RESPONSIBLE:
            return _with_tax(integration)
        case Standing.RESPONSIBLE:
            return _without_tax(integration)
    return None


@line(position=52)
def goods(integration: Integration) -> Line | None:
    """The line *IVA de los productos*."""
    gap = gap_of(integration)
    if gap is not None:
        return Line("fail", gap.title, gap.text, gap.url, blocks=True)
    return Line("ok", _title()) if set_up.standing_of(integration) else None


def _title() -> str:
    return _("IVA de los productos")


def _answers(integration: Integration) -> dict[str, list[Answer]]:
    rows = Answer.objects.filter(integration=integration, question__in=[CHARGE_NAME, GOODS_UNTAXED])
    found: dict[str, list[Answer]] = {CHARGE_NAME: [], GOODS_UNTAXED: []}
    for row in rows:
        found[row.question].append(row)
    return found


def _goods(integration: Integration, charges: list[Answer]) -> QuerySet[AlegraItem]:
    """What its documents may name: linked products, and those chosen for charges."""
    linked = ProductLink.objects.filter(integration=integration).values("item")
    settings = DocumentSettings.objects.filter(integration=integration, charges_enabled=True)
    picked = [row.picked["item"] for row in charges if row.picked.get("item")]
    return (
        AlegraItem.objects.that_can_be_invoiced()
        .filter(
            Q(pk__in=linked)
            | Q(alegra_id__in=settings.exclude(charges_item="").values("charges_item"))
            | Q(alegra_id__in=picked),
            company=integration.company_id,
        )
        .order_by("name", "pk")
    )


def _with_tax(integration: Integration) -> Gap | None:
    goods = _goods(integration, _answers(integration)[CHARGE_NAME])
    rows = goods.exclude(taxes=[]).values_list("name", "taxes")
    names = [name for name, taxes in rows if any(map(_is_vat, taxes))]
    if not names:
        return None
    text = ngettext(
        "No eres responsable de IVA y este producto lo lleva en Alegra: %(goods)s. Quítaselo allá, "
        "vincula otro o cambia la respuesta",
        "No eres responsable de IVA y estos productos lo llevan en Alegra: %(goods)s. Quítaselo "
        "allá, vincula otros o cambia la respuesta",
        len(names),
    ) % {"goods": listed(names)}
    return Gap(_title(), text, _page(integration, "con-iva"), _("Ver esos productos"))


def _without_tax(integration: Integration) -> Gap | None:
    answers = _answers(integration)
    goods = _goods(integration, answers[CHARGE_NAME]).filter(taxes=[])
    rows = dict(goods.values_list("alegra_id", "name"))
    kept = next(iter(answers[GOODS_UNTAXED]), None)
    lacking = [rows[each] for each in _said(kept, LACKING) if each in rows]
    if lacking:
        text = _("Les falta el IVA en Alegra: %(goods)s. Pónselo allá o vincula otros") % {
            "goods": listed(sorted(lacking))
        }
        return Gap(_title(), text, _page(integration, "sin-iva"), _("Ver esos productos"))
    excluded = _said(kept, EXCLUDED)
    new = {each: name for each, name in rows.items() if each not in excluded}
    if not new:
        return None
    params = {
        "goods": listed(new.values()),
        "items": sorted(new),
        "excluded": sorted(excluded & set(rows)),
    }
    name = set_up.name_of(GOODS_UNTAXED, params)
    asked = Asked(QUESTIONS[GOODS_UNTAXED], "", params, "", name)
    text = _("Sin IVA en Alegra: %(goods)s. Di si son excluidos") % params
    return Gap(_title(), text, set_up.address_of(integration, asked), _("Responder"), asked)


def _said(kept: Answer | None, value: str) -> set[str]:
    """The ids that were called so: those of the last answer, and those excluded before it."""
    if kept is None:
        return set()
    said = set(kept.params.get("items", [])) if kept.value == value else set()
    return said | set(kept.params.get("excluded", []) if value == EXCLUDED else [])


def _is_vat(tax: dict) -> bool:
    return is_added_value(str(tax.get("name", "")), Decimal(tax.get("percentage") or 0))


def _page(integration: Integration, state: str) -> str:
    page = reverse("products", args=[integration.organization.slug, integration.pk])
    return f"{page}?estado={state}"


def listed(names: Iterable[str]) -> str:
    """«Termo acero», «Gorra» y 4 más."""
    names = list(names)
    shown = ", ".join(f"«{name}»" for name in names[:NAMED])
    more = len(names) - NAMED
    return shown if more <= 0 else _("%(shown)s y %(n)d más") % {"shown": shown, "n": more}
