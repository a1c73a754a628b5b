"""What a refused emission means: its problem, what follows, and what may explain it in Alegra."""

from __future__ import annotations

import pytest

from integrations.alegra import invoices
from integrations.catalog.models import AlegraItem
from integrations.catalog.tasks import read_again_what_orders_wait_for as read_items_again
from integrations.configuration.choices import numbering_label
from integrations.configuration.curing import release_cured
from integrations.configuration.references import refresh_company
from integrations.configuration.tasks import read_again_what_orders_wait_for as read_choices_again
from integrations.connections.clients import alegra_client
from integrations.connections.models import Integration, ReferenceEntry
from integrations.documents import emission_refusals as refusals
from integrations.documents import stock_missing, units_missing
from integrations.documents.emission_refusals import LATER, PERSON, REJECTED, WAIT
from integrations.documents.stock_again import read_what_orders_wait_for as read_stock_again
from integrations.scoping.context import scope
from integrations.sending import causes
from integrations.sending.problem_kinds import KINDS, cure_url, sentence
from integrations.sending.states import State, Why
from integrations.timekeeping import clock
from tests.documents.emitting import short_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def alegra(engine):
    return engine.as_person


@pytest.fixture
def draft(engine):
    """A draft that is in Alegra, and everything inside of the merchant's scope."""
    order = engine.order()
    engine.run()
    with scope(engine.integration.organization_id):
        refresh_company(engine.integration.company, engine.integration.credential)
        engine.at.advance(minutes=1)
        yield engine.document(order)


def stamped(alegra, document):
    """The answer of an emission, and the invoice as it is read afterwards."""
    (told,) = alegra("POST", "/invoices/stamp", {"ids": [document.alegra_id]})["data"]
    return told["message"], invoices.from_row(alegra("GET", f"/invoices/{document.alegra_id}"))


def explained(engine, document, message, found=None):
    with alegra_client(engine.integration.credential) as client:
        return refusals.explained(client, document, code="", message=message, found=found)


def said(found):
    return sentence(found.code, found.params)


def block(document, *found):
    """As whoever emits blocks it."""
    now = clock.now()
    assert document.transition(State.BLOCKED, now=now, why=Why.PROBLEM)
    causes.open_problems(document, found, now=now)


# What follows ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "follows"),
    [
        ("AEP2011: El documento ya fue enviado o está en proceso", WAIT),
        ("El documento está en proceso (aep-2011)", WAIT),
        ("Regla: 90, Rechazo: Documento procesado anteriormente", WAIT),
        ("EPR503: La DIAN no respondió", LATER),
        ("EPR 500 error de la DIAN", LATER),
        ("La DIAN rechazó el documento. Regla: FAK24, Rechazo: DV no corresponde", REJECTED),
        ("La DIAN rechazó el documento.", REJECTED),
        ("FAD09e: otra fecha", REJECTED),
        ("AEP1005: certificado vencido", PERSON),
        ("AEP6009: numeración duplicada", PERSON),
        ("AEP9999: algo nuevo", PERSON),
        ("Algo nuevo sin código", PERSON),
        ("", PERSON),
    ],
)
def test_what_follows_from_a_refusal(message, follows):
    assert refusals.what_follows("400", message) is follows


def test_the_code_may_stand_beside_the_words():
    assert refusals.what_follows("EPR503", "No fue posible emitir") is LATER
    assert refusals.what_follows("AEP2011", "") is WAIT


# Which problem --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "code", "word"),
    [
        ("AEP1001: x", "certificate", "no es válido"),
        ("AEP1003: x", "certificate", "no está cargado"),
        ("AEP1005: x", "certificate", "está vencido"),
        ("AEP6008: x", "not_enabled", "no está habilitada"),
        ("AEP6009: x", "numbering_refused", "ya se usó"),
        ("AEP6011: x", "numbering_refused", "por fuera"),
        ("AEP6012: x", "buyer_data_missing", "el tipo de persona"),
        ("AEP6013: x", "buyer_data_missing", "el tipo de identificación"),
        ("AEP6014: x", "buyer_data_missing", "el nombre"),
        ("AEP6015: x", "buyer_data_missing", "el régimen"),
        ("AEP6016: x", "buyer_data_missing", "el correo"),
        ("AEP6017: x", "buyer_data_missing", "la dirección"),
        ("Tu plan actual no incluye más facturas este mes", "limit", "emitir facturas"),
        ("Algo que nadie conoce. [AEP9999]", "emission_refused", "(código AEP9999)"),
        ("AEP9999: Algo raro", "emission_refused", ": Algo raro (código AEP9999)"),
        ("Algo que nadie conoce", "emission_refused", "Algo que nadie conoce"),
    ],
)
def test_each_code_has_its_problem(draft, message, code, word):
    found = refusals.problem_of(draft, message=message)
    assert found.code == code
    assert word in said(found)
    assert KINDS[code].advice


