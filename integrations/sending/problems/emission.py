"""Why an invoice that is in Alegra was not emitted, or was rejected by the DIAN.

The codes of Alegra's provider and the rules of the DIAN that lead here: `documents/
emission_refusals.py`.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.sending.problems.kind import CuredBy, ProblemKind, Retry

_IN_ALEGRA = _(
    "Arréglalo en Alegra. Probamos con una factura cada 2 minutos la primera hora y después cada "
    "15; cuando Alegra la emita, las demás salen solas."
)
_ANOTHER_NUMBERING = _(
    "Pide a la DIAN una autorización, agrégala en Alegra y elígela en la configuración, o "
    "renueva esta misma: las facturas se emiten solas, con la fecha de ese día. Nunca tomamos "
    "otra numeración por nuestra cuenta."
)
# Kept for staff: words that have no sentence of ours yet.
UNTRANSLATED = "emission_refused"

KINDS = (
    ProblemKind(
        code="dian_rejected",
        title=_("Facturas que la DIAN rechazó"),
        sentence=_("La DIAN rechazó la factura del pedido {order}: {why}"),
        cure_label=_("Corregir y emitir de nuevo"),
        cured_by=CuredBy.PERSON | CuredBy.CORRECTION | CuredBy.ORDER,
        advice=_(
            "Sigue siendo la factura de este pedido y no cuenta como emitida. Corrige lo que dice "
            "y emítela de nuevo: es la misma, con la fecha de ese día; no se hace otra."
        ),
        icon="x",
        retry_label=_("Emitir de nuevo"),
        per_order=True,
        screens={"buyer": "order_correct"},
    ),
    ProblemKind(
        code="certificate",
        title=_("El certificado digital de Alegra no sirve"),
        sentence=_("Alegra no puede firmar las facturas: el certificado digital {why}"),
        cure_label=_("Ver qué hacer"),
        cured_by=CuredBy.TRYING,
        advice=_IN_ALEGRA,
        icon="key",
        retry=Retry.MANY,
    ),
    ProblemKind(
        code="not_enabled",
        title=_("La empresa no está habilitada para facturar electrónicamente"),
        sentence=_("La empresa no está habilitada en Alegra para emitir facturas electrónicas"),
        cure_label=_("Ver qué hacer"),
        cured_by=CuredBy.TRYING,
        advice=_IN_ALEGRA,
        icon="key",
        retry=Retry.MANY,
    ),
    ProblemKind(
        code="numbering_exhausted",
        title=_("La numeración se quedó sin números"),
        sentence=_("La numeración «{name}» ya no tiene números autorizados por la DIAN"),
        cure_label=_("Elegir la numeración"),
        cured_by=CuredBy.SETTINGS | CuredBy.ALEGRA,
        advice=_ANOTHER_NUMBERING,
        icon="unlink",
        screen="settings",
        anchors={"": "id_number_template"},
    ),
    ProblemKind(
        code="numbering_expired",
        title=_("La autorización de la numeración venció"),
        sentence=_("La autorización de la DIAN para la numeración «{name}» venció"),
        cure_label=_("Elegir la numeración"),
        cured_by=CuredBy.SETTINGS | CuredBy.ALEGRA,
        advice=_ANOTHER_NUMBERING,
        icon="unlink",
        screen="settings",
        anchors={"": "id_number_template"},
    ),
    ProblemKind(
        code="numbering_not_electronic",
        title=_("La numeración no es de factura electrónica"),
        sentence=_("La numeración «{name}» no es de factura electrónica"),
        cure_label=_("Elegir la numeración"),
        cured_by=CuredBy.SETTINGS | CuredBy.ALEGRA,
        advice=_(
            "Elige una electrónica: las facturas se emiten con ella, con la fecha de ese día."
        ),
        icon="unlink",
        screen="settings",
        anchors={"": "id_number_template"},
    ),
    ProblemKind(
        code="numbering_manual",
        title=_("La numeración se escribe a mano"),
        sentence=_("A la numeración «{name}» se le escribe el número a mano en Alegra"),
        cure_label=_("Elegir la numeración"),
        cured_by=CuredBy.SETTINGS | CuredBy.ALEGRA,
        advice=_(
            "Ponla automática en Alegra, o elige otra en la configuración: las facturas se emiten "
            "solas, con la fecha de ese día. Nunca escribimos un número por nuestra cuenta."
        ),
        icon="unlink",
        screen="settings",
        anchors={"": "id_number_template"},
    ),
    ProblemKind(
        code="numbering_refused",
        title=_("Alegra no pudo numerar la factura"),
        sentence=_("Alegra no pudo tomar un número de «{name}»: {why}"),
        cure_label=_("Elegir la numeración"),
        cured_by=CuredBy.SETTINGS | CuredBy.PERSON,
        advice=_(
            "Corrige la numeración en Alegra y reintenta, o elige otra en la configuración. La "
            "factura sigue como borrador; no se hace otra."
        ),
        icon="unlink",
        retry=Retry.MANY,
        screen="settings",
        anchors={"": "id_number_template"},
    ),
    ProblemKind(
        code="buyer_data_missing",
        title=_("Compradores a los que les falta un dato para emitir"),
        sentence=_("Para emitir la factura del pedido {order} falta {what} del comprador"),
        cure_label=_("Corregir datos"),
        cured_by=CuredBy.CORRECTION | CuredBy.ORDER | CuredBy.PERSON,
        advice=_(
            "Complétalo aquí, o en el contacto en Alegra y reintenta. La factura sigue como "
            "borrador; se emite esa misma."
        ),
        icon="user",
        per_order=True,
        screen="order_correct",
    ),
    ProblemKind(
        code="item_without_unit",
        title=_("Productos de Alegra sin unidad de medida"),
        sentence=_("El producto de Alegra «{item}» no tiene unidad de medida y así no se emite"),
        cure_label=_("Ver el producto"),
        cured_by=CuredBy.ALEGRA,
        advice=_(
            "Ponle la unidad en Alegra: en unos minutos lo notamos y las facturas se emiten solas."
        ),
        icon="box",
        screen="products",
    ),
    ProblemKind(
        code="stock_missing",
        title=_("Sin existencias en Alegra"),
        sentence=_(
            "Sin existencias en Alegra: de «{item}» se piden {asked} y en {warehouse} hay {left}"
        ),
        cure_label=_("Ver qué hacer"),
        cured_by=CuredBy.ALEGRA | CuredBy.PERSON,
        advice=_(
            "Registra en Alegra la compra, un ajuste o un traslado a esa bodega, o permite vender "
            "ese producto en negativo: en unos minutos lo notamos y lo que espera sale solo."
        ),
        icon="box",
        retry=Retry.MANY,
    ),
    ProblemKind(
        code=UNTRANSLATED,
        title=_("Facturas que Alegra no pudo emitir"),
        sentence=_("Alegra no emitió la factura: {message}{code}"),
        cure_label=_("Ver qué hacer"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Son las palabras de Alegra, y aún no sabemos qué las arregla. Mírala en Alegra, "
            "corrige lo que dice y reintenta: se emite ese mismo borrador."
        ),
        icon="x",
        retry=Retry.MANY,
    ),
)
