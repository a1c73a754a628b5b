"""What is asked of amounts of another size than pesos have."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.configuration.questions.question import Choice, Question, Subject

_WRONG = Choice(
    "wrong",
    _("No, está mal"),
    _(
        "No se envía. Al corregirlo en MasterShop sale solo; o eliges No facturar, o dices que ya "
        "tiene documento."
    ),
)

QUESTIONS = (
    Question(
        code="amounts_unlikely",
        about=Subject.ORDER,
        text=_("¿Están bien los valores del pedido {order}? {why}."),
        sends=False,
        choices=(
            Choice(
                "right",
                _("Sí, es correcto"),
                _("El documento de este pedido se envía con estos valores."),
            ),
            _WRONG,
        ),
    ),
    Question(
        code="price_unlikely",
        about=Subject.PRODUCT,
        text=_("¿Se vende a ese precio? {why}."),
        sends=False,
        choices=(
            Choice(
                "right",
                _("Sí, es correcto"),
                _("Se envían los pedidos de este producto a este precio; a otro se pregunta."),
            ),
            _WRONG,
        ),
    ),
)
