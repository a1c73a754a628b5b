"""What is checked in tells nothing of the machine it was made on."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-e2e.lock")
# Split, so that this file does not find itself.
NOT_OURS = re.compile(
    "|".join(
        [
            r"/wo" + r"rk/",
            r"/ro" + r"ot/",
            r"/ho" + r"me/\w+/",
            r"/Us" + r"ers/\w+/",
            r"index-" + r"url",
            r"art" + r"ifactory",
            r"nex" + r"us\.",
            r"local" + r"domain",
        ]
    ),
    re.IGNORECASE,
)
BINARY = {".png", ".jpg", ".woff2", ".ico", ".gz"}


def _tracked() -> list[Path]:
    answer = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if answer.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in answer.stdout.split("\0") if name]


def test_no_tracked_file_names_a_folder_or_host_of_somebodys_machine():
    found = []
    for path in _tracked():
        if path.suffix in BINARY or not path.exists() or path.name == "bootstrap.min.css":
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if NOT_OURS.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    assert not found, found


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_files_hold_hashes_and_name_no_registry(lock):
    text = (ROOT / lock).read_text()
    assert not re.search(r"http|file:|index|find-links", text)
    packages = re.findall(r"^[a-z0-9][\w.\-\[\],]*==", text, re.MULTILINE | re.IGNORECASE)
    assert len(packages) > 20
    assert text.count("--hash=sha256:") >= len(packages)


def test_the_commands_are_executable():
    for name in ("run", ".ci/run"):
        assert (ROOT / name).stat().st_mode & 0o111, name
        assert (ROOT / name).read_text().startswith("#!")


def test_help_names_every_command():
    answer = subprocess.run([ROOT / "run", "--help"], capture_output=True, text=True, check=True)
    for command in ("test", "check", "bench", "e2e", "lint", "lock", "shell"):
        assert f"./run {command}" in answer.stdout


def test_a_python_that_is_missing_is_told_in_one_line(tmp_path):
    copy = tmp_path / "run"
    copy.write_text((ROOT / "run").read_text())
    copy.chmod(0o755)
    answer = subprocess.run(
        [copy, "test"],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "PYTHON": "no-such-python"},
    )
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "no-such-python not found" in answer.stderr
