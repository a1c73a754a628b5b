"""Every reason for which a person is needed, as one table.

Builder, worker, screens, mails, filters and files ask this table, and no other names a code
again. The kinds are written in `sending/problems/`, one file for each subject.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from integrations.sending.problems import (
    after,
    alegra,
    amounts,
    buyers,
    charges,
    drafts,
    emission,
    links,
    orders,
    paying,
    payments,
    sales,
    settings,
    twice,
)
from integrations.sending.problems.kind import ON_ORDER_PAGE, CuredBy, ProblemKind, Retry

__all__ = [
    "BESIDE",
    "KINDS",
    "CuredBy",
    "Found",
    "ProblemKind",
    "Retry",
    "codes_cured_by",
    "cure_label",
    "cure_url",
    "is_tried_again",
    "kind_of",
    "sentence",
]

KINDS: dict[str, ProblemKind] = {
    kind.code: kind
    for subject in (
        links,
        settings,
        orders,
        sales,
        buyers,
        payments,
        paying,
        amounts,
        charges,
        alegra,
        emission,
        after,
        drafts,
        twice,
    )
    for kind in subject.KINDS
}
# Shown beside a work, which keeps its state: they hold nothing, and their cure frees nothing.
BESIDE = frozenset(code for code, kind in KINDS.items() if not kind.blocks)


@dataclass(frozen=True)
class Found:
    """One problem as the builder or a step found it.

    `subject_key` says whose problem it is: problems of one integration with the same code
    and subject share a cause, because the same act repairs them.
    """

    code: str
    subject_key: str = ""
    params: dict[str, Any] = field(default_factory=dict)


def kind_of(code: str) -> ProblemKind:
    """The kind of a stored code; that of our own failures for one that is no longer known."""
    return KINDS.get(code, KINDS["internal"])


def is_tried_again(code: str) -> bool:
    """One order of its cause is tried every few minutes; none of the others is sent meanwhile."""
    return CuredBy.TRYING in kind_of(code).cured_by


def codes_cured_by(what: CuredBy) -> list[str]:
    """Of the kinds that hold a work: what is beside one has nothing to let go."""
    return [code for code, kind in KINDS.items() if kind.blocks and what in kind.cured_by]


def sentence(code: str, params: dict[str, Any] | None = None) -> str:
    """The problem in one Spanish sentence, culprit included; missing params read as «—».

    Where Alegra refused, its own words (`said`) stand beside ours.
    """
    words = defaultdict(lambda: "—", params or {})
    text = str(kind_of(code).sentence).format_map(words)
    said = words.get("said")
    return (
        _("%(sentence)s. Alegra dijo: «%(said)s»")
        % {
            "sentence": text.removesuffix("."),
            "said": said,
        }
        if said
        else text
    )


def cure_label(code: str) -> str:
    return str(kind_of(code).cure_label)


def cure_url(
    code: str, *, organization: str, integration: int, params: dict[str, Any] | None = None
) -> str:
    """Where the problem is repaired, as a path of the portal with the field's fragment.

    `organization` is the slug. Kinds that are repaired on the order's page need
    `params["order_id"]`; without it the page is *Por atender*.
    """
    params = params or {}
    kind = kind_of(code)
    screen = kind.screen_for(str(params.get("cure", "")))
    if screen in ON_ORDER_PAGE:
        if "order_id" not in params:
            return reverse("attention", args=[organization])
        return reverse(screen, args=[organization, params["order_id"]])
    if screen == "products" and params.get("variant"):
        # Straight to the choice of its product.
        path = reverse("product_search", args=[organization, integration])
        return f"{path}?variante={params['variant']}"
    path = reverse(screen, args=[organization, integration])
    anchor = kind.anchor(str(params.get("reference", "")))
    return f"{path}#{anchor}" if anchor else path
