"""What the screens say of invoices that the engine has brought where they are."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace

import pytest
from django.urls import reverse

from integrations.documents import emission
from integrations.scoping.context import scope
from integrations.timekeeping import clock

DAY = 24 * 3600


@pytest.fixture
def make(build_engine, at, monkeypatch):
    """One order whose invoice the stand-in's DIAN treats so: (engine, order)."""

    def make(*faults, mode="definitive"):
        engine = build_engine(mode=mode)
        # The books live by the frozen clock too.
        in_the_books = SimpleNamespace(now=lambda _zone: at.now())
        monkeypatch.setattr("integrations.simulators.alegra.books.datetime", in_the_books)
        order = engine.order()
        engine.switch(*faults)
        engine.run()
        return engine, order

    return make


@pytest.fixture
def read(cast, login):
    def get(name, *args) -> str:
        url = reverse(name, args=[cast.organization.slug, *args])
        response = login(cast.editor).get(url)
        if response.streaming:
            return b"".join(response.streaming_content).decode().removeprefix("\ufeff")
        return response.content.decode().replace("\xa0", " ")

    return get


@pytest.fixture
def told(read):
    """Of an order: (word in the list, *Documento* and *Ante la DIAN* of the file, its note)."""

    def told(order) -> tuple[str, str, str, str]:
        row = read("history").split("<tbody>")[1].split("</tbody>")[0]
        word = row.split("</svg>")[1].split("<")[0]
        [cells] = csv.DictReader(io.StringIO(read("history_export")), delimiter=";")
        note = read("order", order.pk).split('id="t-ahora"')[1].split("</section>")[0]
        return word, cells["Documento"], cells["Ante la DIAN"], note

    return told


@pytest.mark.django_db
def test_a_draft_and_the_invoice_that_becomes_of_it(make, told, read):
    engine, order = make(mode="draft")
    word, made, legal, note = told(order)
    assert (word, made, legal) == ("Borrador en Alegra", "Borrador de factura", "Sin emitir")
    assert "todavía no es una factura" in note
    assert "no lleva pago" in note
    assert "1 borrador por" in read("attention")
    with scope(engine.integration.organization_id):
        assert emission.ask(engine.document(order), by="Ana", now=clock.now())
    assert "Sale para la DIAN en un momento" in told(order)[3]
    engine.run()
    word, made, legal, note = told(order)
    assert made == "Factura aceptada"
    assert "vale ante la DIAN" in note
    attention = read("attention")
    assert "borrador" not in attention.split("<main")[1]
    assert "1 con factura aceptada" in attention


@pytest.mark.django_db
def test_observations_are_told_with_their_code_and_the_cufe_with_them(make, told, read):
    observed = {"code": "FAJ43b", "message": "Nombre informado no corresponde al NIT"}
    engine, order = make({"fault": "stamp_observed", "times": 1, "body": observed})
    document = engine.document(order)
    word, _made, legal, note = told(order)
    assert (word, legal) == ("Aceptada con observaciones", "Aceptada con observaciones")
    assert "FAJ43b" in note
    assert "Nombre informado no corresponde al NIT" in note
    assert f"<dt>CUFE</dt><dd>{document.cufe}</dd>" in read("order", order.pk)


@pytest.mark.django_db
def test_what_the_dian_has_says_since_when_for_days(make, told):
    engine, order = make({"fault": "stamp_pending", "seconds": 5 * DAY})
    since = "Se envió a la DIAN a las 15:00 y todavía no hay respuesta."
    word, made, legal, note = told(order)
    assert (word, made, legal) == ("En la DIAN", "Factura en la DIAN", "En validación")
    assert since in note
    engine.later(3 * DAY)
    assert "Se envió a la DIAN el 20 nov a las 15:00" in told(order)[3]


@pytest.mark.django_db
def test_a_rejected_one_is_no_invoice_and_waits_for_a_person(make, told, read):
    _engine, order = make({"fault": "stamp_rejected", "times": 1})
    word, made, legal, note = told(order)
    assert (word, made, legal) == ("Rechazada por la DIAN", "Factura rechazada", "Rechazada")
    assert "No vale como factura y no lleva pago." in note
    assert "La DIAN rechazó la factura del pedido" in note
    attention = read("attention")
    assert "1 causa detiene" in attention
    assert "1 pedido por" in attention


@pytest.mark.django_db
def test_a_refusal_before_the_dian_leaves_a_draft_that_is_called_so(make, told):
    _engine, order = make({"fault": "stamp_refused", "times": 1})
    word, made, legal, _note = told(order)
    assert (word, made, legal) == ("Por atender", "Borrador de factura", "Sin emitir")
