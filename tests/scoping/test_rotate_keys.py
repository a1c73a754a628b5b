from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection

from integrations.connections.models import Credential
from integrations.connections.source_account import SourceAccount
from integrations.management.commands.rotate_keys import encrypted_columns
from integrations.scoping.context import unscoped
from tests.cast import make_credential, make_integration

pytestmark = pytest.mark.django_db


def _stored() -> list[str]:
    with unscoped("looking below the field"), connection.cursor() as cursor:
        cursor.execute("SELECT token FROM integrations_credential ORDER BY id")
        return [token for (token,) in cursor.fetchall()]


def _rotate(**options) -> str:
    out = StringIO()
    call_command("rotate_keys", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_every_encrypted_column_is_found():
    found = {(model.__name__, field.name) for model, field in encrypted_columns()}
    assert {
        ("Credential", "token"),
        ("SourceAccount", "webhook_token"),
        ("SourceAccount", "key"),
    } <= found


def test_all_secrets_stand_under_the_new_key_alone_afterwards(cast, settings):
    for number in range(5):
        make_credential(cast.organization, token=f"secreto {number}")
    make_integration(cast.other, secret="firma")
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    before = _stored()
    assert all(token.startswith("gAAAA") for token in before)
    settings.FIELD_KEYS = [new, old]
    assert "Credential.token: 6 rotated, 0 already" in _rotate(batch=2)
    settings.FIELD_KEYS = [new]
    with unscoped("reading with the new key"):
        tokens = list(Credential.objects.order_by("pk").values_list("token", flat=True))
        assert tokens[:5] == [f"secreto {number}" for number in range(5)]
        assert SourceAccount.objects.get().secret == "firma"


def test_running_it_again_changes_nothing(cast, settings):
    make_credential(cast.organization)
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    _rotate()
    once = _stored()
    assert "Credential.token: 0 rotated, 1 already" in _rotate()
    assert _stored() == once


def test_a_value_of_a_lost_key_is_reported_and_left_alone(cast, settings):
    make_credential(cast.organization)
    before = _stored()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(SystemExit):
        _rotate()
    assert _stored() == before


def test_no_value_is_ever_printed(cast, settings):
    make_credential(cast.organization, token="muy-secreto")
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert "muy-secreto" not in _rotate()
