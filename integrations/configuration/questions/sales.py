"""What is asked about whether, and in which status, an order is a sale."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.configuration.questions.question import Choice, Question, Subject

STATUS_OF_ORDER = "status_contradicted"
# Answers to it.
FURTHER, DATED = "further", "dated"

OLD_SALES = "old_sales"
# Answers to it.
CREATE, LEAVE_OUT = "create", "leave_out"

NUMBER_TWICE = "number_twice"
# Answers to it.
ANOTHER, THE_SAME = "another", "the_same"

QUESTIONS = (
    Question(
        code=NUMBER_TWICE,
        about=Subject.ORDER,
        text=_(
            "El número {order} llegó dos veces: creado el {first} y creado el {again}. ¿Es otra "
            "venta, o la misma corregida?"
        ),
        choices=(
            Choice(
                ANOTHER,
                _("Es otra venta"),
                _("Lleva su propio documento; el de la primera queda como está."),
            ),
            Choice(
                THE_SAME,
                _("Es la misma, corregida"),
                _("Lo que llegó se suma al primer pedido: no se crea un segundo documento."),
            ),
        ),
    ),
    Question(
        code=OLD_SALES,
        about=Subject.INTEGRATION,
        text=_(
            "Ventas creadas del {first} al {last} que llegaron a su disparador más de 60 días "
            "después: {count}, por {pesos}. ¿Creamos sus documentos?"
        ),
        choices=(
            Choice(
                CREATE,
                _("Sí, crear sus documentos"),
                _("Cada venta sale con la fecha de hoy; las que lleguen así después, también."),
            ),
            Choice(
                LEAVE_OUT,
                _("No, dejarlas por fuera"),
                _("Quedan omitidas, sin documento; las que lleguen así después, también."),
            ),
        ),
    ),
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
                _("«{further}», el que llegó de último"),
                _("Sigue tu acción: si ya llegó a su disparador, se crea el documento."),
            ),
            Choice(
                DATED,
                _("«{dated}», el de la fecha más nueva"),
                _("Se queda en ese estado hasta que MasterShop avise otro."),
            ),
        ),
    ),
)
