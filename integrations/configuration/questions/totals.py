"""What is asked about one order whose amounts cannot be read to its total.

Product rules, *The document is built*: the document's total is what the buyer paid, or it is not
sent; so a person says what the buyer paid, or what a difference is.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.configuration.questions.question import Choice, Pick, Question, Subject
from integrations.mastershop import charge_names

TOTAL_MISMATCH, TOTAL_MISSING = "total_mismatch", "total_missing"
NO_LINES, LINE_WRONG = "no_lines", "line_wrong"
# Answers: the total is what the lines come to, or another; the line goes without what is wrong
# with it, or is worth what is left of the total.
AS_LINES, AS_TOLD = "as_lines", "as_told"
WITHOUT, THE_REST = "without", "the_rest"
# … it is worth an amount, or its amount is taken off.
WORTH, GIVEN_BACK = "worth", "given_back"

_AS_LINES = Choice(
    AS_LINES,
    _("Pagó lo que suman los productos y cobros"),
    _("El documento sale por esa suma, y no por el total que llegó."),
)
_AS_TOLD = Choice(
    AS_TOLD,
    _("Pagó otro valor"),
    _("El documento se hace con el total que escribas."),
    picks=Pick.PESOS,
)

QUESTIONS = (
    Question(
        code=TOTAL_MISMATCH,
        about=Subject.ORDER,
        text=_("El pedido {order} suma {lines} y su total es {total}. ¿Qué es la diferencia?"),
        choices=(
            Choice(
                charge_names.OWN,
                _("Es el envío u otro cobro mío"),
                _("La diferencia va en una línea del producto para cobros adicionales."),
            ),
            Choice(
                charge_names.PRODUCT,
                _("Es otro producto"),
                _("La diferencia va en una línea de ese producto de Alegra, con su IVA."),
                picks=Pick.ITEM,
            ),
            Choice(
                charge_names.THIRD_PARTY,
                _("Es propina, donación u otra plata sin IVA"),
                _("La diferencia va en una línea sin IVA."),
            ),
            _AS_LINES,
            _AS_TOLD,
        ),
    ),
    Question(
        code=TOTAL_MISSING,
        about=Subject.ORDER,
        text=_("¿Cuánto pagó el comprador por el pedido {order}?"),
        choices=(_AS_LINES, _AS_TOLD),
    ),
    Question(
        code=NO_LINES,
        about=Subject.ORDER,
        text=_("El pedido {order} llegó sin productos. ¿Qué se vendió?"),
        choices=(
            Choice(
                charge_names.PRODUCT,
                _("Es este producto de Alegra"),
                _("El documento lleva una unidad de ese producto por todo lo que se pagó."),
                picks=Pick.ITEM,
            ),
        ),
    ),
    # Of one line, or of what is lacking in the order itself.
    Question(
        code=LINE_WRONG,
        about=Subject.ORDER,
        text=_("Algo del pedido {order} no se puede leer: {why} ¿Qué hacemos con eso?"),
        choices=(
            Choice(
                THE_REST,
                _("Esa línea vale lo que falta para el total"),
                _("Va como una unidad de su producto, por lo que falta del total."),
            ),
            Choice(
                charge_names.PRODUCT,
                _("Esa línea es otro producto"),
                _("Va una unidad de ese producto de Alegra, por lo que falta del total."),
                picks=Pick.ITEM,
            ),
            Choice(
                WORTH,
                _("Esa línea tiene otro valor"),
                _("Va como una unidad de su producto, por el valor que escribas."),
                picks=Pick.PESOS,
            ),
            Choice(
                GIVEN_BACK,
                _("Es una devolución"),
                _("Esa línea no va, y su valor se descuenta del pedido."),
            ),
            Choice(
                WITHOUT,
                _("Va sin eso"),
                _("Lo que no se lee no va. Si entonces el total no cuadra, te preguntamos."),
            ),
        ),
    ),
)
