"""Staff see which comercios were refused in words that have no sentence of ours yet."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.documents import emission_refusals as refusals
from integrations.scoping.context import scope
from tests.cast import make_integration
from tests.history.factories import make_order, make_problem

pytestmark = pytest.mark.django_db


def counted(cast, login):
    """The column of the comercio's row, as a number."""
    page = login(cast.staff).get(reverse("admin:integrations_organization_changelist"))
    found = page.context["cl"].result_list
    row = next(each for each in found if each.pk == cast.organization.pk)
    assert "rechazos sin frase nuestra" in page.content.decode().casefold()
    return page.context["cl"].model_admin.untranslated(row)


@pytest.mark.parametrize(
    ("message", "count"),
    [
        ("Algo que nadie conoce [AEP9999]", 1),
        ("Algo que nadie conoce", 1),
        ("Regla: XYZ77, Rechazo: lo que sea", 1),
        ("Regla: FAK99, Rechazo: un dato del comprador", 1),
        ("Regla: FAK24, Rechazo: DV no corresponde", 0),
        ("AEP1005: certificado vencido", 0),
    ],
)
def test_words_without_a_sentence_are_counted(cast, login, message, count):
    order = make_order(make_integration(cast.organization))
    make_problem(order, "rejected", "otra", {"message": "x"})
    with scope(cast.organization.pk):
        document = order.document
        document.order = order
        found = refusals.problem_of(document, message=message)
    make_problem(order, found.code, found.subject_key, found.params)
    assert counted(cast, login) == count
