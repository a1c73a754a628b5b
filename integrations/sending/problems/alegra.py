"""What Alegra refused, answered differently, or has beside what is to be made."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.sending.problems.kind import CuredBy, ProblemKind, Retry

_ASK_FOR_IT = _(
    "Pídele a quien administra Alegra que lo arregle allá. Probamos con un pedido cada 2 minutos "
    "la primera hora y después cada 15; cuando Alegra lo reciba, los demás salen solos."
)
_TRIED_BY_US = _("Lo intentamos otra vez cada hora, seis veces; también puedes reintentar.")

KINDS = (
    ProblemKind(
        code="rejected",
        title=_("Alegra no lo aceptó"),
        sentence=_("Alegra no lo aceptó: {message}"),
        cure_label=_("Ver el motivo"),
        cured_by=CuredBy.PERSON,
        advice=_("Arregla en Alegra o en la configuración lo que dice y reintenta."),
        icon="x",
        retry=Retry.MANY,
    ),
    ProblemKind(
        code="plan",
        title=_("El plan de Alegra no lo permite"),
        sentence=_("El plan o la suscripción de Alegra no permite {action}"),
        cure_label=_("Ver qué hacer"),
        cured_by=CuredBy.TRYING,
        advice=_ASK_FOR_IT,
        icon="key",
        retry=Retry.MANY,
    ),
    ProblemKind(
        code="forbidden",
        title=_("Al usuario de Alegra le falta un permiso"),
        sentence=_("El usuario de Alegra no tiene permiso para {action}"),
        cure_label=_("Ver qué hacer"),
        cured_by=CuredBy.TRYING,
        advice=_ASK_FOR_IT,
        icon="key",
        retry=Retry.MANY,
    ),
    ProblemKind(
        code="limit",
        title=_("Alegra no recibe más por ahora"),
        sentence=_("Alegra no deja {action} por ahora"),
        cure_label=_("Ver qué hacer"),
        cured_by=CuredBy.TRYING,
        advice=_ASK_FOR_IT,
        icon="pause",
        retry=Retry.MANY,
    ),
    ProblemKind(
        code="total_differs",
        title=_("Documentos que en Alegra quedaron distintos"),
        sentence=_("El pedido {order} vale {expected} y en Alegra quedó en {found}: {what}"),
        cure_label=_("Revisar el documento"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Corrígelo en Alegra y reintenta para leerlo otra vez. Un borrador también se puede "
            "borrar y crear de nuevo desde el pedido; o di que ya tiene documento, o que no se "
            "factura."
        ),
        icon="scale",
        per_order=True,
    ),
    ProblemKind(
        code="warehouse_not_kept",
        title=_("Documentos con otra bodega que la enviada"),
        sentence=_("Alegra no guardó la bodega «{sent}» que le enviamos"),
        cure_label=_("Responder la pregunta"),
        cured_by=CuredBy.SETTINGS,
        advice=_("El documento está en Alegra. Al responder, vale para todos."),
        icon="box",
        tone="ask",
        asks="warehouse_not_kept",
        retry=Retry.NO,
        screen="settings",
        anchors={"": "t-preg"},
    ),
    ProblemKind(
        code="look_alike",
        title=_("Lo que en Alegra es igual y no salió de aquí"),
        sentence=_(
            "En Alegra ya está {name}: no salió de aquí y es igual a {called} del pedido {order}"
        ),
        cure_label=_("Decidir cuál es"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Si es lo mismo, di que ya está hecho. Si no lo es, dilo: el pedido "
            "sale y no volvemos a preguntar por él."
        ),
        retry_label=_("No es el de este pedido"),
        icon="search",
        tone="ask",
        per_order=True,
    ),
    ProblemKind(
        code="two_found",
        title=_("Lo que está dos veces en Alegra"),
        sentence=_("En Alegra está dos veces {called} del pedido {order}"),
        cure_label=_("Elegir el bueno"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Con «Elegir el bueno» los ves como están en Alegra y dices cuál es. Un borrador de "
            "más se puede borrar desde ahí; lo demás, en Alegra."
        ),
        icon="copy",
        tone="ask",
        retry=Retry.NO,
        per_order=True,
    ),
    ProblemKind(
        code="gone",
        title=_("Lo que se borró en Alegra"),
        sentence=_("Se borró en Alegra {called} del pedido {order}"),
        cure_label=_("Decidir"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Alguien lo borró allá. Decide si se hace otra vez, si ya lo hiciste tú o si no hace "
            "falta. Reintentar solo vuelve a leerlo: nunca crea otro."
        ),
        icon="search",
        per_order=True,
    ),
    ProblemKind(
        code="unconfirmed_too_long",
        title=_("Envíos que no aparecen en Alegra"),
        sentence=_("Llevamos un día buscando en Alegra {called} del pedido {order}"),
        cure_label=_("Revisar el pedido"),
        cured_by=CuredBy.PERSON,
        advice=_("Búscalo en Alegra: si está, di que ya está hecho; si no está, reintenta."),
        icon="search",
        per_order=True,
    ),
    ProblemKind(
        code="gave_up",
        title=_("Alegra no respondió durante tres días"),
        sentence=_("Alegra no respondió durante tres días y el pedido {order} sigue esperando"),
        cure_label=_("Reintentar"),
        cured_by=CuredBy.PERSON,
        advice=_("Reintenta cuando Alegra vuelva a responder."),
        icon="retry",
        per_order=True,
    ),
    ProblemKind(
        code="poison",
        title=_("Envíos que fallaron de nuestro lado"),
        sentence=_("Algo falló de nuestro lado al enviar el pedido {order}; ya lo estamos viendo"),
        cure_label=_("Ver el pedido"),
        cured_by=CuredBy.PERSON,
        advice=_TRIED_BY_US,
        per_order=True,
    ),
    ProblemKind(
        code="internal",
        title=_("Algo falló de nuestro lado"),
        sentence=_("Algo falló de nuestro lado; ya lo estamos viendo"),
        cure_label=_("Ver el pedido"),
        cured_by=CuredBy.PERSON,
        advice=_TRIED_BY_US,
        retry=Retry.MANY,
    ),
)
