"""Who the buyer is in Alegra: another person, a company, or nobody that can be told."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.sending.problems.kind import CuredBy, ProblemKind

_ASKED = _(
    "Míralo en Alegra. Si es el mismo comprador, dilo y el pedido sale; si el número del pedido "
    "está mal, corrige los datos; si lo arreglaste en Alegra, reintenta."
)
# Answered on the order's page by *Es el mismo comprador*.
SAME_BUYER = frozenset({"client_differs", "contact_other_kind", "contact_other_name"})

KINDS = (
    ProblemKind(
        code="client_differs",
        title=_("Documentos que en Alegra quedaron a nombre de otro"),
        sentence=_("La {noun} del pedido {order} quedó en Alegra a nombre de otro comprador"),
        cure_label=_("Revisar el documento"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Cámbiale el cliente en Alegra y reintenta: la leemos otra vez. Si es el "
            "mismo comprador con otro número o con otro nombre, dilo."
        ),
        icon="user",
        per_order=True,
    ),
    ProblemKind(
        code="contact_other_kind",
        title=_("Compradores que en Alegra son una empresa, o al revés"),
        sentence=_(
            "En Alegra el número del comprador del pedido {order} es de {theirs}, y el pedido es "
            "de {ours}"
        ),
        cure_label=_("Decidir"),
        cured_by=CuredBy.PERSON | CuredBy.CORRECTION | CuredBy.ORDER,
        advice=_ASKED,
        icon="user",
        tone="ask",
        per_order=True,
    ),
    ProblemKind(
        code="contact_other_name",
        title=_("Compradores que en Alegra tienen otro nombre"),
        sentence=_(
            "En Alegra el número del comprador del pedido {order} está a nombre de otra persona"
        ),
        cure_label=_("Decidir"),
        cured_by=CuredBy.PERSON | CuredBy.CORRECTION | CuredBy.ORDER,
        advice=_ASKED,
        icon="user",
        tone="ask",
        per_order=True,
    ),
)
