"""What is asked of an order whose total is less than what it sells, or two ways of reading it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.configuration.questions.question import Choice, Question, Subject

SHORT_TOTAL, SHORT_KEPT = "short_total", "short_total_kept"
TOTAL_ZERO, TWO_WAYS = "total_zero", "amounts_two_ways"
RECEIVED, DISCOUNT, EXCHANGE, ASK = "received", "discount", "exchange", "ask"
FIRST, SECOND = "first", "second"
# Answers about one order that are kept for its word or its method too.
KEPT = {"received_kept": RECEIVED, "discount_kept": DISCOUNT}

_FULL = _("El documento sale por el valor completo y con todo su IVA; lo pagado no lo rebaja.")
_LESS = _("El documento sale por el total, con el IVA del precio rebajado.")

QUESTIONS = (
    Question(
        code=SHORT_TOTAL,
        about=Subject.ORDER,
        text=_(
            "El pedido {order} vende {lines} y su total es {total}: faltan {rest}. ¿Qué son? "
            "«Siempre» lo recuerda para los pedidos con {kept}."
        ),
        choices=(
            Choice(RECEIVED, _("Ya lo había pagado"), _FULL),
            Choice(DISCOUNT, _("Es descuento"), _LESS),
            Choice("received_kept", _("Siempre: ya lo había pagado"), _FULL),
            Choice("discount_kept", _("Siempre: es descuento"), _LESS),
        ),
    ),
    Question(
        code=SHORT_KEPT,
        about=Subject.NAME,
        text=_("Si el total es menor que los productos en un pedido con {kept}"),
        choices=(
            Choice(RECEIVED, _("Ya lo había pagado"), _FULL),
            Choice(DISCOUNT, _("Es descuento"), _LESS),
            Choice(ASK, _("Preguntarme en cada pedido"), _("El pedido espera tu respuesta.")),
        ),
        sends=False,
    ),
    Question(
        code=TOTAL_ZERO,
        about=Subject.ORDER,
        text=_("El pedido {order} vende {lines} y su total es $ 0. ¿Por qué?"),
        choices=(
            Choice(
                EXCHANGE,
                _("Es cambio o garantía"),
                _("No se factura: queda omitido con esta razón."),
            ),
            Choice(RECEIVED, _("Ya estaba pagado"), _FULL),
            Choice(
                DISCOUNT,
                _("Descuento total"),
                _("No hay qué facturar: queda omitido con esta razón."),
            ),
        ),
    ),
    Question(
        code=TWO_WAYS,
        about=Subject.ORDER,
        text=_(
            "El total del pedido {order} da con dos lecturas, y el IVA no es el mismo. "
            "La primera: {first}. La segunda: {second}. ¿Cuál es?"
        ),
        choices=(
            Choice(FIRST, _("La primera"), _("El documento sale con esos valores.")),
            Choice(SECOND, _("La segunda"), _("El documento sale con esos valores.")),
        ),
    ),
)
