"""One way to ask: what a person is asked once, and what each answer does to the document.

A question has the code of the problem that holds the orders which wait for it. Its answer is
kept, shown and changeable in *Editar configuración* (that of a single order on its page), and
it frees exactly the orders with that problem and that subject.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.configuration.models import DocumentSettings
from integrations.mastershop import payment_methods


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


@dataclass(frozen=True, slots=True)
class Choice:
    """`value` is stored; `label` are the merchant's words, `effect` what becomes of documents.

    `writes` are fields of the settings and what they hold, where that is not the value alone.
    """

    value: str
    label: Promise
    effect: Promise
    writes: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question:
    """`text` may name params of the problem in {braces}."""

    code: str
    about: Subject
    text: Promise
    choices: tuple[Choice, ...]
    kept_as: KeptAs = KeptAs.ROW
    field: str = ""
    # The answer sends the orders that wait; else it only says which way they go on.
    sends: bool = True

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

    def choice(self, value: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.value == value), None)


PAYMENT_METHOD, PAYMENT_OF_ORDER = "payment_method_unknown", "payment_unknown"
WAREHOUSE_KEPT = "warehouse_not_kept"
# Answers to WAREHOUSE_KEPT.
ACCEPT, CHECK_EACH = "accept", "check_each"

_SHORT, _GIFT = DocumentSettings.ShortTotal, DocumentSettings.GiftLines
_FAMILIES = (
    Choice(
        payment_methods.COD,
        _("Contraentrega"),
        _("Se cobra al entregar: el documento se crea con la acción de contraentrega."),
    ),
    Choice(
        payment_methods.PREPAID,
        _("Pago anticipado"),
        _("Ya está pagado: el documento se crea con la acción de pago anticipado."),
    ),
)

QUESTIONS: dict[str, Question] = {
    question.code: question
    for question in (
        Question(
            code="short_total",
            about=Subject.INTEGRATION,
            text=_("Si el total es menor que los productos"),
            kept_as=KeptAs.SETTING,
            field="short_total",
            choices=(
                Choice(
                    _SHORT.DISCOUNT, _SHORT.DISCOUNT.label, _("El documento sale por el total.")
                ),
                Choice(
                    _SHORT.DOWN_PAYMENT,
                    _SHORT.DOWN_PAYMENT.label,
                    _("El documento sale por el valor de los productos."),
                ),
            ),
        ),
        Question(
            code="gift_line",
            about=Subject.INTEGRATION,
            text=_("Productos en $ 0"),
            kept_as=KeptAs.SETTING,
            field="gift_lines",
            choices=(
                Choice(
                    _GIFT.SPREAD, _GIFT.SPREAD.label, _("El regalo toma parte de lo que se pagó.")
                ),
                Choice(
                    _GIFT.ZERO, _GIFT.ZERO.label, _("Va en el documento y descuenta inventario.")
                ),
                Choice(_GIFT.LEAVE_OUT, _GIFT.LEAVE_OUT.label, _("No va en el documento.")),
            ),
        ),
        Question(
            code="gift_rate",
            about=Subject.INTEGRATION,
            text=_("Regalos con otro IVA que lo pagado"),
            kept_as=KeptAs.SETTING,
            field="gift_lines",
            choices=(
                Choice(_GIFT.ZERO, _GIFT.ZERO.label, _("Así van todos los regalos, en su IVA.")),
                Choice(
                    _GIFT.LEAVE_OUT, _GIFT.LEAVE_OUT.label, _("Ningún regalo va en el documento.")
                ),
            ),
        ),
        Question(
            code="prices_tax",
            about=Subject.INTEGRATION,
            text=_("¿Los precios de tus pedidos incluyen IVA?"),
            kept_as=KeptAs.SETTING,
            choices=(
                Choice(
                    "included",
                    _("Sí, incluyen IVA"),
                    _(
                        "Del precio se saca el IVA. Lo que el total traiga de más o de menos sigue "
                        "tus límites."
                    ),
                    (("prices_include_tax", True), ("prices_told", True)),
                ),
                Choice(
                    "excluded",
                    _("No, el IVA se suma"),
                    _("Al precio se le suma el IVA de cada producto."),
                    (("prices_include_tax", False), ("prices_told", True)),
                ),
            ),
        ),
        Question(
            code=PAYMENT_METHOD,
            about=Subject.NAME,
            text=_("¿Cómo se paga «{method}»?"),
            kept_as=KeptAs.EQUIVALENCE,
            choices=_FAMILIES,
            sends=False,
        ),
        Question(
            code=PAYMENT_OF_ORDER,
            about=Subject.ORDER,
            text=_("¿Cómo se pagó el pedido {order}?"),
            choices=_FAMILIES,
            sends=False,
        ),
        Question(
            code=WAREHOUSE_KEPT,
            about=Subject.INTEGRATION,
            sends=False,
            text=_("Alegra no guardó la bodega «{sent}» que le enviamos. ¿Seguimos así?"),
            choices=(
                Choice(
                    ACCEPT,
                    _("Sí, sin comprobar la bodega"),
                    _("Los documentos quedan en la bodega que ponga Alegra y descuentan de ella."),
                ),
                Choice(
                    CHECK_EACH,
                    _("No, quiero revisar cada uno"),
                    _("Cada documento con otra bodega espera a que lo corrijas en Alegra."),
                ),
            ),
        ),
    )
}
