"""Names and numbers are found by prefix on a normalised key.

`>=` and `<` on a byte-ordered column use an index below a row-level policy too; `LIKE`
does not (architecture, *Tenancy*).
"""

from __future__ import annotations

import unicodedata

from django.db import models

MAX_LENGTH = 120
# The characters that are read for a key. More than a key holds, because signs and blanks go.
_LONGEST = 2_000


def normalised(text: str) -> str:
    """Without accents, case or repeated blanks, cut to the column's length.

    A NUL counts as a blank: no text of PostgreSQL's holds one, nor may a question about one.
    """
    plain = unicodedata.normalize("NFKD", text[:_LONGEST].replace("\x00", " "))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(plain.casefold().split())[:MAX_LENGTH]


def starts_with(field: str, text: str) -> models.Q:
    """Rows whose key begins with the text. Text that normalises to nothing matches all."""
    key = normalised(text)
    if not key:
        return models.Q()
    return models.Q(**{f"{field}__gte": key, f"{field}__lt": key + "\U0010ffff"})


class SearchKeyField(models.CharField):
    """Compared byte by byte, whatever the database's language."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", MAX_LENGTH)
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        parameters["collation"] = "C" if connection.vendor == "postgresql" else "BINARY"
        return parameters
