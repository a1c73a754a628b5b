"""What is asked about whether, and in which status, an order is a sale."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.configuration.questions.question import Choice, Question, Subject

STATUS_OF_ORDER = "status_contradicted"
# Answers to it.
FURTHER, DATED = "further", "dated"

QUESTIONS = (
    Question(
        code=STATUS_OF_ORDER,
        about=Subject.ORDER,
        sends=False,
        text=_(
            "Del pedido {order} llegó de último «{further}», con una fecha anterior a la de "
            "«{dated}». ¿Cuál estado vale?"
        ),
        choices=(
            Choice(
                FURTHER,
                _("El que llegó de último"),
                _("Sigue tu acción: si ya llegó a su disparador, se crea el documento."),
            ),
            Choice(
                DATED,
                _("El de la fecha más nueva"),
                _("Se queda en ese estado hasta que MasterShop avise otro."),
            ),
        ),
    ),
)
