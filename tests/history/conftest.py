"""A shop, its clock and the page of an order, for tests of that page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.timekeeping import clock
from tests import cast as casting
from tests.history.factories import NOW


@pytest.fixture
def half_past_ten():
    with clock.frozen(NOW):
        yield


@pytest.fixture
def shop(cast):
    return casting.make_integration(cast.organization)


@pytest.fixture
def page(cast, login):
    """page(order, "editor") → the page's text."""

    def get(order, role="editor") -> str:
        url = reverse("order", args=[cast.organization.slug, order.pk])
        response = login(cast.member(role)).get(url)
        assert response.status_code == 200
        return response.content.decode()

    return get
