"""The list of mutations is true to the code: `./run check mutations` runs it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.checks.mutations import MUTATIONS

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_what_a_mutation_changes_stands_there_once_and_its_tests_exist(mutation):
    assert (ROOT / mutation.path).read_text().count(mutation.text) == 1
    assert mutation.killed_by
    for test in mutation.killed_by:
        path, _, name = test.partition("::")
        assert re.search(rf"^def {name}\(", (ROOT / path).read_text(), re.MULTILINE), test
