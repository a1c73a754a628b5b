"""Encrypts every secret anew with the first of FIELD_KEYS.

To change the key: put a new one in front of FIELD_KEYS, restart everything, run this, then
take the old one away. Interrupted, it can simply be run again: what already stands under
the first key is passed by.
"""

from __future__ import annotations

from collections.abc import Iterator

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection, models

from integrations.scoping.context import unscoped
from integrations.scoping.fields import EncryptedTextField, cipher, is_under
from integrations.sending.frozen import resealed
from integrations.sending.models import Work


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--batch", type=int, default=500, help="rows read at once")

    def handle(self, *args, batch: int, **options):
        unreadable = 0
        with unscoped("rotating the field keys"):
            for model, field in encrypted_columns():
                unreadable += self._tell(
                    f"{model.__name__}.{field.name}", rotate_column(model, field, batch=batch)
                )
            for model in works():
                unreadable += self._tell(
                    f"{model.__name__}.payload", rotate_payloads(model, batch=batch)
                )
        if unreadable:
            self.stderr.write("Unreadable values need a key that is no longer in FIELD_KEYS.")
            raise SystemExit(1)

    def _tell(self, what: str, counted: tuple[int, int, int]) -> int:
        rotated, kept, bad = counted
        self.stdout.write(
            f"{what}: {rotated} rotated, {kept} already under the first key, {bad} unreadable"
        )
        return bad


def encrypted_columns() -> Iterator[tuple[type[models.Model], models.Field]]:
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field


def rotate_column(model, field, *, batch: int) -> tuple[int, int, int]:
    """How many values were rotated, stood under the first key already, cannot be read."""
    rotated = kept = bad = 0
    newest = Fernet(settings.FIELD_KEYS[0])
    quote = connection.ops.quote_name
    table, column = quote(model._meta.db_table), quote(field.column)
    last = 0
    while rows := _next_rows(table, column, last, batch):
        for pk, token in rows:
            last = pk
            if is_under(newest, token):
                kept += 1
                continue
            try:
                anew = cipher().rotate(token.encode()).decode()
            except InvalidToken:
                bad += 1
                continue
            with connection.cursor() as cursor:
                # Somebody may have saved another value meanwhile: theirs stays.
                cursor.execute(
                    f"UPDATE {table} SET {column} = %s WHERE id = %s AND {column} = %s",  # noqa: S608
                    [anew, pk, token],
                )
            rotated += 1
    return rotated, kept, bad


def works() -> Iterator[type[Work]]:
    return (model for model in apps.get_models() if issubclass(model, Work))


def rotate_payloads(model: type[Work], *, batch: int) -> tuple[int, int, int]:
    """The same of the texts about the buyer that frozen payloads hold."""
    rotated = kept = bad = 0
    newest = Fernet(settings.FIELD_KEYS[0])
    last = 0
    frozen = model.objects.filter(payload__isnull=False).order_by("pk")
    while rows := frozen.filter(pk__gt=last).values_list("pk", "payload", "payload_digest")[:batch]:
        for pk, payload, digest in rows:
            last = pk
            try:
                anew = resealed(payload, newest)
            except InvalidToken:
                bad += 1
                continue
            if anew == payload:
                kept += 1
                continue
            # A worker may have frozen another one meanwhile: it stays.
            model.objects.filter(pk=pk, payload_digest=digest).update(payload=anew)
            rotated += 1
    return rotated, kept, bad


def _next_rows(table: str, column: str, after: int, batch: int) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {column} FROM {table} WHERE id > %s AND {column} <> ''"  # noqa: S608
            " ORDER BY id LIMIT %s",
            [after, batch],
        )
        return cursor.fetchall()
