import pytest
from django.test import override_settings

from integrations.connections.alegra_users import alegra_user_for, fingerprint


@pytest.mark.django_db
def test_a_login_is_one_row_with_two_slots_however_it_is_typed():
    first = alegra_user_for("Ventas@Ejemplo.test")
    second = alegra_user_for(" ventas@ejemplo.test ")
    assert first.pk == second.pk
    assert sorted(second.slots.values_list("number", flat=True)) == [0, 1]


def test_the_address_cannot_be_read_from_its_fingerprint_without_the_key():
    known = fingerprint("ventas@ejemplo.test")
    assert "ventas" not in known
    assert len(known) == 64
    with override_settings(MARKER_KEY="another"):
        assert fingerprint("ventas@ejemplo.test") != known


def test_the_stand_in_has_a_budget_of_its_own():
    assert fingerprint("a@ejemplo.test", mode="trial") != fingerprint("a@ejemplo.test")
