"""After a restore, what is rare: other lists, other logins, other clocks, and what people did."""

from __future__ import annotations

import pytest

from integrations.configuration.models import DocumentSettings
from integrations.connections.alegra_users import alegra_user_for
from integrations.connections.models import AlegraCompany, Integration, SourceAccount
from integrations.connections.pauses import note_company
from integrations.connections.validation import Probe
from integrations.scoping.context import scope
from integrations.sending import sweep, trying
from integrations.sending.safe_start import checking, process
from integrations.sending.safe_start.models import CompanyLook, Forgotten
from integrations.sending.states import State
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing
from tests.cast import make_credential
from tests.restoring import Copy

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

NOT_ALLOWED = {"fault": "status", "method": "GET", "status": 403}


@pytest.fixture
def engine(build_engine):
    made = build_engine()
    process.looks_first = True
    process.begin_anew(clock.now())
    return made


def books(engine) -> list[dict]:
    return [*engine.invoices(), *engine.remissions()]


def later(engine, seconds: float) -> None:
    engine.at.advance(seconds=seconds)
    checking.check_due(clock.now())
    engine.run()


def check_passes(engine) -> None:
    later(engine, timing().first_look_up)
    later(engine, timing().between_look_ups)


def look_of(engine) -> CompanyLook:
    with scope(engine.integration.organization_id):
        return CompanyLook.objects.get()


def choose(engine, kind: str, mode: str) -> None:
    with scope(engine.integration.organization_id):
        DocumentSettings.objects.filter(integration=engine.integration).update(kind=kind, mode=mode)


def test_remissions_of_a_choice_that_the_copy_forgot_are_found(engine):
    """The copy says that invoices are made; since then remissions were, and will be again."""
    engine.order()
    engine.run()
    order = engine.order()
    copy = Copy()
    choose(engine, "remission", "definitive")
    engine.run()
    assert len(engine.remissions()) == 1
    copy.restore(engine.at)
    engine.run()
    check_passes(engine)
    engine.run()
    assert len(books(engine)) == 2
    assert engine.document(order).kind == "remission"


def test_a_choice_that_is_made_again_after_the_start_doubles_nothing(engine):
    engine.order()
    engine.run()
    copy = Copy()
    choose(engine, "remission", "definitive")
    order = engine.order(number=77_010)
    engine.run()
    copy.restore(engine.at)
    engine.order()
    engine.run()
    choose(engine, "remission", "definitive")
    engine.at.advance(seconds=30)
    order = engine.order(number=77_010)
    engine.run()
    check_passes(engine)
    engine.run()
    said = [row for row in books(engine) if f"Pedido {order.number} " in row["observations"]]
    assert len(said) == 1


def test_a_list_that_the_plan_hides_and_nothing_is_written_to_stops_nobody(build_engine):
    """Once remissions were made; the plan of today has none."""
    engine = build_engine(kind="remission", mode="definitive")
    engine.order()
    engine.run()
    assert len(engine.remissions()) == 1
    choose(engine, "invoice", "draft")
    Copy().restore(engine.at)
    engine.switch({**NOT_ALLOWED, "path": "/remissions"})
    order = engine.order()
    engine.run()
    assert engine.document(order).state == State.CREATED
    assert engine.problems(order) == set()


def test_a_check_that_may_not_read_its_list_lets_nothing_be_written(engine):
    """The first page was shown, then the permission to see invoices was taken away."""
    engine.order()
    engine.run()
    orders = [engine.order() for _ in range(2)]
    copy = Copy()
    engine.run()
    assert len(books(engine)) == 3
    copy.restore(engine.at)
    engine.run()
    with scope(engine.integration.organization_id):
        # One was found at first, in whatever order: the other one only by reading on.
        Forgotten.objects.filter(pk=Forgotten.objects.order_by("pk").last().pk).delete()
    engine.switch({**NOT_ALLOWED, "path": "/invoices"})
    check_passes(engine)
    later(engine, timing().between_look_ups)
    engine.at.advance(seconds=3600)
    engine.run()
    assert len(books(engine)) == 3
    engine.switch()
    for _ in range(4):
        engine.at.advance(seconds=3600)
        trying.try_due(clock.now())
        checking.check_due(clock.now())
        sweep.sweep()
        engine.run()
    assert len(books(engine)) == 3
    assert {engine.document(order).state for order in orders} == {State.CREATED}