def test_an_unknown_code_shows_alegras_own_words_without_the_buyers_data(draft):
    found = refusals.problem_of(
        draft, code="4711", message="Falló para marta.rojas@example.com, CC 52998117"
    )
    shown = said(found)
    assert "(código 4711)" in shown
    assert "52998117" not in shown
    assert "marta.rojas" not in shown


def test_refusals_that_say_the_same_share_a_cause(draft):
    one = refusals.problem_of(draft, message="Documento 17 con un dato raro [AEP9999]")
    other = refusals.problem_of(draft, message="Documento 18 con un dato raro [AEP9999]")
    assert one.subject_key == other.subject_key


def test_a_rejection_names_its_rules_and_where_they_are_cured(engine, alegra, draft):
    rules = ["Regla: FAU14, Rechazo: Las sumas", "Regla: FAK24, Rechazo: DV no corresponde"]
    engine.switch({"fault": "stamp_rejected", "body": rules}, stamp_old_date="accepted")
    message, found = stamped(alegra, draft)
    assert refusals.what_follows("", message) is REJECTED
    for problem in (
        refusals.rejection(draft, refusals.rows_of(draft, stamp=found.raw["stamp"])),
        refusals.problem_of(draft, message=message),
    ):
        assert problem.code == "dian_rejected"
        shown = said(problem)
        assert "dígito de verificación" in shown
        assert "(regla FAK24)" in shown
        assert "(regla FAU14)" in shown
        assert "DV no corresponde" in shown
        assert problem.params["rules"] == ["FAU14", "FAK24"]
        url = cure_url("dian_rejected", organization="t", integration=3, params=problem.params)
        assert url.endswith(f"/pedidos/{draft.order_id}/corregir/")
    kept = refusals.rows_of(draft, stamp=found.raw["stamp"])
    assert [row["code"] for row in kept] == ["FAU14", "FAK24"]


def test_a_rejection_without_words_says_so(draft):
    found = refusals.rejection(draft, [])
    assert "no dijo por qué" in said(found)
    page = cure_url("dian_rejected", organization="t", integration=3, params=found.params)
    assert "corregir" not in page


def test_a_notification_is_no_reason_of_a_rejection(draft):
    stamp = {"warnings": ["Regla: FAZ09, Notificación: x"], "errors": ["Regla: FAD06, Rechazo: y"]}
    rows = refusals.rows_of(draft, stamp=stamp)
    assert [row.get("notice", False) for row in rows] == [True, False]
    assert refusals.rejection(draft, rows).params["rules"] == ["FAD06"]


# The numbering --------------------------------------------------------------------------


@pytest.mark.parametrize("told", ["coded", "worded"])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"maxInvoiceNumber": 1248}, "numbering_exhausted"),
        ({"endDate": "2026-11-01"}, "numbering_expired"),
        ({"status": "inactive"}, "reference_missing"),
    ],
)
def test_a_numbering_that_gives_no_number_is_read_and_named(
    engine, alegra, draft, change, code, told
):
    template = engine.integration.document_settings.number_template
    alegra("PUT", f"/number-templates/{template}", change)
    message, found = stamped_refused(engine, alegra, draft, told)
    (problem,) = explained(engine, draft, message, found)
    assert (problem.code, problem.subject_key) == (code, f"number_template:{template}")
    block(draft, problem)
    assert read_choices_again() == 0
    back = {"status": "active", "maxInvoiceNumber": 9000, "endDate": "2028-01-01"}
    alegra("PUT", f"/number-templates/{template}", back)
    assert read_choices_again() == 1
    assert engine.document(draft.order).state == State.PENDING


def test_a_numbering_is_named_as_where_it_is_chosen(draft):
    (found,) = (refusals.problem_of(draft, message="AEP6009: Número usado"),)
    assert found.code == "numbering_refused"
    entry = ReferenceEntry.objects.get(
        kind="number_template", alegra_id=found.subject_key.partition(":")[2]
    )
    assert numbering_label(entry).startswith(found.params["name"])
    assert f"«{entry.data['prefix']} · {entry.name}»" in said(found)


def stamped_refused(engine, alegra, draft, told):
    engine.switch(numbering_refusal=told, stamp_old_date="accepted")
    return stamped(alegra, draft)


def test_another_numbering_frees_them_only_when_a_person_chooses_it(engine, alegra, draft):
    settings = engine.integration.document_settings
    old = settings.number_template
    alegra("PUT", f"/number-templates/{old}", {"maxInvoiceNumber": 1248})
    other = {"name": "Otra", "prefix": "OT", "documentType": "invoice", "isElectronic": True}
    made = alegra("POST", "/number-templates", {**other, "maxInvoiceNumber": 9, "endDate": None})
    engine.switch(stamp_old_date="accepted")
    message, found = stamped(alegra, draft)
    (problem,) = explained(engine, draft, message, found)
    block(draft, problem)
    refresh_company(engine.integration.company, engine.integration.credential)
    assert read_choices_again() == 0
    assert release_cured(engine.integration, settings, by="") == 0
    settings.number_template = str(made["id"])
    settings.save()
    integration = Integration.objects.get(pk=engine.integration.pk)
    assert release_cured(integration, settings, by="Ana") == 1
    assert engine.document(draft.order).state == State.PENDING


