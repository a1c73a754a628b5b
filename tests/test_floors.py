"""The house stands: a room imports from floors below it and from itself, nothing else.

The floors are data. Side by side means independent. The ground knows no Django; the garden
(the simulators) knows nothing of the house, and the house nothing of the garden.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "integrations"

# From the lowest up. Within `who`, each may import the one before it.
GROUND = ("alegra", "mastershop", "colombia")
WHO = ("timekeeping", "scoping", "audit", "tenancy")
FLOORS = (
    ("connections", "notifications"),
    ("sending",),
    ("configuration", "catalog", "triggers"),
    ("orders", "inventory"),
    ("documents",),
    ("payments",),
    ("intake",),
    ("returns", "reconciliation"),
    ("books",),
    ("history", "dashboard", "attention"),
)
GARDEN = "simulators"
ROOF = {
    "urls",
    "admin",
    "models",
    "tasks",
    "apps",
    "templatetags",
    "management",
    "migrations",
    "demo",
}


def _level(room: str) -> int:
    """0 is the ground; a higher number may import a lower one."""
    if room in GROUND:
        return 0
    if room in WHO:
        return 1 + WHO.index(room)
    for number, floor in enumerate(FLOORS):
        if room in floor:
            return 1 + len(WHO) + number
    raise KeyError(room)


def _modules():
    for path in sorted(APP.rglob("*.py")):
        parts = path.relative_to(APP).with_suffix("").parts
        if "__pycache__" not in parts:
            yield path, parts


def _imports(path: Path):
    """(line, dotted name) of every import, also those inside functions."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield node.lineno, name.name
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                here = path.relative_to(ROOT).parts[: -node.level]
                module = ".".join(filter(None, [*here, module]))
            yield node.lineno, module
            for name in node.names:
                yield node.lineno, f"{module}.{name.name}"


def _room_of(dotted: str) -> str | None:
    parts = dotted.split(".")
    return parts[1] if parts[0] == "integrations" and len(parts) > 1 else None


def _wrongs() -> list[str]:
    wrong = []
    for path, parts in _modules():
        room = parts[0]
        if room in ROOF or room == "__init__":
            continue
        for line, name in _imports(path):
            target = _room_of(name)
            if target is None or target == room:
                continue
            allowed = (
                target not in ROOF
                and GARDEN not in (room, target)
                and _level(target) < _level(room)
                and room not in GROUND
            )
            if not allowed:
                wrong.append(f"{path.relative_to(ROOT)}:{line} {room} → {target}")
    return sorted(set(wrong))


def test_every_room_has_its_place():
    for folder in APP.iterdir():
        if folder.is_dir() and (folder / "__init__.py").exists():
            assert folder.name in ROOF or folder.name == GARDEN or _level(folder.name) >= 0


def test_imports_point_down():
    assert _wrongs() == []


@pytest.mark.parametrize("room", [*GROUND, GARDEN])
def test_the_ground_and_the_garden_know_no_django(room):
    for path in (APP / room).rglob("*.py"):
        for line, name in _imports(path):
            assert name.split(".")[0] not in {"django", "celery"}, f"{path}:{line} {name}"


def test_nothing_of_the_house_imports_the_garden():
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path, parts in _modules()
        if parts[0] not in (GARDEN, "management")
        for line, name in _imports(path)
        if _room_of(name) == GARDEN
    ]
    assert found == []


def test_every_room_says_what_it_is_for_and_nothing_else():
    for folder in APP.iterdir():
        init = folder / "__init__.py"
        if not init.exists() or folder.name in ROOF:
            continue
        tree = ast.parse(init.read_text())
        assert ast.get_docstring(tree), init
        assert len(tree.body) == 1, f"{init} holds more than its docstring"


@pytest.mark.parametrize(
    "name", ["utils", "helpers", "managers", "services", "common", "constants", "misc"]
)
def test_no_module_is_named_after_nothing(name):
    assert not list(APP.rglob(f"{name}.py"))
    assert not [folder for folder in APP.rglob(name) if folder.is_dir()]


def test_files_stay_small():
    long = [
        str(path.relative_to(ROOT))
        for path, parts in _modules()
        if "migrations" not in parts and len(path.read_text().splitlines()) > 400
    ]
    assert long == []