def test_an_invoice_that_a_person_made_of_a_forgotten_remission_is_not_taken_for_it(build_engine):
    engine = build_engine(kind="remission", mode="definitive")
    engine.order()
    engine.run()
    order = engine.order()
    copy = Copy()
    engine.run()
    made = engine.document(order)
    row = engine.as_person("GET", f"/remissions/{made.alegra_id}")
    engine.as_person(
        "POST",
        "/invoices",
        {
            "date": row["date"],
            "dueDate": row["date"],
            "client": {"id": row["client"]["id"]},
            "observations": row["observations"],
            "items": [
                {"id": each["id"], "price": each["price"], "quantity": each["quantity"]}
                for each in row["items"]
            ],
            "remissions": [{"id": made.alegra_id}],
            "status": "draft",
            "paymentForm": "CASH",
            "paymentMethod": "CASH",
        },
    )
    assert len(books(engine)) == 3
    copy.restore(engine.at)
    engine.run()
    check_passes(engine)
    again = engine.document(order)
    assert len(books(engine)) == 3
    assert (again.kind, again.alegra_id) == ("remission", made.alegra_id)


def test_a_look_that_another_clock_dates_in_the_future_counts_not(engine):
    engine.order()
    engine.run()
    order = engine.order()
    with scope(order.organization_id):
        CompanyLook.objects.update(looked_at=clock.now() + timing().delta("turn") * 60)
    copy = Copy()
    engine.run()
    assert len(books(engine)) == 2
    copy.restore(engine.at)
    engine.run()
    check_passes(engine)
    assert len(books(engine)) == 2
    assert engine.document(order).state == State.CREATED


def test_an_order_told_otherwise_than_its_forgotten_document_asks(engine):
    engine.order()
    engine.run()
    copy = Copy()
    engine.order(number=77_020)
    engine.run()
    copy.restore(engine.at)
    engine.order()
    engine.run()
    check_passes(engine)
    lines = [
        {"id_product": 1, "id_variant": 11, "sku": "TERMO-750-NEG", "name": "Termo acero 750 ml",
         "variant_name": "Negro", "quantity": 1, "price": 79900},
    ]  # fmt: skip
    order = engine.order(number=77_020, total=79900, lines=lines)
    engine.run()
    assert engine.document(order).state == State.BLOCKED
    assert len(books(engine)) == 3


def test_a_forgotten_draft_that_a_person_emitted_is_taken_as_emitted(engine):
    engine.order()
    engine.run()
    order = engine.order()
    copy = Copy()
    engine.run()
    made = engine.document(order)
    copy.restore(engine.at)
    engine.run()
    engine.switch(stamp_old_date="accepted")
    engine.as_person("POST", "/invoices/stamp", {"ids": [made.alegra_id]})
    check_passes(engine)
    engine.run()
    again = engine.document(order)
    assert again.state == State.ISSUED
    assert len(books(engine)) == 2


def test_a_forgotten_document_that_a_person_voided_is_not_made_again(build_engine):
    engine = build_engine(kind="remission", mode="definitive")
    engine.order()
    engine.run()
    order = engine.order()
    copy = Copy()
    engine.run()
    made = engine.document(order)
    engine.as_person("POST", f"/remissions/{made.alegra_id}/void")
    copy.restore(engine.at)
    engine.run()
    check_passes(engine)
    engine.run()
    assert len(books(engine)) == 2
    assert engine.document(order).alegra_id == made.alegra_id


def test_a_login_that_is_not_shown_the_list_leaves_it_to_another_one(engine, cast):
    """The first user of the company may not see invoices; the one who writes them may."""
    engine.order()
    engine.run()
    orders = [engine.order() for _ in range(2)]
    copy = Copy()
    engine.run()
    copy.restore(engine.at)
    own = engine.integration.credential
    blind = make_credential(
        cast.organization, own.company, email="otra@ejemplo.test", mode=own.mode,
        alegra_user=alegra_user_for("otra@ejemplo.test", mode=own.mode), token=own.token,
    )  # fmt: skip
    with scope(cast.organization.pk):
        # Of the two it is the one that is asked first.
        Integration.objects.filter(pk=engine.integration.pk).update(credential=blind)
        Integration.objects.create(
            company=own.company, credential=own, mode=own.mode, name="Otra", source_key="otra",
            source=SourceAccount.objects.create(), state=Integration.State.ON,
        )  # fmt: skip
        CompanyLook.objects.update(noticed_at=clock.now(), next_at=clock.now(), ended_at=None)
        AlegraCompany.objects.update(checking_since=clock.now())
    engine.switch({**NOT_ALLOWED, "path": "/invoices", "user": "otra@ejemplo.test"})
    checking.check_due(clock.now())
    with scope(cast.organization.pk):
        assert Forgotten.objects.count() == len(orders)


def test_what_a_probe_saw_of_a_company_leaves_its_check_alone(engine):
    """The login is tried while the check begins, or ends, in another process."""
    with scope(engine.integration.organization_id):
        company = AlegraCompany.objects.get()
        AlegraCompany.objects.update(checking_since=clock.now(), has_forgotten=True)
        note_company(company, Probe(mode="trial", at="", name="Otro nombre", nit=company.nit))
        company = AlegraCompany.objects.get()
    assert (company.checking_since, company.has_forgotten) == (clock.now(), True)
    assert company.name == "Otro nombre"
