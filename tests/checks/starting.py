"""Lists what can be started by a name, and starts one, with its raw output kept."""

from __future__ import annotations

import ast
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.checks import kept
from tests.checks.machine import load, machine


@dataclass(frozen=True)
class Startable:
    """What a name stands for: its line in the list, and the command that it is."""

    line: str
    command: tuple[str, ...]


def first_line(path: Path) -> str:
    """The first line of a module's docstring; empty where there is none."""
    return (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0]


def start(what: str, shelf: str, known: Mapping[str, Startable], arguments: list[str]) -> int:
    """Do what `./run <what>` was given; the exit code.

    Without a name: the list. An unknown name: the list as an error, 2. Else the exit code of what
    the name stands for, whose output is shown and kept in `var/<shelf>/<name>/<time>/output.txt`.
    """
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_list(what, known))
        return 0
    name, *rest = arguments
    name = name.replace("_", "-")
    if name not in known:
        print(f"{what}: there is none named {name!r}.\n\n{_list(what, known)}", file=sys.stderr)
        return 2
    folder = kept.new_folder(shelf, name)
    return _run([*known[name].command, *rest], folder)


def _list(what: str, known: Mapping[str, Startable]) -> str:
    width = max(map(len, known), default=0)
    lines = [f"  {name:{width}}  {known[name].line}" for name in sorted(known)]
    return "\n".join([f"./run {what} NAME [args], with one of these names:", "", *lines])


def _run(command: list[str], folder: Path) -> int:
    environment = {**os.environ, kept.VARIABLE: str(folder), "PYTHONUNBUFFERED": "1"}
    with (folder / "output.txt").open("wb") as file:

        def say(line: bytes) -> None:
            file.write(line)
            file.flush()
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()

        say(f"{shlex.join(command)}\n{machine()}, {load()}\n".encode())
        running = subprocess.Popen(
            command,
            cwd=kept.ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        # Ctrl-C reaches the command too; it ends by itself, and its last words are kept.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, lambda *_: running.terminate())
        for line in running.stdout:
            say(line)
        code = running.wait()
        say(f"ended with {code}, {load()}\n".encode())
    print(f"Raw output: {folder}")
    return code
