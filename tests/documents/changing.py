"""What happens to an order and to its document after both were made: for several test files."""

from __future__ import annotations

from integrations.documents import beside, beside_acts

LATER = "2026-11-20T20:04:00Z"
LATER_STILL = "2026-11-20T20:08:00Z"


def again(engine, order, *, updated=LATER, **changes):
    """A later body of the same order."""
    return engine.order(number=int(order.number), updated=updated, **changes)


def line(**changes):
    told = {
        "id_product": 1, "id_variant": 11, "sku": "TERMO-750-NEG", "name": "Termo acero 750 ml",
        "variant_name": "Negro", "quantity": 2, "price": 79900,
    }  # fmt: skip
    return {**told, **changes}


def what_changed(engine, order):
    document = engine.document(order)
    return [change.what for change in beside.after_of(document, document.order).changes]


def in_alegra(engine, method, order, **body):
    """What a person does to the document there."""
    return engine.as_person(method, f"/invoices/{engine.document(order).alegra_id}", body or None)


def read_again(engine, order, by):
    document = engine.document(order)
    order = document.order
    order.document = document
    return beside_acts.read_again(order, by=by)


def emit(engine, order):
    engine.switch(stamp_old_date="accepted")
    told = stamp(engine, order)
    assert told["success"], told


def stamp(engine, order):
    """Somebody asks for its emission there; what Alegra says of it."""
    ids = [engine.document(order).alegra_id]
    return engine.as_person("POST", "/invoices/stamp", {"ids": ids})["data"][0]
