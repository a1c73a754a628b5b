"""Text that is stored encrypted: tokens, keys, secrets, raw bodies."""

from __future__ import annotations

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models


@lru_cache
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def cipher() -> MultiFernet:
    """The keys in force, newest first: the first encrypts, all decrypt."""
    return _cipher(tuple(settings.FIELD_KEYS))


def is_under(key: Fernet, token: str) -> bool:
    """Whether this key alone reads the token."""
    try:
        key.decrypt(token.encode())
    except InvalidToken:
        return False
    return True


class EncryptedTextField(models.TextField):
    """A text column that holds Fernet tokens. Empty text stays empty.

    Cannot be searched: any lookup but `isnull` and equality with '' raises FieldError.
    """

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return cipher().encrypt(value.encode()).decode() if value else value

    def from_db_value(self, value, expression, connection):
        return cipher().decrypt(value.encode()).decode() if value else value

    def get_lookup(self, lookup_name):
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"An encrypted field cannot be searched ({lookup_name}).")
