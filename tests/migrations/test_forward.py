"""What an installation has today goes forward to the newest schema, on both databases."""

from __future__ import annotations

import pytest

from tests.migrations import kept, worlds

KEPT = sorted(path.stem for path in kept.FOLDER.glob("*.json"))


@pytest.mark.django_db
@pytest.mark.parametrize("name", KEPT)
def test_a_kept_database_comes_to_the_newest_schema_with_all_that_it_had(name, tmp_path):
    with worlds.empty_database() as database:
        env = worlds.environment(tmp_path, database)
        told = worlds.run("tests.migrations.forward", name, env=env)
    assert told["differences"] == []
    assert len(told["pages"]) > 20
    assert {address: seen for address, seen in told["pages"].items() if seen != [200, True]} == {}
    assert told["webhook"] == [200, 1]


@pytest.mark.django_db
def test_there_is_one_of_the_first_schema_with_rows_of_every_table():
    rows = kept.load(kept.FOLDER / f"{KEPT[0]}.json")
    tables = {model._meta.db_table for model in kept.models_at(KEPT[0])}
    without = {table for table in tables if not rows.get(table)}
    # Joins of Django's own rights, which the portal does not use.
    assert without <= {"integrations_user_groups", "integrations_user_user_permissions"}
