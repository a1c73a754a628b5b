"""Takes one line away after the other, in a copy of the tree, and runs the tests it names.

    ./run check mutations [words of a name]

Ends with 1 where a mutation was not noticed by each of its tests, or where a named test fails
without any.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.checks.mutations import MUTATIONS, Mutation

_QUIETLY = ("-q", "-rfE", "--tb=line")
ROOT = Path(__file__).resolve().parents[3]


def main(words: list[str]) -> int:
    chosen = [mutation for mutation in MUTATIONS if " ".join(words) in mutation.name]
    if not chosen:
        sys.exit(f"mutations: none is named like {' '.join(words)!r}.")
    with tempfile.TemporaryDirectory(prefix="mutations-") as folder:
        tree = Path(folder, "tree")
        _copy(tree)
        tests = sorted({test for mutation in chosen for test in mutation.killed_by})
        failed, said = _failed(tree, tests)
        if failed is None or failed:
            print(said)
            sys.exit("mutations: the named tests must pass before anything is changed.")
        survived = [mutation for mutation in chosen if not _is_killed(tree, mutation)]
    print(f"{len(chosen) - len(survived)} of {len(chosen)} mutations were noticed.")
    return 1 if survived else 0


def _copy(tree: Path) -> None:
    """What is kept of the project, and what is new in it."""
    kept = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    for name in filter(None, kept):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)


def _is_killed(tree: Path, mutation: Mutation) -> bool:
    path = tree / mutation.path
    before = path.read_text()
    if before.count(mutation.text) != 1:
        sys.exit(f"mutations: {mutation.path} has the text of {mutation.name!r} not just once.")
    path.write_text(before.replace(mutation.text, mutation.becomes))
    try:
        failed, said = _failed(tree, mutation.killed_by)
    finally:
        path.write_text(before)
    for test in mutation.killed_by:
        killed = failed is not None and any(name.startswith(test) for name in failed)
        print(f"{'noticed ' if killed else 'SURVIVED'}  {mutation.name}  ({test})", flush=True)
        if not killed:
            print(said[-2000:])
    return failed is not None and all(
        any(name.startswith(test) for name in failed) for test in mutation.killed_by
    )


def _failed(tree: Path, tests: list[str] | tuple[str, ...]) -> tuple[set[str] | None, str]:
    """The names of those that failed, and all that was said; None where they did not run."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-q",
            "-rf",
            "--tb=line",
            *tests,
        ],
        cwd=tree,
        capture_output=True,
        text=True,
    )
    said = done.stdout + done.stderr
    # What is logged as an error begins alike, and does not name a test.
    if done.returncode not in (0, 1) or re.search(r"^ERROR tests/", said, re.MULTILINE):
        return None, said
    return set(re.findall(r"^FAILED (\S+)", said, re.MULTILINE)), said


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
