"""Reading single values of a JSON document that nobody vouches for.

Every function takes anything JSON can hold, at any size, and answers a clean value or the
"missing" one of its kind; none raises. MasterShop reference: data quality.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

# The literal texts that stand for "nothing was filled in".
_MISSING_TEXTS = frozenset({"", "sin datos", "null", "undefined"})

# Python integers of more bits than this are noise: rendering one can cost seconds or raise.
_LARGEST_BITS = 200
# Longer than any identifier of theirs.
LONGEST_KEY = 64
_LARGEST_AMOUNT = Decimal(10) ** 15
_FINEST_STEP = Decimal("0.000001")
_BOGOTA = ZoneInfo("America/Bogota")
_FIRST_YEAR, _LAST_YEAR = 2000, 2100

_TEXT_OF = ("text", "note", "body", "content", "message", "value", "texto", "nota", "mensaje")
# Control characters (NUL cannot be stored by PostgreSQL) and lone surrogates (cannot be encoded).
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_SPACES = re.compile(r"\s+")
_CURRENCY_MARK = re.compile(r"(?i)^(?:cop|\$)+|(?:cop|\$)+$")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_GROUPED = {
    # thousands sign -> "174.900", "1.174.900,50"
    ".": re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?", re.ASCII),
    ",": re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?", re.ASCII),
}
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_WHOLE_QUANTITY = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)


def text(value: Any, *, limit: int = 500) -> str:
    """The value as one clean line of at most `limit` characters; '' when nothing was said.

    Numbers are written out (a phone or a document may come as one); booleans, lists and objects
    are not text.
    """
    if isinstance(value, str):
        # Cut before the work: a text of megabytes must not be scanned three times.
        line = _SPACES.sub(" ", _UNPRINTABLE.sub(" ", value[: limit * 4])).strip()[:limit].strip()
        return "" if line.casefold() in _MISSING_TEXTS else line
    if isinstance(value, bool):
        return ""
    if isinstance(value, int):
        return str(value)[:limit] if value.bit_length() <= _LARGEST_BITS else ""
    exact = number(value) if isinstance(value, float | Decimal) else None
    return "" if exact is None else format(exact, "f")[:limit]


def number(value: Any) -> Decimal | None:
    """The value as an amount, or None when it is not one.

    A text may carry thousands separators of either habit and a peso sign: "174.900" and
    "174,900" are both 174900, because prices in pesos have no thousandths.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return _bounded(Decimal(value)) if value.bit_length() <= _LARGEST_BITS else None
    if isinstance(value, float):
        return _bounded(Decimal(repr(value)))
    if isinstance(value, Decimal):
        return _bounded(value)
    if isinstance(value, str) and len(value) <= 60:
        return _number_in(value)
    return None


def _number_in(value: str) -> Decimal | None:
    compact = _SPACES.sub("", value).replace("'", "").replace("’", "")
    compact = _CURRENCY_MARK.sub("", compact)
    if _GROUPED["."].fullmatch(compact):
        plain = compact.replace(".", "").replace(",", ".")
    elif _GROUPED[","].fullmatch(compact):
        plain = compact.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(compact):
        plain = compact.replace(",", ".")
    elif _PLAIN_NUMBER.fullmatch(compact):
        plain = compact
    else:
        return None
    return _bounded(Decimal(plain))


def _bounded(amount: Decimal) -> Decimal | None:
    """The amount without needless zeros, at most six decimals; None when absurd or not finite."""
    try:
        if not amount.is_finite() or abs(amount) >= _LARGEST_AMOUNT:
            return None
        # Compare first: rounding a number of 10^-400 is fine, one of many digits may not be.
        exponent = amount.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -6:
            amount = amount.quantize(_FINEST_STEP)
        if amount == amount.to_integral_value():
            return amount.quantize(Decimal(1)) + 0  # + 0 turns -0 into 0
        return amount.normalize()
    except InvalidOperation:
        return None


def quantity(value: Any) -> Decimal | None:
    """Units as told, or None. In a text the separator is a decimal one ("1.000" is one unit):
    reading it as thousands would bill a thousandfold."""
    if isinstance(value, str):
        compact = value.strip()
        if len(compact) > 30 or not _WHOLE_QUANTITY.fullmatch(compact):
            return None
        return _bounded(Decimal(compact.replace(",", ".")))
    return number(value)


