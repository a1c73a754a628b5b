"""What the next kept database will hold."""

from __future__ import annotations

import pytest
from django.apps import apps

from integrations.scoping.context import unscoped
from tests.migrations import world


@pytest.mark.django_db
def test_it_has_rows_of_every_table():
    with unscoped("what was made for all comercios"):
        world.make()
        models = apps.get_app_config("integrations").get_models()
        assert [each.__name__ for each in models if not each._default_manager.exists()] == []
