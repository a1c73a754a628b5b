"""What keeps the payment of an issued invoice from being registered.

The account, the plan and the permission have kinds of their own, which documents share.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.sending.problems.kind import CuredBy, ProblemKind, Retry

# What Alegra answered of a payment, where nothing that was read there explains it.
REFUSED = "payment_refused"

KINDS = (
    ProblemKind(
        code=REFUSED,
        title=_("Pagos que Alegra no aceptó"),
        sentence=_("Alegra no aceptó el pago de la factura: {message}"),
        cure_label=_("Ver el motivo"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "La factura queda como está. Arregla en Alegra o en la configuración lo que dice y "
            "reintenta; o di que el pago ya se registró."
        ),
        icon="x",
        retry=Retry.MANY,
    ),
    ProblemKind(
        code="payment_off",
        title=_("Pagos que esperaban cuando «Registrar el pago» pasó a «Nunca»"),
        sentence=_("«Registrar el pago» está en «Nunca» y había pagos por registrar"),
        cure_label=_("Ver la configuración"),
        cured_by=CuredBy.SETTINGS | CuredBy.PERSON,
        advice=_(
            "Ponlo otra vez en «Al emitir» y estos pagos se registran solos; o di en cada pedido "
            "que no se registra."
        ),
        icon="pause",
        tone="ask",
        retry=Retry.NO,
        screen="settings",
        anchors={"": "id_register_payment"},
    ),
    ProblemKind(
        code="payment_reversed",
        title=_("Pagos por registrar de pedidos que dejaron de ser una venta"),
        sentence=_("El pedido {order} {happened} antes de que se registrara el pago de su factura"),
        cure_label=_("Decidir"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Ningún pago se registró. Si la plata sí llegó, di que se registre; si "
            "no, que no se registre."
        ),
        icon="hand",
        tone="ask",
        per_order=True,
    ),
    ProblemKind(
        code="payment_by_hand",
        title=_("Facturas que alguien ya pagó en Alegra"),
        sentence=_(
            "La factura {invoice} del pedido {order} ya está pagada en Alegra, y no desde aquí"
        ),
        cure_label=_("Decidir"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Desde aquí no se registró nada. Si ese pago es el de este pedido, di que está bien "
            "así; si no lo es, anúlalo en Alegra y reintenta."
        ),
        icon="card",
        tone="ask",
        per_order=True,
    ),
    ProblemKind(
        code="payment_partly",
        title=_("Facturas pagadas en parte"),
        sentence=_(
            "La factura {invoice} del pedido {order} ya tiene {paid} pagados o abonados en Alegra "
            "y debe {balance}"
        ),
        cure_label=_("Decidir"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Desde aquí no se registró nada. Di si se registra lo que falta o si está bien así."
        ),
        icon="card",
        tone="ask",
        per_order=True,
    ),
    ProblemKind(
        code="payment_invoice_differs",
        title=_("Facturas que se emitieron distintas, sin su pago"),
        sentence=_("La factura {invoice} del pedido {order} se emitió {how}"),
        cure_label=_("Decidir"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "El pago no se registró. Si la factura está bien como quedó, di que se registre lo "
            "que ella debe; si no, corrígela en Alegra con una nota crédito."
        ),
        icon="scale",
        tone="ask",
        per_order=True,
    ),
    ProblemKind(
        code="payment_invoice_not_open",
        title=_("Facturas que no reciben pagos"),
        sentence=_("La factura {invoice} del pedido {order} {how}: así no recibe pagos"),
        cure_label=_("Decidir"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "El pago no se registró. Si la factura vuelve a estar abierta en Alegra, reintenta; "
            "si no, di que el pago no se registra."
        ),
        icon="search",
        per_order=True,
    ),
    ProblemKind(
        code="payment_period_closed",
        title=_("Pagos de un período cerrado en Alegra"),
        sentence=_("Alegra tiene cerrado el período del {day} y no recibe pagos de esa fecha"),
        cure_label=_("Poner «Libros cerrados hasta»"),
        cured_by=CuredBy.SETTINGS | CuredBy.PERSON,
        advice=_(
            "No se registró nada. Escribe en «Libros cerrados hasta» la fecha de cierre de "
            "Alegra: el pago toma el primer día abierto y sale solo. O abre el período en Alegra "
            "y reintenta."
        ),
        icon="pause",
        retry=Retry.MANY,
        screen="settings",
        anchors={"": "t-libros"},
    ),
    ProblemKind(
        code="payment_differs",
        title=_("Pagos que en Alegra quedaron distintos"),
        sentence=_("El pago del pedido {order} quedó distinto en Alegra: {what}"),
        cure_label=_("Revisar el pago"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Lo que hay en Alegra no se toca desde aquí. Corrígelo allá y reintenta para leerlo "
            "otra vez; o di que está bien así."
        ),
        icon="scale",
        per_order=True,
    ),
    ProblemKind(
        code="payment_rest",
        title=_("Plata recibida antes, sin registrar en la factura"),
        sentence=_(
            "De la factura {invoice} del pedido {order} falta registrar {rest} que se recibieron "
            "antes ({label})"
        ),
        cure_label=_("Decidir"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "No sabemos a qué cuenta entró esa parte: regístrala en Alegra y reintenta para "
            "leerlo, o di que está bien así."
        ),
        icon="card",
        tone="ask",
        per_order=True,
    ),
)
