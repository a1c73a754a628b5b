"""What an installation was made by is never edited."""

from __future__ import annotations

import hashlib

import pytest

from integrations import migrations
from tests.migrations import kept

FOLDER = kept.Path(migrations.__path__[0])
# A released migration, and the SHA-256 of its file.
FINAL = {
    "0001_initial": "20168e73c367596ff5adc172df0a797e3bd46fa1f5793a2f8446cb5532a92a86",
}


@pytest.mark.parametrize("name", FINAL)
def test_a_released_migration_is_as_it_was(name):
    source = (FOLDER / f"{name}.py").read_bytes()
    assert hashlib.sha256(source).hexdigest() == FINAL[name], "write a migration that follows it"


def test_every_schema_that_is_kept_is_of_a_released_migration():
    assert {path.stem for path in kept.FOLDER.glob("*.json")} <= set(FINAL)
