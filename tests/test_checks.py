"""`./run check` and `./run bench`: lists, unknown names, and raw output that is kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import benchmarks
from tests.checks import kept
from tests.checks.__main__ import checks
from tests.checks.starting import start

ROOT = Path(__file__).resolve().parents[1]


def test_the_list_has_every_package_with_the_first_line_of_its_docstring(capsys):
    assert start("check", "checks", checks(), []) == 0
    listed = capsys.readouterr().out
    packages = [path for path in (ROOT / "tests" / "checks").iterdir() if any(path.glob("*.py"))]
    assert {"late", "mutations", "random_orders"} <= {path.name for path in packages}
    for package in packages:
        assert (package / "__init__.py").exists(), f"{package} does not say what it checks"
        assert f"  {package.name.replace('_', '-')} " in listed
    assert "a database that stops under load: 30 minutes" in listed


@pytest.mark.parametrize("known", [checks(), benchmarks()], ids=["check", "bench"])
def test_each_says_in_one_line_what_it_does_and_how_long_it_takes(known):
    assert known
    for name, startable in known.items():
        assert ": " in startable.line, f"{name} does not say how long it takes"
        assert startable.line.rstrip(".").endswith(("minute", "minutes", "seconds")), name


@pytest.mark.parametrize("what", ["check", "bench"])
def test_the_readme_names_each(what):
    known = {"check": checks(), "bench": benchmarks()}[what]
    readme = (ROOT / "README.md").read_text()
    assert [name for name in known if f"./run {what} {name}" not in readme] == []


def test_an_unknown_part_of_a_check_is_no_success():
    """Nothing measured would be nothing wrong."""
    command = [sys.executable, "-m", "tests.checks.masking", "figrues"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert answer.returncode == 2
    assert "figrues" in answer.stderr


def test_a_benchmark_is_what_has_a_main_function():
    assert "document-cost" in benchmarks()
    assert not [name for name in benchmarks() if name.startswith("--")]


@pytest.mark.parametrize("what", ["check", "bench"])
def test_an_unknown_name_is_an_error_with_the_list(what):
    module = {"check": "tests.checks", "bench": "benchmarks"}[what]
    answer = subprocess.run(
        [sys.executable, "-m", module, "no-such-thing"], cwd=ROOT, capture_output=True, text=True
    )
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert f"{what}: there is none named 'no-such-thing'." in answer.stderr
    assert f"./run {what} NAME" in answer.stderr


def test_what_a_check_says_and_keeps_lies_in_a_folder_of_its_run(tmp_path):
    """A name is taken with either stroke; arguments are passed on; the exit code comes back."""
    program = (
        "import sys; from pathlib import Path; from tests.checks import kept, machine;"
        "(kept.folder() / 'raw.txt').write_text('1 2 3');"
        "machine.figure('42 things'); print(sys.argv[1:], file=sys.stderr); sys.exit(3)"
    )
    code = (
        "import sys; from tests.checks.starting import *;"
        f"known = {{'some-thing': Startable('', (sys.executable, '-c', {program!r}))}};"
        "sys.exit(start('check', 'checks', known, ['some_thing', '--orders', '5']))"
    )
    ends = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PATH": "/usr/bin:/bin", "VAR": str(tmp_path)},
            capture_output=True,
            text=True,
        )
        for _ in range(2)
    ]
    runs = sorted((tmp_path / "checks" / "some-thing").iterdir())
    assert [end.returncode for end in ends] == [3, 3]
    assert len(runs) == 2, "a second run does not write over the first"
    for run, end in zip(runs, ends, strict=True):
        said = (run / "output.txt").read_text()
        assert (run / "raw.txt").read_text() == "1 2 3"
        assert "['--orders', '5']" in said
        [figure] = [line for line in said.splitlines() if line.startswith("42 things")]
        for word in (" cores, ", "Python 3.", "SQLite 3.", "load "):
            assert word in figure
        assert "ended with 3, load " in said
        assert said in end.stdout
        assert str(run) in end.stdout


def test_a_check_that_nobody_started_keeps_its_output_all_the_same(monkeypatch):
    monkeypatch.setenv(kept.VARIABLE, "of an earlier run")
    monkeypatch.delenv(kept.VARIABLE)
    made = kept.folder()
    assert made.is_dir()
    assert kept.folder() == made
    made.rmdir()


def test_a_folder_of_tests_is_given_to_pytest_with_the_arguments(tmp_path):
    collected = subprocess.run(
        [ROOT / "run", "check", "late", "--collect-only", "-q"],
        env={**os.environ, "VAR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert collected.returncode == 0, collected.stderr
    assert "test_five_stops_of_the_database_in_ten_minutes_need_nobody" in collected.stdout
