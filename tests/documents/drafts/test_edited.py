"""A draft that a person changed in Alegra stays as it is, and what differs is shown."""

from __future__ import annotations

import pytest

from integrations.audit.models import AuditEntry
from integrations.documents import beside, beside_acts, emission, may_emit
from integrations.sending.models import Cause
from tests.documents.changing import in_alegra
from tests.documents.drafts.watched import items_of, what

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"quantity": 3}, ["total", "lines"]),
        ({"price": 1000}, ["total", "prices"]),
        ({"tax": []}, ["total", "taxes"]),
    ],
    ids=["quantity", "price", "tax"],
)
def test_lines_that_a_person_changed_stay_and_are_shown(engine, made, read, change, expected):
    in_alegra(engine, "PUT", made, items=items_of(engine, **change))
    left = engine.invoices()
    read(minutes=11)
    document = engine.document(made)
    assert what(document) == expected
    assert document.state == "created"
    assert engine.problems(made) == {"edited_in_alegra"}
    assert engine.invoices() == left
    assert may_emit.why_not(document) == "edited"


def test_every_head_field_that_a_person_changed_is_shown(engine, made, read, alegra):
    sellers, centers = alegra("GET", "/sellers"), alegra("GET", "/cost-centers")
    document = engine.document(made)
    other = {
        "seller": next(
            row for row in sellers if str(row["id"]) != document.payload["seller"]["id"]
        ),
        "costCenter": next(
            row for row in centers if str(row["id"]) != document.payload["costCenter"]["id"]
        ),
        "warehouse": next(row for row in engine.warehouses() if not row["isDefault"]),
    }
    in_alegra(
        engine, "PUT", made, **{name: {"id": row["id"]} for name, row in other.items()},
        paymentMethod="CREDIT_CARD", date="2026-11-21", dueDate="2026-11-30",
    )  # fmt: skip
    read(minutes=11)
    changed = engine.document(made).edited["changes"]
    assert {each["what"] for each in changed} == {
        "seller", "cost_center", "warehouse", "means", "date",
    }  # fmt: skip
    told = {each["what"]: (each["was"], each["now"]) for each in changed}
    assert told["date"] == ("20 nov 2026", "21 nov 2026")
    assert told["means"] == ("CASH", "CREDIT_CARD")


def test_another_client_is_shown_without_his_data(engine, made, read, alegra):
    contact = alegra(
        "POST", "/contacts", name="Carlos Mario Duque", type=["client"],
        nameObject={"firstName": "Carlos Mario", "lastName": "Duque"},
        identificationObject={"type": "CC", "number": "71222333"}, kindOfPerson="PERSON_ENTITY",
        regime="SIMPLIFIED_REGIME",
        address={"city": "Medellín", "department": "Antioquia", "address": "Calle 1"},
    )  # fmt: skip
    in_alegra(engine, "PUT", made, client={"id": contact["id"]})
    read(minutes=11)
    document = engine.document(made)
    assert what(document) == ["client"]
    kept = f"{document.edited} {[p.params for p in document.problems.all()]}"
    for secret in ("Duque", "71222333", "Rojas", "52998117"):
        assert secret not in kept
    # It is a person's own choice: never deleted and made again.
    assert len(engine.invoices()) == 1


def test_what_a_person_takes_back_is_no_difference_any_more(engine, made, read):
    items = items_of(engine)
    in_alegra(engine, "PUT", made, items=items_of(engine, quantity=3))
    read(minutes=11)
    assert engine.problems(made) == {"edited_in_alegra"}
    in_alegra(engine, "PUT", made, items=items)
    read(minutes=11)
    assert engine.document(made).edited is None
    assert engine.problems(made) == set()
    assert Cause.objects.get(code="edited_in_alegra").state == "solved"


def test_it_is_asked_once_and_again_only_after_another_change(engine, made, read, cast):
    in_alegra(engine, "PUT", made, items=items_of(engine, quantity=3))
    read(minutes=11)
    document = engine.document(made)
    seen = beside.after_of(document, document.order).seen
    beside_acts.say_fine(document.order, seen=seen, reason="Pidió tres", by=cast.editor)
    assert engine.problems(made) == set()
    read(minutes=30)
    assert engine.problems(made) == set()
    # It is still shown everywhere, and still in no bulk.
    assert may_emit.why_not(engine.document(made)) == "edited"
    assert AuditEntry.objects.filter(action="document.fine").count() == 1
    in_alegra(engine, "PUT", made, items=items_of(engine, quantity=4))
    read(minutes=11)
    assert engine.problems(made) == {"edited_in_alegra"}


@pytest.mark.parametrize("precision", [2, 6])
@pytest.mark.parametrize("where", ["unit", "line", "document"])
def test_what_alegra_rounds_is_no_change_of_a_person(engine, read, precision, where):
    engine.switch(decimal_precision=precision, rounding={"at": where, "how": "half_even"})
    order = engine.order(total=159_803, charges=[{"name": "Envío", "amount": 3}])
    engine.run()
    read(minutes=22)
    assert engine.document(order).edited is None


def test_a_list_that_leaves_the_observations_out_shows_no_change(engine, made, read):
    engine.switch(list_has_observations=False)
    read(minutes=11)
    assert engine.document(made).edited is None


# --- Emitted from the portal -----------------------------------------------------------------
def other_seller(engine, order, alegra):
    sent = engine.document(order).payload["seller"]["id"]
    row = next(row for row in alegra("GET", "/sellers") if str(row["id"]) != sent)
    in_alegra(engine, "PUT", order, seller={"id": row["id"]})


def test_what_was_changed_a_moment_ago_is_not_emitted_before_somebody_looked(
    engine, made, alegra, cast
):
    """Total, client and lines are those that were built: only the seller is another."""
    engine.switch(stamp_old_date="accepted")
    engine.at.advance(seconds=300)
    other_seller(engine, made, alegra)
    assert emission.ask(engine.document(made), by="Diana Ospina", now=engine.at.now())
    engine.later(30)
    document = engine.document(made)
    assert (document.state, document.stamps, document.emit_since) == ("created", 0, None)
    assert what(document) == ["seller"]
    assert engine.problems(made) == {"edited_in_alegra"}
    seen = beside.after_of(document, document.order).seen
    beside_acts.say_fine(document.order, seen=seen, reason="Sí", by=cast.editor)
    assert emission.ask(engine.document(made), by="Diana Ospina", now=engine.at.now())
    for _ in range(4):
        engine.later(30)
    assert engine.document(made).state == "issued"
