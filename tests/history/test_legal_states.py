"""A draft is not an invoice: each document is called what it is, wherever it is shown."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.urls import reverse

from integrations.attention.month import month_in_words
from integrations.documents.buckets import BUCKETS, COLUMNS, bucket_by, bucket_of
from integrations.documents.models import Document
from integrations.scoping.context import scope
from integrations.sending.states import State
from integrations.timekeeping import clock
from tests import cast as casting
from tests.history.factories import NOW, make_document, make_order, make_problem

pytestmark = pytest.mark.django_db
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
each_case = pytest.mark.parametrize("name", CASES)


@pytest.fixture(autouse=True)
def _half_past_ten():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def shop(cast):
    return casting.make_integration(cast.organization, activated_at=NOW - timedelta(days=9))


@pytest.fixture
def make(shop):
    ids = itertools.count(41)

    def make(name):
        shown, order = CASES[name], make_order(shop)
        if shown.state is not None:
            fields = dict(shown.fields)
            if "alegra_id" in fields:
                fields["alegra_id"] = str(next(ids))
            make_document(order, shown.state, **fields)
        if shown.state == State.BLOCKED:
            make_problem(order, "cod_disabled")
        return order

    return make


@pytest.fixture
def read(cast, login):
    def get(name, *args, role="editor", **query) -> str:
        url = reverse(name, args=[cast.organization.slug, *args])
        response = login(cast.member(role)).get(url, query)
        assert response.status_code == 200
        if response.streaming:
            return b"".join(response.streaming_content).decode()
        return response.content.decode().replace("\xa0", " ")

    return get


def in_file(read, **query) -> list[dict[str, str]]:
    text = read("history_export", **query).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


# --- One vocabulary ------------------------------------------------------------------------
@each_case
def test_each_is_in_one_bucket_whichever_way_it_is_asked(make, name):
    order = make(name)
    with scope(order.organization_id):
        assert bucket_of(order.document).code == CASES[name].bucket
        columns = [getattr(order.document, each, None) for each in COLUMNS]
        assert bucket_by(*columns).code == CASES[name].bucket
        if order.document is not None:
            found = [
                code for code, each in BUCKETS.items() if Document.objects.filter(each.among())
            ]
            assert found == [CASES[name].bucket]


@each_case
def test_the_list_calls_it_what_it_is(make, read, name):
    make(name)
    row = read("history").split("<tbody>")[1].split("</tbody>")[0]
    shown = CASES[name]
    assert f"</svg>{shown.word}</span>" in row
    assert f'class="doc">{shown.document} <small>' in row
    assert ("Aceptada" in row) == (name in ACCEPTED)


@each_case
def test_its_bucket_is_a_filter_whose_address_stays(make, read, name):
    make(name)
    found = [code for code in BUCKETS if in_file(read, estado=code)]
    assert found == [CASES[name].bucket]


@each_case
def test_the_file_counts_no_draft_as_an_invoice(make, read, name):
    make(name)
    row, shown = in_file(read)[0], CASES[name]
    assert (row["Documento"], row["Ante la DIAN"]) == (shown.made, shown.legal)
    assert row["CUFE"] == (CUFE if name in ACCEPTED else "")
    unpaid = {
        "borrador": "Un borrador no lleva pago",
        "rechazada": "Una factura que la DIAN rechazó no lleva pago",
    }
    assert row["Pago en Alegra"] == unpaid.get(shown.bucket, "")
    words = shown.fields.get("legal_words", [])
    assert row["Dijo la DIAN"] == " | ".join(f"{each['code']}: {each['message']}" for each in words)
    when = {"En validación": "2026-11-20 10:31", "Rechazada": "2026-11-21 10:31"}
    if shown.legal.startswith("Aceptada"):
        when[shown.legal] = "2026-11-20 10:31"
    assert row["Desde"] == when.get(shown.legal, "")


@each_case
def test_the_page_says_what_it_is_worth(make, read, name):
    body = read("order", make(name).pk).split("<main")[1].split("Paso a paso")[0]
    shown = CASES[name]
    for sentence in shown.page:
        assert sentence in body.replace("&quot;", '"')
    assert (f"<dt>Ante la DIAN</dt><dd>{shown.legal}</dd>" in body) == bool(shown.legal)
    assert (f"<dt>CUFE</dt><dd>{CUFE}</dd>" in body) == (name in ACCEPTED)
    assert ("vale ante la DIAN" in body) == (name in ACCEPTED)
    assert ("borrador de factura</h2>" in body) == (shown.bucket == "borrador")


@each_case
def test_the_month_counts_it_as_what_it_is(make, shop, name):
    make(name)
    with scope(shop.organization_id):
        assert month_in_words(NOW) == f"Este mes llegó 1 pedido: {CASES[name].month}."


@each_case
def test_the_card_of_its_integration_counts_it_as_what_it_is(make, read, shop, name):
    make(name)
    body, shown = read("integrations", role="owner"), CASES[name]
    assert f"<dt>Hoy</dt><dd>{shown.today or 'ningún documento'}</dd>" in body
    for label, bucket, text in (
        ("Por emitir", "borrador", "1 borrador"),
        ("Rechazadas", "rechazada", "1 rechazada"),
    ):
        link = f"?integracion={shop.pk}&amp;estado={bucket}"
        fact = f"<dt>{label}</dt>"
        assert (fact in body) == (shown.bucket == bucket)
        assert (f'{link}">{text}</a>' in body) == (shown.bucket == bucket)


@each_case
def test_no_document_but_an_accepted_one_makes_a_quiet_day(make, read, name):
    make(name)
    body = read("attention")
    assert ("borrador por" in body) == (CASES[name].bucket == "borrador")
    link = 'historial/?estado=borrador"><b>1 borrador</b></a>'
    assert (link in body) == (CASES[name].bucket == "borrador")
    assert "todo al día" not in body.lower()
    quiet = "Nada por atender: ninguna causa detiene pedidos." in body
    assert quiet == (CASES[name].bucket not in ("borrador", "por-atender", "rechazada"))


def test_the_drafts_say_how_much_how_old_and_which_are_not_to_be_emitted(make, shop, read):
    old = make_order(shop, total=1_000_000)
    fields = {**DRAFT, "alegra_id": "1"}
    make_document(old, State.CREATED, **fields, state_since=NOW - timedelta(days=3))
    make("draft to be emitted")
    back = make("draft")
    make_problem(
        back, "reversed_after", back.key,
        {"order": back.number, "order_id": back.pk, "status": "returned"},
    )  # fmt: skip
    body = read("attention")
    panel = body.split('id="t-borradores"')[1].split("</article>")[0]
    for said in (
        "<b>3 borradores</b>", "$ 1.349.800", "18 nov 10:31", "1 sale solo para la DIAN.",
        "1 no se debe emitir así",
    ):  # fmt: skip
        assert said in panel
    numbers = Counter(row["Documento"] for row in in_file(read, estado="borrador"))
    assert numbers == {"Borrador de factura": 3}


@pytest.mark.parametrize(
    ("state", "says"),
    [("off", "Se emite sola cuando termine la pausa."), ("on", "Sale para la DIAN en un momento")],
)
def test_a_draft_to_be_emitted_says_what_holds_it(cast, read, state, says):
    shop = casting.make_integration(cast.organization, state=state)
    order = make_order(shop)
    make_document(order, State.CREATED, **DRAFT, emit_since=NOW)
    assert says in read("order", order.pk)
    row = read("history").split("<tbody>")[1]
    assert ("La integración está apagada." in row) == (state == "off")
    attention = read("attention")
    assert ("1 pedido espera por $ 174.900" in attention) == (state == "off")


def test_a_draft_to_be_emitted_that_failed_says_when_it_is_tried_again(shop, read):
    order = make_order(shop)
    make_document(
        order, State.CREATED, **DRAFT, emit_since=NOW, failures=1,
        next_attempt_at=NOW + timedelta(minutes=15),
    )  # fmt: skip
    assert "La emisión se intenta otra vez a las 10:46" in read("order", order.pk)
    assert "la emisión se intenta otra vez 10:46" in read("history")


# --- Rejected: the only document of its order, and a person is needed -------------------------
def test_a_rejected_invoice_is_attended_with_its_problem_and_is_no_other_document(make, read):
    order = make("rejected")
    make_problem(order, "internal")
    page = read("order", order.pk)
    note = page.split('id="t-ahora"')[1].split("</section>")[0]
    assert note.startswith(">Rechazada por la DIAN<")
    assert "Algo falló de nuestro lado" in note
    row = read("history").split("<tbody>")[1]
    assert "</svg>Rechazada por la DIAN</span>\n<small>Algo falló" in row
    attention = read("attention")
    assert "1 causa detiene" in attention
    assert '<em>1 pedido por <span class="num">$ 174.900</span></em>' in attention
    # The rail counts it too.
    assert "Por atender" in page
    assert 'class="count">1<' in page.replace(" num", "")


# --- The document in full ------------------------------------------------------------------
@pytest.mark.parametrize("name", ["draft", "accepted", "rejected"])
def test_the_document_in_full_is_called_what_it_is(make, read, name):
    order = make(name)
    assert ("El borrador de factura que se envió" in read("order_document", order.pk)) == (
        name == "draft"
    )


def test_a_rejected_one_that_is_sent_again_no_longer_says_what_it_was_refused_for(shop, read):
    refused = {**DRAFT, "alegra_status": "open", "legal_words": REFUSED, "cufe": CUFE}
    order = make_order(shop)
    make_document(order, State.CREATED, **refused, emit_since=NOW)
    body = read("order", order.pk)
    assert "Sale para la DIAN en un momento" in body
    again = make_order(shop)
    make_document(again, State.EMITTING, **{**refused, "alegra_id": "42"}, stamp_sent_at=NOW)
    for text in (body, read("order", again.pk), read("history_export")):
        assert "FAD06" not in text
        assert CUFE not in text


def test_a_draft_that_was_deleted_has_no_page_there_and_no_word_of_the_dian(shop, read):
    there, gone = make_order(shop), make_order(shop)
    make_document(there, State.CREATED, **{**DRAFT, "alegra_id": "71", "last_read_at": NOW})
    columns = {**DRAFT, "alegra_id": "72", "alegra_status": "", "last_read_at": NOW}
    make_document(gone, State.WITHDRAWN, reason="draft_deleted", **columns)
    assert "/invoice/view/id/71" in read("order", there.pk)
    page = read("order", gone.pk)
    assert "/invoice/view/id/72" not in page
    assert "Por comprobar" not in page
    assert "Ante la DIAN" not in page