def test_a_plain_numbering_is_not_told_as_a_company_without_permission(engine, alegra, draft):
    plain = alegra("POST", "/number-templates", {"name": "Simple", "documentType": "invoice"})
    alegra("PUT", f"/invoices/{draft.alegra_id}", {"numberTemplate": {"id": plain["id"]}})
    refresh_company(engine.integration.company, engine.integration.credential)
    message, found = stamped(alegra, draft)
    assert "AEP6008" in message
    (problem,) = explained(engine, draft, message, found)
    assert problem.code == "numbering_not_electronic"
    assert "Simple" in said(problem)


# Units and stock ------------------------------------------------------------------------


def test_an_item_without_unit_is_known_before_and_frees_its_orders_once_it_has_one(
    engine, alegra, draft
):
    item = engine.items["11"]
    alegra("PUT", f"/items/{item}", {"inventory": {"unit": None}})
    assert units_missing.of_order(draft) == ()
    AlegraItem.objects.filter(alegra_id=item).update(unit="")
    engine.switch(stamp_old_date="accepted")
    message, found = stamped(alegra, draft)
    assert message == "items.0.unit es requerido"
    assert units_missing.of_draft(draft, found) == units_missing.of_order(draft)
    (problem,) = explained(engine, draft, message, found)
    assert (problem.code, problem.subject_key) == ("item_without_unit", item)
    assert AlegraItem.objects.get(alegra_id=item).name in said(problem)
    block(draft, problem)
    read_items_again()
    assert engine.document(draft.order).state == State.BLOCKED
    alegra("PUT", f"/items/{item}", {"inventory": {"unit": "piece"}})
    read_items_again()
    assert engine.document(draft.order).state == State.PENDING


def test_an_item_that_lost_its_unit_since_it_was_copied_is_read_and_named(engine, alegra, draft):
    item = engine.items["11"]
    alegra("PUT", f"/items/{item}", {"inventory": {"unit": None}})
    engine.switch(stamp_old_date="accepted")
    message, found = stamped(alegra, draft)
    (problem,) = explained(engine, draft, message, found)
    assert (problem.code, problem.subject_key) == ("item_without_unit", item)
    assert AlegraItem.objects.get(alegra_id=item).unit == ""


@pytest.mark.parametrize("words", ["named", "bare"])
def test_too_few_units_are_said_with_item_bodega_and_quantity(engine, alegra, draft, words):
    item = engine.items["11"]
    short_of(engine, item, 1)
    engine.switch(negative_stock="refused", stock_refusal=words, stamp_old_date="accepted")
    message, found = stamped(alegra, draft)
    (problem,) = explained(engine, draft, message, found)
    assert problem.code == "stock_missing"
    name = AlegraItem.objects.get(alegra_id=item).name
    shown = said(problem)
    assert f"de «{name}» se piden 2 y en Bodega Bogotá hay 1" in shown
    assert "Alegra dijo" in shown
    block(draft, problem)
    assert read_stock_again() == 0
    short_of(engine, item, 5)
    assert read_stock_again() == 1
    assert engine.document(draft.order).state == State.PENDING


def test_a_product_that_may_go_below_zero_is_not_short(engine, alegra, draft):
    item = engine.items["11"]
    short_of(engine, item, 0)
    engine.switch(negative_stock="refused", stamp_old_date="accepted")
    message, found = stamped(alegra, draft)
    (problem,) = explained(engine, draft, message, found)
    block(draft, problem)
    alegra("PUT", f"/items/{item}", {"inventory": {"negativeSale": True}})
    assert read_stock_again() == 1


def test_enough_units_leave_the_refusal_in_alegras_words(engine, alegra, draft):
    found = invoices.from_row(alegra("GET", f"/invoices/{draft.alegra_id}"))
    (problem,) = explained(engine, draft, "Algo que nadie conoce", found)
    assert problem.code == "emission_refused"
    with alegra_client(engine.integration.credential) as client:
        assert stock_missing.look(client, draft, found) == ()


def test_a_known_refusal_reads_no_product(engine, alegra, draft):
    found = invoices.from_row(alegra("GET", f"/invoices/{draft.alegra_id}"))
    before = engine.calls("GET", "/items/")
    for message in ("AEP1005: x", "AEP6015: x", "AEP6011: x", "EPR503: x", "Regla: FAK24: x"):
        explained(engine, draft, message, found)
    assert engine.calls("GET", "/items/") == before
