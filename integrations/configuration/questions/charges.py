"""What is asked about the names of charges.

Colombian invoicing reference §4, §5.5: what the seller charges beside the goods is taxed as they
are, a tax that the order names is in their prices already, and another's money has no IVA.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.configuration.questions.question import Choice, Pick, Question, Subject
from integrations.mastershop import charge_names

CHARGE_NAME = "charge_unknown"

QUESTIONS = (
    Question(
        code=CHARGE_NAME,
        about=Subject.NAME,
        text=_("¿Qué es «{name}», que cobran algunos pedidos?"),
        choices=(
            Choice(
                charge_names.OWN,
                _("Es envío, seguro u otro cobro mío"),
                _("Va en una línea del producto para cobros adicionales, con su IVA."),
            ),
            Choice(
                charge_names.PRODUCT,
                _("Es otro producto o servicio que vendo"),
                _("Va en una línea de ese producto de Alegra, con su IVA."),
                picks=Pick.ITEM,
            ),
            Choice(
                charge_names.DISCOUNT,
                _("Es un descuento"),
                _("No es línea: se resta de los productos, y con él su IVA."),
            ),
            Choice(
                charge_names.RECEIVED,
                _("Es plata que ya había pagado: bono, saldo, abono"),
                _("No es línea ni descuento: los productos van a su precio, con todo su IVA."),
            ),
            Choice(
                charge_names.TAX,
                _("Es un impuesto que ya está en los productos"),
                _("No es línea: el IVA del documento sale de cada producto."),
            ),
            Choice(
                charge_names.THIRD_PARTY,
                _("Es propina, donación u otra plata sin IVA"),
                _("Va en una línea sin IVA del producto para cobros adicionales."),
            ),
        ),
    ),
)
