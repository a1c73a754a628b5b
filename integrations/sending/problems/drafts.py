"""What people do in Alegra with what was made there: found when it is read again."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.sending.problems.kind import CuredBy, ProblemKind, Retry

KINDS = (
    ProblemKind(
        code="edited_in_alegra",
        title=_("Borradores cambiados en Alegra"),
        happened=_("Una persona cambió el borrador en Alegra"),
        sentence=_("El borrador del pedido {order} se cambió en Alegra: {difference}"),
        cure_label=_("Comparar y decidir"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Lo que una persona cambió no se toca. Si está bien, di «Está bien así»; si no, "
            "devuélvelo en Alegra como estaba y deja de avisar solo."
        ),
        icon="pencil",
        tone="ask",
        retry=Retry.NO,
        per_order=True,
        blocks=False,
    ),
    ProblemKind(
        code="emitted_otherwise",
        title=_("Facturas que se emitieron distintas de como se hicieron"),
        happened=_("Se emitió en Alegra con otro total o a otro cliente"),
        sentence=_("La factura del pedido {order} se emitió en Alegra distinta: {difference}"),
        cure_label=_("Comparar y decidir"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Ya está emitida y no se puede cambiar. Si está bien, di «Está bien así»; si no, haz "
            "su nota crédito en Alegra y luego dilo con el número de la nota."
        ),
        icon="scale",
        tone="ask",
        retry=Retry.NO,
        per_order=True,
        blocks=False,
    ),
    ProblemKind(
        code="open_unstamped",
        title=_("Facturas abiertas que nunca fueron a la DIAN"),
        happened=_("Quedó abierta en Alegra sin emitirse a la DIAN"),
        sentence=_(
            "La factura {number} del pedido {order} está abierta en Alegra y nunca fue a la DIAN: "
            "no es válida"
        ),
        cure_label=_("Ver el pedido"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Emítela a la DIAN con «Emitir…», o en Alegra: cuando lo leamos, deja de avisar sola. "
            "Si debe quedarse así, di «Está bien así» con la razón."
        ),
        icon="warn",
        retry=Retry.NO,
        per_order=True,
        blocks=False,
    ),
    ProblemKind(
        code="copied_in_alegra",
        title=_("Documentos que están dos veces en Alegra"),
        happened=_("En Alegra hay una copia suya"),
        sentence=_("Del documento del pedido {order} hay una copia en Alegra: id {ids}"),
        cure_label=_("Ver el pedido"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "El nuestro es el del pedido. Si la copia sobra, bórrala o anúlala en Alegra y deja de "
            "avisar sola; si es otra venta, di «Está bien así»."
        ),
        icon="copy",
        tone="ask",
        retry=Retry.NO,
        per_order=True,
        blocks=False,
    ),
    ProblemKind(
        code="voided",
        title=_("Lo que se anuló en Alegra"),
        sentence=_("Se anuló en Alegra {called} del pedido {order}"),
        cure_label=_("Decidir"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Alguien lo anuló allá. Decide si se crea otro, si ya tiene otro "
            "documento o si no se factura. Lo que la DIAN ya aceptó sólo se deshace con una nota "
            "crédito. Si lo vuelves a abrir en Alegra, sigue solo."
        ),
        icon="trash",
        per_order=True,
    ),
)