def key(value: Any) -> str:
    """An identifier as text; '' for null, booleans, zero, negatives and what else is none."""
    if isinstance(value, float | Decimal):
        exact = number(value)
        whole = exact is not None and exact == exact.to_integral_value()
        value = int(exact) if exact is not None and whole else None
    if isinstance(value, int) and value <= 0:
        return ""
    if isinstance(value, str) and len(value) > LONGEST_KEY:
        return ""  # cutting an identifier would make two orders look like one
    line = text(value, limit=LONGEST_KEY)
    return "" if line.strip("0") == "" else line


def moment(value: Any) -> datetime | None:
    """An aware UTC moment, or None. A time without zone is Bogotá's, where MasterShop's clocks
    hang; whole numbers are read as seconds or milliseconds since 1970."""
    try:
        if isinstance(value, str):
            return _plausible(_iso(value))
        exact = number(value)
        if exact is None:
            return None
        seconds = exact / 1000 if exact > 10**11 else exact
        return _plausible(datetime.fromtimestamp(float(seconds), tz=UTC))
    except (ValueError, OverflowError, OSError):
        return None


def has_zone(value: Any) -> bool:
    """Whether a moment that can be read says which zone it is in."""
    try:
        return not isinstance(value, str) or bool(_iso(value).tzinfo)
    except ValueError:
        return True


def _iso(value: str) -> datetime:
    return datetime.fromisoformat(value.strip()[:40])


def _plausible(when: datetime) -> datetime | None:
    if not _FIRST_YEAR <= when.year < _LAST_YEAR:
        return None
    return (when.replace(tzinfo=_BOGOTA) if when.tzinfo is None else when).astimezone(UTC)


def flag(value: Any) -> bool:
    """True only for what plainly says yes."""
    if isinstance(value, str):
        return value.strip().casefold() in {"true", "1", "si", "sí", "yes"}
    return value is True or (isinstance(value, int) and value == 1)


def texts(value: Any, *, most: int = 50) -> tuple[str, ...]:
    """A list of texts, or one text alone, as a tuple without the empty ones. A text may be an
    object with its author or its date."""
    entries = value if isinstance(value, list | tuple) else [value]
    return tuple(line for entry in entries[:most] if (line := text(_said_in(entry))))


def _said_in(entry: Any) -> Any:
    return Fields(entry).first(*_TEXT_OF) if isinstance(entry, Mapping) else entry


class Fields:
    """A JSON object read by field name, whatever its spelling.

    `id_order`, `idOrder` and `Id-Order` are one name, as are `order_items` and `order_Items`.
    Of several spellings in one object the first with something in it counts.
    """

    def __init__(self, value: Any) -> None:
        self._values: dict[str, Any] = {}
        self._names: dict[str, str] = {}
        self._objects: dict[str, Fields] = {}
        if not isinstance(value, Mapping):
            return
        for name, content in value.items():
            if isinstance(name, str) and len(name) <= 80:
                folded = _fold(name)
                if _is_empty(self._values.get(folded)):
                    self._values[folded] = content
                    self._names[folded] = name

    def __bool__(self) -> bool:
        return bool(self._values)

    def first(self, *names: str) -> Any:
        """The first of these fields that holds something, else None."""
        for name in names:
            content = self._values.get(_fold(name))
            if not _is_empty(content):
                return content
        return None

    def has(self, *names: str) -> bool:
        """Whether any of these fields is there, even if it is null."""
        return any(_fold(name) in self._values for name in names)

    def all(self) -> list[tuple[str, Any]]:
        """Every field that holds something, by its folded name: `giftcard` for `gift_card`."""
        return [(name, held) for name, held in self._values.items() if not _is_empty(held)]

    def named(self) -> list[tuple[str, Any]]:
        """The same by their names as they are spelled."""
        return [(self._names[name], held) for name, held in self.all()]

    def object(self, *names: str) -> Fields:
        """The first of these fields that is an object; an empty one when none is."""
        for name in names:
            folded = _fold(name)
            if folded in self._objects:
                return self._objects[folded]
            content = self._values.get(folded)
            if isinstance(content, Mapping) and content:
                self._objects[folded] = found = Fields(content)
                return found
        return Fields({})


# Names of fields, which come again with each body.
@lru_cache(maxsize=4096)
def _fold(name: str) -> str:
    return name.replace("_", "").replace("-", "").replace(" ", "").casefold()


def _is_empty(content: Any) -> bool:
    return content is None or (isinstance(content, str | list | dict) and not content)
