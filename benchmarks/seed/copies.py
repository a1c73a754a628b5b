"""Copies rows with statements of the database; each copy is earlier and has numbers of its own.

One row of the sample is one statement: `INSERT … SELECT` over a series 1 … n. A copy differs from
its row in its ids, its moments, and the words that distinguish orders: its number, its buyer's
family name, markers, ids of Alegra, digests. SQLite and PostgreSQL get the same rows.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models, transaction
from django.db.models import F

from benchmarks.seed.sample import FAMILY, Comercio
from integrations.documents.models import (
    Document,
    DocumentAttempt,
    DocumentProblem,
    DocumentStateChange,
    DocumentStep,
)
from integrations.orders.models import Order, OrderEvent, OrderLine, OrderStatusTime
from integrations.payments.models import (
    Payment,
    PaymentAttempt,
    PaymentProblem,
    PaymentStateChange,
    PaymentStep,
)
from integrations.scoping.context import scope, unscoped
from integrations.sending.models import Cause

# Each table comes before those whose foreign keys point at it.
COPIED: tuple[type[models.Model], ...] = (
    Order, OrderLine, OrderStatusTime, OrderEvent,
    Document, DocumentStateChange, DocumentStep, DocumentAttempt, DocumentProblem,
    Payment, PaymentStateChange, PaymentStep, PaymentAttempt, PaymentProblem,
)  # fmt: skip
# Only the newest copies have rows of these. The evidence of calls and deliveries is most of a
# database, and only the page of one order reads it.
_OF_THE_NEWEST = (OrderEvent, DocumentStep, DocumentAttempt, PaymentStep, PaymentAttempt)
NEWEST_PART = 20

# The copies are spread over these two years.
_SECONDS = 730 * 24 * 3600
# The distance between the order numbers, and between the ids of Alegra, of two copies of a row.
_NUMBERS_APART, _IDS_APART = 1_000, 1_000_000
_TELLS_APART = {"body_digest": 64, "call_id": 32}


@dataclass(frozen=True)
class Expression:
    """A piece of SQL over `k`, the number of the copy, with its parameters."""

    sql: str
    params: tuple[Any, ...] = ()

    @classmethod
    def of(cls, value: Any) -> Expression:
        return cls("%s", (value,))


def copy_all(comercio: Comercio, copies: int) -> Counter[str]:
    """Make this number of copies of each order in the comercio's sample. Return how many rows each
    table has then. Each order is copied with all its rows in one transaction."""
    with scope(comercio.organization.pk):
        sample = {model: list(model.objects.order_by("pk")) for model in COPIED}  # type: ignore[attr-defined]
        copying = _Copying(sample, copies)
        for order in sample[Order]:
            with transaction.atomic():
                copying.copy(order)
        Cause.objects.update(
            open_count=F("open_count") * (copies + 1), pesos=F("pesos") * (copies + 1)
        )
    copying.raise_sequences()
    return Counter({model._meta.db_table: len(rows) for model, rows in sample.items()}) + Counter(
        copying.made
    )


class _Copying:
    def __init__(self, sample: dict[type[models.Model], list[Any]], copies: int) -> None:
        self.sample, self.copies = sample, copies
        self.made: Counter[str] = Counter()
        self._step = max(1, _SECONDS // max(1, copies))
        self._series = _series()
        # The id of copy `k` of a row is the number here plus `k`.
        self._base = {model: dict(_bases(model, rows, copies)) for model, rows in sample.items()}
        self._of_order = {model: _by_order(rows, sample) for model, rows in sample.items()}

    def copy(self, order: Order) -> None:
        words = _Words(order, [*self._rows(Document, order), *self._rows(Payment, order)])
        with connection.cursor() as cursor:
            for model in COPIED:
                copies = self._how_many(model)
                for row in self._rows(model, order):
                    self._insert(cursor, model, row, words, copies)

    def raise_sequences(self) -> None:
        """Move PostgreSQL's sequences behind the ids that were written. SQLite needs nothing."""
        if connection.vendor != "postgresql":
            return
        with connection.cursor() as cursor:
            for model in COPIED:
                table = model._meta.db_table
                with unscoped("the ids of all comercios"):
                    cursor.execute(f"SELECT max(id) FROM {table}")  # noqa: S608 - our own name
                    (last,) = cursor.fetchone()
                cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
                (sequence,) = cursor.fetchone()
                cursor.execute(f"SELECT nextval('{sequence}')")
                (at,) = cursor.fetchone()
                if last and last > at:
                    cursor.execute(
                        f"SELECT count(nextval('{sequence}')) FROM generate_series(1, %s)",  # noqa: S608
                        [last - at],
                    )

    def _rows(self, model: type[models.Model], order: Order) -> list[Any]:
        return self._of_order[model].get(order.pk, [])

    def _how_many(self, model: type[models.Model]) -> int:
        if model in _OF_THE_NEWEST:
            return -(-self.copies // NEWEST_PART)
        return self.copies

    def _insert(
        self, cursor: Any, model: type[models.Model], row: Any, words: _Words, copies: int
    ) -> None:
        fields = model._meta.concrete_fields
        told = [self._value(model, field, row, words) for field in fields]
        columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
        chosen = ", ".join(_as(field, each.sql) for field, each in zip(fields, told, strict=True))
        sql = (
            f"INSERT INTO {model._meta.db_table} ({columns}) "  # noqa: S608 - names of ours
            f"SELECT {chosen} FROM {self._series}"
        )
        params = [each for expression in told for each in expression.params]
        if connection.vendor == "sqlite":
            # In SQLite's statement the series comes first, and so does its parameter.
            sql = f"WITH RECURSIVE {_RECURSIVE} {sql}"
            params = [copies, *params]
        else:
            params = [*params, copies]
        cursor.execute(sql, params)
        self.made[model._meta.db_table] += copies

    def _value(self, model: type[models.Model], field: Any, row: Any, words: _Words) -> Expression:
        value = getattr(row, field.attname)
        if field.primary_key:
            return Expression(f"{self._base[model][row.pk]} + k")
        if value is None:
            return Expression("NULL")
        if field.is_relation:
            bases = self._base.get(field.related_model, {})
            return Expression(f"{bases[value]} + k") if value in bases else Expression.of(value)
        if field.name in _TELLS_APART:
            kept = str(value)[: _TELLS_APART[field.name] - 10]
            return Expression(f"%s || {_ten_digits('k')}", (kept,))
        if field.name == "body":
            return Expression("''")  # reduced, as the portal does after three months
        if field.name == "made_of":
            return Expression.of("{}")  # it would name the buyer of the sample
        if field.name == "alegra_id" and str(value).isdigit():
            return Expression(f"CAST({int(value)} + k * {_IDS_APART} AS text)")
        if field.name == "alegra_id" and value:
            return Expression(f"%s || {_ten_digits('k')}", (str(value)[:-10],))
        if model is Document and field.name in ("number", "number_key") and value:
            return Expression(f"%s || {_ten_digits('k')}", (value,))
        return self._plain(field, value, words)

    def _plain(self, field: Any, value: Any, words: _Words) -> Expression:
        if isinstance(value, datetime):
            return self._moment(field, value)
        if isinstance(value, date):
            return self._day(value)
        if isinstance(field, models.JSONField):
            return words.varied(json.dumps(value, cls=field.encoder, ensure_ascii=False))
        if isinstance(value, str):
            return words.varied(field.get_prep_value(value))
        if isinstance(value, Decimal):
            return Expression.of(str(value))
        return Expression.of(value)

    def _moment(self, field: Any, value: datetime) -> Expression:
        told = field.get_db_prep_value(value, connection)
        if connection.vendor == "postgresql":
            return Expression(
                f"CAST(%s AS timestamptz) - k * interval '{self._step} seconds'", (told,)
            )
        # SQLite compares moments as texts, so the fraction stays as Django writes it.
        text = str(told)
        return Expression(
            "strftime('%%Y-%%m-%%d %%H:%%M:%%S', %s,"
            f" '-' || (k * {self._step}) || ' seconds') || %s",
            (text[:19], text[19:]),
        )

    def _day(self, value: date) -> Expression:
        days = f"(k * {self._step}) / 86400"
        if connection.vendor == "postgresql":
            return Expression(f"CAST(%s AS date) - CAST({days} AS integer)", (value.isoformat(),))
        return Expression(f"date(%s, '-' || ({days}) || ' days')", (value.isoformat(),))


class _Words:
    """The words of an order that each copy replaces, wherever a text holds them."""

    def __init__(self, order: Order, works: Iterable[Any]) -> None:
        number = f"CAST({int(order.number)} + k * {_NUMBERS_APART} AS text)"
        self._become = {
            order.number: number,
            FAMILY: _name_of("BaCaDaFaGaLaMaNaPaRaSaTaVaMoRoLoToSoPoDo"),
            FAMILY.lower(): _name_of("bacadafagalamanaparasatavamorolotosopodo"),
        }
        for work in works:
            if work.marker:
                self._become[work.marker] = _marker_of(work.marker)
        longest_first = sorted(self._become, key=len, reverse=True)
        self._found = re.compile("|".join(map(re.escape, longest_first)))

    def varied(self, text: str) -> Expression:
        parts: list[str] = []
        params: list[str] = []
        at = 0
        for match in self._found.finditer(text):
            if match.start() > at:
                parts.append("%s")
                params.append(text[at : match.start()])
            parts.append(self._become[match.group()])
            at = match.end()
        if at < len(text) or not parts:
            parts.append("%s")
            params.append(text[at:])
        return Expression(" || ".join(parts), tuple(params))


def _name_of(syllables: str) -> str:
    """SQL for one of 8,000 names, computed from k out of twenty syllables of two letters."""
    later = syllables.lower()
    return (
        f"substr('{syllables}', 1 + 2 * CAST(k % 20 AS integer), 2)"
        f" || substr('{later}', 1 + 2 * CAST((k / 20) % 20 AS integer), 2)"
        f" || substr('{later}', 1 + 2 * CAST((k / 400) % 20 AS integer), 2)"
    ).replace("%", "%%")


def _marker_of(marker: str) -> str:
    """SQL for the marker with seven of its characters replaced by k, in characters of base32."""
    written = "substr(CAST(10000000 + k AS text), 2)"
    for digit, letter in zip("0189", "ABCD", strict=True):
        written = f"replace({written}, '{digit}', '{letter}')"
    return f"'{marker[:5]}' || {written} || '{marker[12:]}'"


def _ten_digits(what: str) -> str:
    return f"substr(CAST(10000000000 + {what} AS text), 2)"


_RECURSIVE = "series(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM series WHERE k < %s)"


def _series() -> str:
    if connection.vendor == "postgresql":
        return "(SELECT CAST(g AS bigint) AS k FROM generate_series(1, %s) AS g) AS series"
    return "series"


def _as(field: Any, sql: str) -> str:
    """PostgreSQL needs a cast to the type of the column; SQLite keeps what it is given."""
    if connection.vendor != "postgresql":
        return sql
    kind = (field.target_field if field.is_relation else field).db_type(connection)
    return f"CAST({sql} AS {kind.partition(' COLLATE')[0]})"


def _bases(model: type[models.Model], rows: list[Any], copies: int) -> Iterator[tuple[int, int]]:
    with unscoped("the ids of all comercios"):
        last = model.objects.aggregate(last=models.Max("pk"))["last"] or 0  # type: ignore[attr-defined]
    for place, row in enumerate(rows):
        yield row.pk, last + place * copies


def _by_order(rows: list[Any], sample: dict[type[models.Model], list[Any]]) -> dict[int, list]:
    """The rows by the id of the order that they belong to, directly or through other rows."""
    found: dict[int, list] = {}
    for row in rows:
        found.setdefault(_order_of(row, sample), []).append(row)
    return found


def _order_of(row: Any, sample: dict[type[models.Model], list[Any]]) -> int:
    if isinstance(row, Order):
        return row.pk
    if getattr(row, "order_id", None):
        return row.order_id
    above = row.work if hasattr(row, "work_id") else row.step
    return _order_of(above, sample)
