"""A row of a tenant's table is made as Django makes it, with less."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import connection, models
from django.db.models.signals import post_init, pre_init
from django.test.utils import CaptureQueriesContext

from integrations.connections.models import Integration
from integrations.scoping.context import scope
from integrations.scoping.models import Tenant
from tests.cast import make_integration

pytestmark = pytest.mark.django_db

TENANTS = [model for model in apps.get_models() if issubclass(model, Tenant)]


@pytest.mark.parametrize("model", TENANTS, ids=lambda model: model.__name__)
def test_no_model_does_more_when_a_row_is_made(model):
    assert model.__init__ is models.Model.__init__
    assert not pre_init.has_listeners(model)
    assert not post_init.has_listeners(model)


def test_a_row_is_what_django_makes_of_it(cast):
    made = make_integration(cast.organization)
    names = [field.attname for field in Integration._meta.concrete_fields]
    with scope(cast.organization.pk):
        [values] = Integration.objects.filter(pk=made.pk).values_list(*names)
        ours = Integration.from_db("default", names, values)
        theirs = models.Model.from_db.__func__(Integration, "default", names, values)
    assert ours == theirs
    assert {name: getattr(ours, name) for name in names} == {
        name: getattr(theirs, name) for name in names
    }
    assert (ours._state.adding, ours._state.db) == (theirs._state.adding, theirs._state.db)
    assert vars(ours).keys() == vars(theirs).keys()


def test_what_was_left_out_is_read_when_it_is_asked_for(cast):
    made = make_integration(cast.organization)
    with scope(cast.organization.pk):
        row = Integration.objects.only("name").get(pk=made.pk)
        assert "state" in row.get_deferred_fields()
        assert "name" not in row.get_deferred_fields()
        with CaptureQueriesContext(connection) as asked:
            assert row.state == made.state
        assert len(asked) == 1
        Integration.objects.filter(pk=made.pk).update(name="Otro nombre")
        row.refresh_from_db()
        assert row.name == "Otro nombre"
