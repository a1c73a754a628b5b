"""Each document as a draft, at the DIAN or accepted, and what the screens call it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from integrations.sending.states import State
from tests.history.factories import NOW

YESTERDAY = NOW - timedelta(days=1)
CUFE = "cufe" * 24
OBSERVED = [{"code": "FAJ43b", "message": "Nombre informado no corresponde al NIT"}]
REFUSED = [{"code": "FAD06", "message": "Documento con CUFE repetido"}]


@dataclass(frozen=True)
class Shown:
    """What each screen says of it. `made` is the file's *Documento*, `legal` its *Ante la DIAN*."""

    state: State | None
    bucket: str
    word: str
    document: str
    made: str = ""
    legal: str = ""
    page: tuple[str, ...] = ()
    month: str = ""
    today: str = ""
    fields: dict = field(default_factory=dict)


DRAFT = {"alegra_id": "41", "alegra_status": "draft", "doc_date": NOW.date()}
EMITTED = {
    "alegra_id": "41",
    "alegra_status": "open",
    "number": "FEHA 4318",
    "cufe": CUFE,
    "doc_date": NOW.date(),
}
DRAFT_SAYS = (
    "Es un borrador en Alegra: todavía no es una factura. Hasta que se emita no va a la DIAN, no "
    "baja existencias y no lleva pago."
)
CASES = {
    "waiting": Shown(None, "en-espera", "En espera", "Aún no", month="1 en espera"),
    "queued": Shown(State.PENDING, "en-cola", "En cola", "Aún no", month="1 en camino"),
    "draft": Shown(
        State.CREATED, "borrador", "Borrador en Alegra", "Borrador de factura",
        made="Borrador de factura", legal="Sin emitir",
        page=(DRAFT_SAYS, "Emítela aquí o en Alegra cuando quieras."),
        month="1 con borrador por emitir", today="1 borrador", fields=DRAFT,
    ),
    "draft with a number": Shown(
        State.CREATED, "borrador", "Borrador en Alegra", "Borrador FEHA 4318",
        made="Borrador de factura", legal="Sin emitir", page=(DRAFT_SAYS,),
        month="1 con borrador por emitir", today="1 borrador",
        fields={**DRAFT, "number": "FEHA 4318"},
    ),
    "draft to be emitted": Shown(
        State.CREATED, "borrador", "Borrador en Alegra", "Borrador de factura",
        made="Borrador de factura", legal="Sin emitir",
        page=(DRAFT_SAYS, "Sale para la DIAN en un momento"),
        month="1 con borrador por emitir", today="1 borrador",
        fields={**DRAFT, "emit_since": NOW},
    ),
    "emitted there": Shown(
        State.CREATED, "emitida", "Factura emitida", "FEHA 4318", made="Factura emitida",
        legal="Emitida en Alegra, sin respuesta conocida",
        page=("Todavía no sabemos si la DIAN la aceptó.",),
        month="1 con factura emitida que la DIAN no ha aceptado", today="1 emitida sin aceptar",
        fields=EMITTED,
    ),
    "open there": Shown(
        State.CREATED, "abierta", "Abierta sin emitir", "FEHA 4318",
        made="Factura abierta sin emitir", legal="Sin emitir", page=("nunca fue a la DIAN",),
        month="1 con factura abierta sin emitir", today="1 abierta sin emitir",
        fields={**EMITTED, "legal_state": "unstamped"},
    ),
    "at the DIAN": Shown(
        State.EMITTING, "en-la-dian", "En la DIAN", "Factura en la DIAN",
        made="Factura en la DIAN", legal="En validación",
        page=("Se envió a la DIAN el 20 nov a las 10:31 y todavía no hay respuesta.",),
        month="1 en la DIAN", today="1 en la DIAN",
        fields={**DRAFT, "stamp_sent_at": YESTERDAY, "cufe": CUFE},
    ),
    "accepted": Shown(
        State.ISSUED, "aceptada", "Aceptada por la DIAN", "FEHA 4318", made="Factura aceptada",
        legal="Aceptada", page=("La factura FEHA 4318 vale ante la DIAN.",),
        month="1 con factura aceptada", today="1 factura aceptada",
        fields={**EMITTED, "legal_state": "accepted", "issued_at": YESTERDAY},
    ),
    "accepted with observations": Shown(
        State.ISSUED, "aceptada", "Aceptada con observaciones", "FEHA 4318",
        made="Factura aceptada", legal="Aceptada con observaciones",
        page=("Dijo: «FAJ43b: Nombre informado no corresponde al NIT».",),
        month="1 con factura aceptada", today="1 factura aceptada",
        fields={
            **EMITTED, "legal_state": "accepted_obs", "issued_at": YESTERDAY,
            "legal_words": OBSERVED,
        },
    ),
    "accepted and paid": Shown(
        State.ISSUED, "aceptada", "Aceptada por la DIAN", "FEHA 4318", made="Factura aceptada",
        legal="Aceptada", page=("La factura FEHA 4318 vale ante la DIAN.",),
        month="1 con factura aceptada", today="1 factura aceptada",
        fields={
            **EMITTED, "alegra_status": "closed", "legal_state": "accepted",
            "issued_at": YESTERDAY,
        },
    ),
    "rejected": Shown(
        State.REJECTED, "rechazada", "Rechazada por la DIAN", "Factura rechazada",
        made="Factura rechazada", legal="Rechazada",
        page=(
            "La DIAN la rechazó a las 10:31: no vale como factura y no lleva pago.",
            "Dijo: «FAD06: Documento con CUFE repetido».",
        ),
        month="1 que la DIAN rechazó", today="1 rechazada",
        fields={**DRAFT, "legal_state": "rejected", "legal_words": REFUSED, "cufe": CUFE},
    ),
    "draft that a problem holds": Shown(
        State.BLOCKED, "por-atender", "Por atender", "Borrador de factura",
        made="Borrador de factura", legal="Sin emitir", month="1 por atender", fields=DRAFT,
    ),
    "remission": Shown(
        State.CREATED, "remision", "Remisión creada", "Remisión 7", made="Remisión",
        page=("La remisión 7 está en Alegra. No es una factura",),
        month="1 con remisión", today="1 remisión",
        fields={
            "kind": "remission", "alegra_id": "41", "alegra_status": "open", "number": "7",
            "doc_date": NOW.date(),
        },
    ),
    "for approval": Shown(
        State.AWAITING_APPROVAL, "por-aprobar", "Por aprobar", "Aún no", month="1 por aprobar",
        page=("todavía no está en Alegra",), fields={"kind": "remission"},
    ),
    "made elsewhere": Shown(
        State.EXTERNAL, "por-fuera", "Documentado por fuera", "FV-12", made="Hecho por fuera",
        month="1 con documento hecho por fuera", fields={"reason_text": "FV-12"},
    ),
}  # fmt: skip
ACCEPTED = {name for name, shown in CASES.items() if shown.bucket == "aceptada"}
