"""What is asked before an integration is switched on.

Product, connection: *Two questions block switching on*. Colombian invoicing reference, "Who
invoices whom" and "Taxes on the line".
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.configuration.questions.question import Choice, KeptAs, Question, Subject
from integrations.connections.models import Integration

WHO_SELLS, VAT_STANDING, GOODS_UNTAXED = "who_sells", "vat_standing", "goods_untaxed"
# Answers to the last one.
EXCLUDED, LACKING = "excluded", "lacking"

QUESTIONS = (
    Question(
        code=WHO_SELLS,
        about=Subject.INTEGRATION,
        kept_as=KeptAs.INTEGRATION,
        field="who_sells",
        is_of_set_up=True,
        sends=False,
        text=_("¿Quién le vende al consumidor final?"),
        choices=(
            Choice(
                Integration.Seller.ME,
                _("Yo: el comprador me compra a mí"),
                _(
                    "Cada pedido sale con su documento, a nombre del comprador y por todo lo que "
                    "paga. También si la mercancía es de un proveedor que la despacha por ti."
                ),
            ),
            Choice(
                Integration.Seller.OTHER,
                _("Otro vende mi mercancía: yo soy el proveedor"),
                _(
                    "Ningún pedido se le factura al comprador: esa factura, por el total, es de "
                    "quien le vende. Los pedidos se reciben y quedan omitidos. Tú le facturas a "
                    "ese vendedor, en Alegra, el precio al que le vendes."
                ),
            ),
        ),
    ),
    Question(
        code=VAT_STANDING,
        about=Subject.INTEGRATION,
        kept_as=KeptAs.INTEGRATION,
        field="vat_standing",
        is_of_set_up=True,
        is_of_its_words=True,
        sends=False,
        text=_("¿La empresa es responsable de IVA?"),
        choices=(
            Choice(
                Integration.VatStanding.RESPONSIBLE,
                _("Responsable de IVA"),
                _(
                    "Cada producto sale con el IVA que tiene en Alegra. De los que no tienen "
                    "ninguno te preguntamos si son excluidos."
                ),
            ),
            Choice(
                Integration.VatStanding.NOT_RESPONSIBLE,
                _("No responsable de IVA"),
                _(
                    "Ninguna línea debe llevar IVA: si un producto vinculado lo lleva, te decimos "
                    "cuál para que lo corrijas."
                ),
            ),
        ),
    ),
    Question(
        code=GOODS_UNTAXED,
        about=Subject.INTEGRATION,
        is_of_set_up=True,
        is_of_its_words=True,
        sends=False,
        text=_("La empresa es responsable de IVA y en Alegra no tienen IVA: {goods}. ¿Por qué?"),
        choices=(
            Choice(
                EXCLUDED,
                _("Son excluidos de IVA"),
                _(
                    "Salen sin IVA, como excluidos. De otros que no lo tengan te preguntamos otra "
                    "vez."
                ),
            ),
            Choice(
                LACKING,
                _("Les falta el IVA en Alegra"),
                _(
                    "Corrígelo en Alegra o vincula otro producto: hasta entonces queda en rojo en "
                    "la lista de la integración."
                ),
            ),
        ),
    ),
)
