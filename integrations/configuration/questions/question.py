"""One way to ask: what a person is asked once, and what each answer does to the document.

A question has the code of the problem that holds the orders which wait for it. Its answer is
kept, shown and changeable in *Editar configuración* (that of a single order on its page), and
it frees exactly the orders with that problem and that subject.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from django.utils.functional import Promise

from integrations.configuration.models import DocumentSettings


class Subject(Enum):
    """What one answer is valid for."""

    ORDER = "order"
    # A name that orders carry: a payment method, a charge, a discount.
    NAME = "name"
    PRODUCT = "product"
    INTEGRATION = "integration"


class KeptAs(Enum):
    """Where the answer lives."""

    # A row of `Answer`.
    ROW = "row"
    # The field of *Configuración general* that `Question.field` names.
    SETTING = "setting"
    # The family of the method's row in *Equivalencias*.
    EQUIVALENCE = "equivalence"
    # The field of the integration that `Question.field` names.
    INTEGRATION = "integration"


class Pick(Enum):
    """What is chosen or typed beside a choice, and kept with the answer (`picking`)."""

    # A product or service of the tenant's Alegra account: {"item": its id, "name": its name}.
    ITEM = "item"
    # An amount in COP: {"pesos": "12000"}.
    PESOS = "pesos"


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` is stored; `label` are the merchant's words, which may name params of the problem
    in {braces}; `effect` is what becomes of documents.

    `writes` are fields of the settings and what they hold, where that is not the value alone.
    `picks` is what the choice needs besides itself, or None; only for answers kept as a row.
    """

    value: str
    label: Promise | str
    effect: Promise
    writes: tuple[tuple[str, Any], ...] = ()
    picks: Pick | None = None

    def told(self, params: Mapping[str, Any]) -> Choice:
        """The choice with its label in the words of this problem."""
        label = str(self.label)
        if "{" not in label:
            return self
        return replace(self, label=label.format_map(defaultdict(lambda: "—", params)))


@dataclass(frozen=True, kw_only=True)
class Question:
    """`text` may name params of the problem in {braces}; its `offers`, a list of values, says
    which of the choices make sense for it (all, where it has none)."""

    code: str
    about: Subject
    text: Promise
    choices: tuple[Choice, ...]
    kept_as: KeptAs = KeptAs.ROW
    field: str = ""
    # The answer sends the orders that wait; else it only says which way they go on.
    sends: bool = True
    # Asked before the integration is switched on (`configuration.set_up`). It holds no order, so
    # no problem has its code.
    is_of_set_up: bool = False
    # The answer is valid for the words that it was asked with (always so of one order).
    is_of_its_words: bool = False

    def offered(self, params: Mapping[str, Any]) -> Question:
        """The question with the choices that a problem with these params offers, in its words."""
        wanted = set(params["offers"]) if "offers" in params else None
        choices = (each for each in self.choices if wanted is None or each.value in wanted)
        return replace(self, choices=tuple(choice.told(params) for choice in choices))

    def allows(self, value: str) -> bool:
        return value in {choice.value for choice in self.choices}

    def fields(self, choice: Choice) -> dict[str, Any]:
        """What a choice writes into *Configuración general*."""
        return dict(choice.writes) or {self.field: choice.value}

    def kept_in(self, settings: DocumentSettings) -> str:
        """The value of the choice that the settings hold, '' where they hold none of them."""
        for choice in self.choices:
            written = self.fields(choice).items()
            if all(getattr(settings, name) == value for name, value in written):
                return choice.value
        return ""

    def ask(self, params: Mapping[str, Any]) -> str:
        return str(self.text).format_map(defaultdict(lambda: "—", params))

    @property
    def picks_item(self) -> bool:
        return any(choice.picks is Pick.ITEM for choice in self.choices)

    @property
    def picks_pesos(self) -> bool:
        return any(choice.picks is Pick.PESOS for choice in self.choices)

    def choice(self, value: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.value == value), None)
