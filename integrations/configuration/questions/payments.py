"""What is asked about how an order is paid."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.configuration.questions.question import Choice, KeptAs, Question, Subject
from integrations.mastershop import payment_methods

PAYMENT_METHOD, PAYMENT_OF_ORDER = "payment_method_unknown", "payment_unknown"

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

QUESTIONS = (
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
)
