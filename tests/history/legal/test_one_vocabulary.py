"""A draft is not an invoice: each document is called what it is, wherever it is shown."""

from __future__ import annotations

import pytest

from integrations.attention.month import month_in_words
from integrations.documents.buckets import BUCKETS, COLUMNS, bucket_by, bucket_of
from integrations.documents.models import Document
from integrations.scoping.context import scope
from tests.history.factories import NOW
from tests.history.legal.cases import ACCEPTED, CASES, CUFE

pytestmark = pytest.mark.django_db

each_case = pytest.mark.parametrize("name", CASES)


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


def test_the_list_calls_each_what_it_is(make, read):
    numbers = {name: make(name).number for name in CASES}
    rows = read("history").split("<tbody>")[1].split("</tbody>")[0].split("</tr>")
    for name, number in numbers.items():
        [row] = [each for each in rows if number in each]
        shown = CASES[name]
        assert f"</svg>{shown.word}</span>" in row, name
        assert f'class="doc">{shown.document} <small>' in row, name
        assert ("Aceptada" in row) == (name in ACCEPTED), name


def test_each_bucket_is_a_filter_whose_address_stays(make, in_file):
    numbers = {make(name).number: name for name in CASES}
    found = {(numbers[row["Pedido"]], code) for code in BUCKETS for row in in_file(estado=code)}
    assert found == {(name, shown.bucket) for name, shown in CASES.items()}


def test_the_file_counts_no_draft_as_an_invoice(make, in_file):
    numbers = {make(name).number: name for name in CASES}
    rows = in_file()
    assert len(rows) == len(CASES)
    for row in rows:
        expected = expected_in_file(numbers[row["Pedido"]])
        assert {column: row[column] for column in expected} == expected, row["Pedido"]


def expected_in_file(name) -> dict[str, str]:
    shown = CASES[name]
    unpaid = {
        "borrador": "Un borrador no lleva pago",
        "rechazada": "Una factura que la DIAN rechazó no lleva pago",
    }
    words = shown.fields.get("legal_words", [])
    when = {"En validación": "2026-11-20 10:31", "Rechazada": "2026-11-21 10:31"}
    if shown.legal.startswith("Aceptada"):
        when[shown.legal] = "2026-11-20 10:31"
    return {
        "Documento": shown.made,
        "Ante la DIAN": shown.legal,
        "CUFE": CUFE if name in ACCEPTED else "",
        "Pago en Alegra": unpaid.get(shown.bucket, ""),
        "Dijo la DIAN": " | ".join(f"{each['code']}: {each['message']}" for each in words),
        "Desde": when.get(shown.legal, ""),
    }


@each_case
def test_the_page_says_what_it_is_worth(make, read, name):
    body = read("order", make(name).pk).split("<main")[1].split("Paso a paso")[0]
    shown = CASES[name]
    for sentence in shown.page:
        assert sentence in body.replace("&quot;", '"')
    assert (f"<dt>Ante la DIAN</dt><dd>{shown.legal}</dd>" in body) == bool(shown.legal)
    assert (f"<dt>CUFE</dt><dd>{CUFE}</dd>" in body) == (name in ACCEPTED)
    assert ("vale ante la DIAN" in body) == (name in ACCEPTED)
    is_a_draft = "Borrador" in shown.made
    assert ("borrador de factura</h2>" in body) == is_a_draft


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
