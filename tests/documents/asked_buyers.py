"""Orders whose buyer is asked about, and who the client became."""

from __future__ import annotations

from integrations.documents.models import DocumentProblem


def asked_of(order) -> DocumentProblem:
    return DocumentProblem.objects.get(work__order_id=order.pk, closed_at=None)


def client(engine):
    """The one invoice's client: (name, type, number, kind) as Alegra keeps them."""
    (invoice,) = engine.invoices()
    contact = next(
        each for each in engine.ledger()["contacts"] if each["id"] == invoice["client"]["id"]
    )
    identification = contact["identificationObject"]
    return (
        contact["name"],
        identification["type"],
        identification["number"],
        contact["kindOfPerson"],
    )


def made_to(engine, **customer):
    order = engine.order(customer=customer)
    engine.run()
    return order
