"""*Borrador o definitivo*: what is confirmed, what closes the choice, what is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from integrations.audit.models import AuditEntry
from integrations.configuration.checklist import document
from integrations.configuration.models import DocumentSettings
from integrations.configuration.references import store
from integrations.connections.models import ReferenceEntry
from integrations.connections.numbering import Gap, Numbering, gap, sentence, taken_id
from integrations.scoping.context import scope
from integrations.sending.actions import EMIT_INVOICES
from integrations.sending.models import Cause
from integrations.timekeeping import clock
from tests.configuration.lists import FILLED, PREFERRED, Kind, numbering

DAY = date(2026, 11, 20)
GOOD = Numbering("Factura electrónica", "FEHA", True, True, True, 10, 99, date(2027, 1, 1))


# --- Pure ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "why", "says"),
    [
        ({}, None, ""),
        ({"is_gone": True}, Gap.GONE, "ya no existe"),
        ({"is_active": False}, Gap.INACTIVE, "inactiva en Alegra"),
        ({"is_electronic": False}, Gap.NOT_ELECTRONIC, "no es electrónica"),
        ({"is_automatic": False}, Gap.MANUAL, "a mano"),
        ({"end_date": date(2026, 11, 19)}, Gap.EXPIRED, "venció"),
        # The last day counts.
        ({"end_date": DAY}, None, ""),
        ({"end_date": None, "max_number": None}, None, ""),
        ({"next_number": 100}, Gap.EXHAUSTED, "no quedan números"),
        ({"next_number": 99}, None, ""),
    ],
)
def test_what_keeps_a_numbering_from_giving_a_number(changes, why, says):
    one = replace(GOOD, **changes)
    assert one.gap(DAY) == why
    if why:
        text = sentence(why, one)
        assert "FEHA" in text
        assert says in text
        assert "otra numeración" not in text
        assert "otra numeración" in sentence(why, one, has_other=True)


def test_no_other_numbering_is_taken_for_one_that_cannot_give_a_number():
    spent = replace(GOOD, prefix="VIEJA", next_number=100)
    both = {"1": spent, "2": replace(GOOD, is_default=False)}
    assert gap(both, "1", DAY) is gap(both, "", DAY) is Gap.EXHAUSTED
    assert gap(both, "2", DAY) is None
    assert gap(both, "3", DAY) is Gap.GONE


def test_without_any_electronic_one_or_any_preferred_one_that_is_said():
    paper = replace(GOOD, is_electronic=False)
    assert gap({}, "", DAY) is gap({"1": paper}, "", DAY) is Gap.NONE
    assert gap({"1": replace(GOOD, is_default=False)}, "", DAY) is Gap.NO_PREFERRED
    # A preferred one for paper beside it: the electronic one is Alegra's preferred.
    assert gap({"1": paper, "2": GOOD}, "", DAY) is None


def test_of_several_preferred_ones_an_active_electronic_one_is_taken():
    asleep, paper = replace(GOOD, is_active=False), replace(GOOD, is_electronic=False)
    gone = replace(GOOD, is_gone=True, is_active=False)
    assert taken_id({"1": gone, "2": asleep, "3": paper, "4": GOOD}, "") == "4"
    assert taken_id({"1": gone, "2": asleep, "3": paper}, "") == "3"
    # No other is taken in its place.
    assert taken_id({"2": asleep, "5": replace(GOOD, is_default=False)}, "") == "2"
    assert taken_id({"4": GOOD}, "9") == "9"
    assert taken_id({"1": gone}, "") == ""


# --- On the page ---------------------------------------------------------------------------
pytestmark = pytest.mark.django_db


@pytest.fixture
def where(cast, integration):
    return reverse("settings", args=[cast.organization.slug, integration.pk])


@pytest.fixture
def editor(cast, login):
    return login(cast.editor)


@pytest.fixture
def save(editor, where):
    def post(**changes):
        filled = {**FILLED, "document": "invoice-definitive", **changes}
        given = {name: value for name, value in filled.items() if value is not None}
        return editor.post(where, given, follow=True).content.decode()

    return post


@pytest.fixture
def numberings(integration):
    """numberings(…): the only ones that Alegra has."""

    def put(*rows):
        with scope(integration.organization_id):
            store(integration.company, Kind.NUMBER_TEMPLATE, rows, at=clock.now())

    return put


def stored(cast) -> DocumentSettings | None:
    with scope(cast.organization.pk):
        return DocumentSettings.objects.first()


def radio(text: str) -> str:
    """The button of the definitive invoice."""
    return re.search(r'<input[^>]*value="invoice-definitive"[^>]*>', text).group(0)


def test_a_draft_is_recommended_and_chosen_and_definitive_says_what_cannot_be_undone(editor, where):
    text = editor.get(where).content.decode()
    assert 'value="invoice-draft" id="id_document_0" checked' in text
    assert "disabled" not in radio(text)
    assert "checked" not in radio(text)
    assert "no se cambia ni se borra" in text
    assert "nota crédito" in text
    assert "Los borradores que ya existen siguen en borrador" in text


def test_definitive_is_saved_only_with_a_yes_which_the_trail_keeps(cast, editor, save, where):
    text = save(cost_center="4")
    assert "Confirma que entiendes qué no se puede deshacer" in text
    assert '<option value="4" selected>' in text
    assert "checked" in radio(text)
    # What is said of a remission is another thing.
    save(confirm_definitive="on")
    assert stored(cast) is None
    save(confirm_invoice="on")
    row = stored(cast)
    assert (row.kind, row.mode) == ("invoice", "definitive")
    with scope(cast.organization.pk):
        entry = AuditEntry.objects.get(action="settings.confirm_definitive")
    assert entry.actor_id == cast.editor.pk
    assert entry.after["document"] == "invoice-definitive"
    assert "no se puede deshacer" in entry.after["confirmed"]
    text = editor.get(where).content.decode()
    assert f"Lo confirmó {cast.editor}" in text
    assert 'name="confirm_invoice"' not in text


def test_it_is_confirmed_once_and_again_after_a_change_of_mind(cast, save):
    save(confirm_invoice="on")
    save(seller="3")
    assert stored(cast).seller == "3"
    save(document="invoice-draft")
    assert "Confirma que entiendes" in save(seller="")
    assert (stored(cast).mode, stored(cast).seller) == ("draft", "")
    save(confirm_invoice="on")
    with scope(cast.organization.pk):
        assert AuditEntry.objects.filter(action="settings.confirm_definitive").count() == 2


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ((), "Alegra no tiene una numeración electrónica activa"),
        ((numbering(PREFERRED, "FEHA", is_default=True, is_electronic=False),),
         "Alegra no tiene una numeración electrónica activa"),
        ((numbering(PREFERRED, "FEHA", is_default=True, is_active=False),),
         "FEHA está inactiva en Alegra"),
        ((numbering(PREFERRED, "FEHA", is_default=True, next_number=51, max_number=50),),
         "FEHA: ya no quedan números"),
        ((numbering(PREFERRED, "FEHA", is_default=True, end_date=date(2026, 1, 1)),),
         "FEHA: la resolución venció"),
    ],
    ids=["none", "not electronic", "inactive", "exhausted", "expired"],
)  # fmt: skip
def test_without_a_usable_numbering_the_choice_is_closed_with_its_reason_and_refused(
    cast, editor, save, where, numberings, rows, says
):
    numberings(*rows)
    text = editor.get(where).content.decode()
    assert "disabled" in radio(text)
    assert 'aria-describedby="id_document_closed"' in radio(text)
    reason = text.split('id="id_document_closed"')[1].split("</label>")[0]
    assert says in reason
    assert 'type="submit" form="actualizar"' in text
    # Whoever sends it all the same is told the same, and a draft can still be saved.
    refused = save(confirm_invoice="on")
    assert "No se guardó" in refused
    assert says in refused
    assert stored(cast) is None
    save(document="invoice-draft", number_template="")
    assert stored(cast).mode == "draft"


def test_the_numbering_that_would_be_taken_is_refused_by_name_where_another_is_usable(
    cast, save, numberings
):
    numberings(
        numbering(PREFERRED, "FEHA", is_default=True, next_number=51, max_number=50),
        numbering("9", "NUEVA"),
    )
    assert "FEHA: ya no quedan números" in save(confirm_invoice="on", number_template=PREFERRED)
    assert "FEHA: ya no quedan números" in save(confirm_invoice="on", number_template="")
    assert stored(cast) is None
    save(confirm_invoice="on", number_template="9")
    assert stored(cast).number_template == "9"


def test_a_numbering_that_ends_later_holds_the_switch_and_stays_chosen(
    cast, editor, save, where, numberings, integration
):
    save(confirm_invoice="on", number_template=PREFERRED)
    with scope(cast.organization.pk):
        assert document(integration).tone == "ok"
    numberings(numbering(PREFERRED, "FEHA", is_default=True, end_date=date(2026, 1, 1)))
    text = editor.get(where).content.decode()
    assert "checked" in radio(text)
    assert "disabled" not in radio(text)
    assert "FEHA: la resolución venció" in text
    with scope(cast.organization.pk):
        line = document(integration)
        assert (line.tone, line.blocks) == ("fail", True)
        assert "venció" in line.text
    assert "FEHA: la resolución venció" in save(seller="3", number_template=PREFERRED)
    assert stored(cast).seller == ""


def test_what_alegra_does_not_let_the_company_do_closes_it(cast, editor, save, where, integration):
    with scope(cast.organization.pk):
        cause = Cause.objects.create(
            integration=integration, code="plan", subject_key=EMIT_INVOICES,
            params={"action": EMIT_INVOICES, "said": "Tu plan no incluye emisión"},
            first_at=clock.now(), last_at=clock.now(),
        )  # fmt: skip
    text = editor.get(where).content.decode()
    assert "disabled" in radio(text)
    assert f"no permite {EMIT_INVOICES}" in text
    assert "Tu plan no incluye emisión" in text
    assert "No puede ser definitiva" in save(confirm_invoice="on")
    with scope(cast.organization.pk):
        Cause.objects.filter(pk=cause.pk).update(state=Cause.State.SOLVED)
    assert "disabled" not in radio(editor.get(where).content.decode())


def test_lists_that_were_never_read_close_it(cast, editor, where, integration):
    from integrations.connections.source_read import SourceRead

    with scope(cast.organization.pk):
        ReferenceEntry.objects.all().delete()
        SourceRead.objects.all().delete()
    text = editor.get(where).content.decode()
    assert "disabled" in radio(text)
    assert "Aún no hemos leído tus numeraciones" in text
