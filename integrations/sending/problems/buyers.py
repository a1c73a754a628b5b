"""Who the buyer is in Alegra: another person, a company, or nobody that can be told."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.sending.problems.kind import CuredBy, ProblemKind

# Answered on the order's page by *Es el mismo comprador*.
SAME_BUYER = frozenset({"client_differs"})

KINDS = (
    ProblemKind(
        code="client_differs",
        title=_("Documentos que en Alegra quedaron a nombre de otro"),
        sentence=_("La {noun} del pedido {order} quedó en Alegra a nombre de otro comprador"),
        cure_label=_("Revisar el documento"),
        cured_by=CuredBy.PERSON,
        advice=_(
            "Cámbiale el cliente en Alegra y reintenta: la leemos otra vez. Si es la misma "
            "persona con otro número, di que es el mismo comprador."
        ),
        icon="user",
        per_order=True,
    ),
)
