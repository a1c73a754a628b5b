"""What is asked about an order's amounts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.configuration.models import DocumentSettings
from integrations.configuration.questions.question import Choice, KeptAs, Question, Subject

_GIFT = DocumentSettings.GiftLines

QUESTIONS = (
    Question(
        code="gift_line",
        about=Subject.INTEGRATION,
        text=_("Productos en $ 0"),
        kept_as=KeptAs.SETTING,
        field="gift_lines",
        choices=(
            Choice(_GIFT.SPREAD, _GIFT.SPREAD.label, _("El regalo toma parte de lo que se pagó.")),
            Choice(_GIFT.ZERO, _GIFT.ZERO.label, _("Va en el documento y descuenta inventario.")),
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
            Choice(_GIFT.LEAVE_OUT, _GIFT.LEAVE_OUT.label, _("Ningún regalo va en el documento.")),
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
)
