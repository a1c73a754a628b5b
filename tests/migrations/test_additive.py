"""After the first migration every other one only adds."""

from __future__ import annotations

import itertools

import pytest
from django.db import models
from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tests.migrations.additive import faults
from tests.migrations.kept import APP


def migration(*operations, name="0002_next") -> Migration:
    made = Migration(name, APP)
    made.operations = list(operations)
    return made


def check(name: str, *values: str, **more: object) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(state__in=list(values), **more), name=name)


def of_two(name: str, *values: str) -> models.CheckConstraint:
    """One of two lists, each with something else that must hold."""
    light = models.Q(state__in=["here", "gone"], weight__isnull=True)
    heavy = models.Q(state__in=list(values), weight__isnull=False)
    return models.CheckConstraint(condition=light | heavy, name=name)


@pytest.fixture(scope="module")
def before() -> ProjectState:
    """One table with rows."""
    state = ProjectState()
    made = ops.CreateModel(
        "Parcel",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("number", models.CharField(max_length=20)),
            ("weight", models.IntegerField(null=True)),
            ("state", models.CharField(max_length=8)),
            ("is_old", models.BooleanField(db_default=False)),
        ],
        options={
            "constraints": [
                check("parcel_state", "here", "gone"),
                of_two("parcel_either", "far"),
                models.UniqueConstraint(fields=["number"], name="parcel_once"),
            ]
        },
    )
    made.state_forwards(APP, state)
    return state


ADDITIVE = {
    "a table": [ops.CreateModel("Box", [("id", models.BigAutoField(primary_key=True))])],
    "a constraint of a table just made": [
        ops.CreateModel(
            "Box",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("state", models.CharField(max_length=8)),
            ],
        ),
        ops.AddConstraint("box", check("box_state", "open")),
        ops.AddField("box", "size", models.IntegerField()),
    ],
    "a column that may be missing": [
        ops.AddField("parcel", "note", models.CharField(max_length=9, null=True))
    ],
    "a column the database fills": [
        ops.AddField("parcel", "is_big", models.BooleanField(db_default=False))
    ],
    "an index": [ops.AddIndex("parcel", models.Index(fields=["weight"], name="parcel_weight"))],
    "rows moved": [ops.RunPython(ops.RunPython.noop, ops.RunPython.noop)],
    "a longer text": [ops.AlterField("parcel", "number", models.CharField(max_length=40))],
    "other choices": [
        ops.AlterField("parcel", "state", models.CharField(max_length=8, choices=[("a", "b")]))
    ],
    "what may be missing now": [
        ops.AlterField("parcel", "number", models.CharField(max_length=20, null=True))
    ],
    "a wider check": [
        ops.RemoveConstraint("parcel", "parcel_state"),
        ops.AddConstraint("parcel", check("parcel_state", "here", "gone", "lost")),
    ],
    "a wider check of two lists": [
        ops.RemoveConstraint("parcel", "parcel_either"),
        ops.AddConstraint("parcel", of_two("parcel_either", "far", "away")),
    ],
}
NOT = {
    "a table gone": [ops.DeleteModel("Parcel")],
    "a table renamed": [ops.RenameModel("Parcel", "Packet")],
    "a column gone": [ops.RemoveField("parcel", "weight")],
    "a column renamed": [ops.RenameField("parcel", "weight", "grams")],
    "a column nobody fills": [
        ops.AddField("parcel", "note", models.CharField(max_length=9, default=""))
    ],
    "the same once": [
        ops.AddField("parcel", "place", models.IntegerField(db_default=0, unique=True))
    ],
    "what the database fills no more": [
        ops.AlterField("parcel", "is_old", models.BooleanField(default=False))
    ],
    "a shorter text": [ops.AlterField("parcel", "number", models.CharField(max_length=10))],
    "another kind": [ops.AlterField("parcel", "number", models.IntegerField())],
    "what must be there now": [ops.AlterField("parcel", "weight", models.IntegerField())],
    "a number once": [
        ops.AlterField("parcel", "weight", models.IntegerField(null=True, unique=True))
    ],
    "a narrower check": [
        ops.RemoveConstraint("parcel", "parcel_state"),
        ops.AddConstraint("parcel", check("parcel_state", "here")),
    ],
    "a check with a wider list that asks for more": [
        ops.RemoveConstraint("parcel", "parcel_state"),
        ops.AddConstraint("parcel", check("parcel_state", "here", "gone", "lost", weight__gt=0)),
    ],
    "a check without the next": [ops.RemoveConstraint("parcel", "parcel_state")],
    "a new check": [ops.AddConstraint("parcel", check("parcel_other", "here"))],
    "a new unique": [
        ops.AddConstraint(
            "parcel", models.UniqueConstraint(fields=["weight"], name="parcel_weight_once")
        )
    ],
    "a promise gone": [ops.RemoveConstraint("parcel", "parcel_once")],
    "rows moved without a way back": [ops.RunPython(ops.RunPython.noop)],
    "words of one database": [ops.RunSQL("SELECT 1")],
}


@pytest.mark.parametrize("what", ADDITIVE)
def test_what_only_adds_may_follow(before, what):
    assert faults(migration(*ADDITIVE[what]), before) == []


@pytest.mark.parametrize("what", NOT)
def test_what_takes_away_or_narrows_may_not(before, what):
    assert len(faults(migration(*NOT[what]), before)) == 1


def test_a_column_added_before_is_judged_as_one_with_rows(before):
    added = migration(ops.AddField("parcel", "note", models.CharField(max_length=9, null=True)))
    state = added.mutate_state(before)
    narrowed = migration(ops.AlterField("parcel", "note", models.CharField(max_length=9)))
    assert faults(narrowed, state) != []


def test_every_migration_after_the_first_only_adds():
    loader = MigrationLoader(None)
    ours = sorted(name for app, name in loader.disk_migrations if app == APP)
    for before, name in itertools.pairwise(ours):
        state = loader.project_state([(APP, before)])
        assert faults(loader.disk_migrations[APP, name], state) == []
