"""What holds a document holds it up to the moment before it is written, and loses nothing."""

from __future__ import annotations

import pytest

from integrations.connections.models import AlegraCompany, AlegraUser, Integration, PlatformState
from integrations.documents.steps import contact as contact_step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


def hold(engine, how: str) -> None:
    match how:
        case "off":
            Integration.objects.update(state="off")
        case "stopped":
            PlatformState.objects.update_or_create(pk=1, defaults={"sending_stopped": True})
        case "books":
            AlegraCompany.objects.update(books_closed_until="2026-11-20")
        case "staff":
            Integration.objects.update(paused_reason="staff")
        case "breaker":
            until = engine.at.now().replace(hour=21)
            AlegraUser.objects.update(breaker_open_until=until)


def let_go() -> None:
    Integration.objects.update(state="on", paused_reason="")
    PlatformState.objects.update(sending_stopped=False)
    AlegraCompany.objects.update(books_closed_until=None)
    AlegraUser.objects.update(breaker_open_until=None)


HOLDS = ["off", "stopped", "books", "staff"]


@pytest.mark.parametrize("how", HOLDS)
def test_the_gate_holds_everything_and_loses_nothing(engine, how):
    order = engine.order()
    hold(engine, how)
    engine.run()
    engine.later(31)
    document = engine.document(order)
    assert document.state == "pending"
    assert engine.calls("GET", "/contacts") + engine.calls("POST", "/invoices") == 0
    # Ten thousand held rows must not keep a worker busy.
    assert document.generation == 0

    let_go()
    engine.later(61)
    assert engine.document(order).state == "created"


@pytest.mark.parametrize("how", [*HOLDS, "breaker"])
def test_what_comes_between_contact_and_creation_still_holds(engine, monkeypatch, how):
    resolve = contact_step.contacts.resolve_contact

    def meanwhile(*args, **choices):
        found = resolve(*args, **choices)
        hold(engine, how)
        return found

    monkeypatch.setattr(contact_step.contacts, "resolve_contact", meanwhile)
    order = engine.order()
    engine.run()
    assert engine.calls("GET", "/contacts") == 1
    assert engine.invoices() == []
    assert engine.document(order).state == "pending"
    assert engine.document(order).payload is None

    monkeypatch.setattr(contact_step.contacts, "resolve_contact", resolve)
    let_go()
    engine.later(4000)
    assert engine.document(order).state == "created"
    assert len(engine.invoices()) == 1
