"""What a model knows of itself is asked of it: the same rule is not written again elsewhere."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parent.parent / "integrations"
# Where the rules are written.
THEIR_PLACE = {
    "connections/querysets.py",
    "connections/copied.py",
    "connections/models.py",
    "connections/hold.py",
    "sending/querysets.py",
    "sending/models.py",
    "catalog/usable.py",
}
ASKING = {"filter", "exclude", "get", "Q", "aggregate", "Count", "Sum"}
INSTEAD = {
    "ARCHIVED": "Integration.objects.active(), .archived() or .is_archived",
    "archived": "Integration.objects.active(), .archived() or .is_archived",
    "OPEN": "Cause.objects.open() or .is_open",
    "missing_since": ".present(), .usable() or .is_present",
}


def _of_state(node: ast.expr) -> str:
    """ "OPEN" of `Cause.State.OPEN`; '' for what is no state of these models."""
    if isinstance(node, ast.Constant) and node.value == "archived":
        return "archived"
    if isinstance(node, ast.Attribute) and node.attr in INSTEAD:
        return node.attr
    return ""


def rewritten(source: str) -> list[tuple[int, str]]:
    """(line, what to write instead) of each rule of a model that is written by hand."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            for each in node.keywords if name in ASKING else []:
                last = (each.arg or "").split("__")
                if "missing_since" in last:
                    found.append((node.lineno, INSTEAD["missing_since"]))
                elif last[-1] == "state" and _of_state(each.value):
                    found.append((node.lineno, INSTEAD[_of_state(each.value)]))
        elif isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            names = {getattr(side, "attr", "") for side in sides}
            if "missing_since" in names:
                found.append((node.lineno, INSTEAD["missing_since"]))
            elif "state" in names:
                states = [_of_state(side) for side in sides]
                found += [(node.lineno, INSTEAD[state]) for state in states if state]
    return found


@pytest.mark.parametrize(
    "line",
    [
        "Integration.objects.exclude(state=Integration.State.ARCHIVED)",
        "causes.exclude(integration__state=Integration.State.ARCHIVED)",
        "Cause.objects.filter(code=code, state=Cause.State.OPEN)",
        "DocumentProblem.objects.filter(cause__state=Cause.State.OPEN)",
        "Q(link__item__missing_since__isnull=False)",
        "ReferenceEntry.objects.filter(is_active=True, missing_since=None)",
        "integration.state == Integration.State.ARCHIVED",
        "entry.missing_since is not None or not entry.is_active",
    ],
)
def test_a_rule_written_again_is_seen(line):
    assert rewritten(line)


def test_rules_of_models_are_asked_of_them():
    found = [
        f"{path.relative_to(APP)}:{line} use {instead}"
        for path in sorted(APP.rglob("*.py"))
        if str(path.relative_to(APP)) not in THEIR_PLACE and "migrations" not in path.parts
        for line, instead in rewritten(path.read_text())
    ]
    assert found == []
