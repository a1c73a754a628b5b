"""No text from outside keeps the interpreter busy: what meets it is cut, and no search runs away.

A search that takes the square of its text holds the interpreter's lock for as long: eight thousand
signs of `1-1-1-…` took three seconds, in which no other request of the process was answered.
"""

from __future__ import annotations

import inspect
import json
import logging
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from importlib import import_module

import pytest

import integrations
from integrations.alegra import envelope, error_in_success, errors, stamp_words, wire
from integrations.alegra.errors import Rejected
from integrations.colombia import masking
from integrations.documents import contact_refusals
from integrations.scoping import logs
from integrations.sending import steps, told
from tests.adversarial import MIB, shapes

pytestmark = pytest.mark.one_database

# Seconds of this thread's own CPU. 50 ms are promised, which `./run check masking` shows; a busy
# machine may take ten times that, and a search of the square takes hours for a MiB.
AT_MOST = 0.5
# A function that is slow is found at the first length that shows it.
LENGTHS = (1 << 14, MIB)
# The longest text that a pattern meets where its function does not read a whole answer.
LINE = 1_000

ROOMS = [
    room.name
    for room in pkgutil.iter_modules(integrations.__path__)
    if room.ispkg and room.name not in ("simulators", "migrations", "demo", "templatetags")
]
TEXTS = {"str", "object", "Any", "str | None", "object | None"}
# Asked with names of ours: keys of tables, and not texts.
OF_OURS = {
    "integrations.timekeeping.waking.wake",
    "integrations.connections.trial.new_company",
    "integrations.tenancy.organizations.free_slug",
}


def modules() -> Iterator:
    for room in ROOMS:
        package = import_module(f"integrations.{room}")
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith("__main__"):
                yield import_module(found.name)


def functions_of_texts() -> dict[str, Callable]:
    """Every public function that needs nothing but texts."""
    found = {}
    for module in modules():
        for name, function in vars(module).items():
            path = f"{module.__name__}.{name}"
            if name.startswith("_") or not inspect.isfunction(function) or path in OF_OURS:
                continue
            if function.__module__ == module.__name__ and _needs_texts_alone(function):
                found[path] = function
    return found


def _needed(function: Callable) -> list[inspect.Parameter]:
    return [
        each
        for each in inspect.signature(function).parameters.values()
        if each.default is each.empty and each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
    ]


def _needs_texts_alone(function: Callable) -> bool:
    needed = _needed(function)
    return bool(needed) and all(each.annotation in TEXTS for each in needed)


def call(function: Callable, text: str) -> None:
    """With this text for each that it needs. What it raises is its own affair."""
    needed = _needed(function)
    places = [text for each in needed if each.kind != each.KEYWORD_ONLY]
    names = {each.name: text for each in needed if each.kind == each.KEYWORD_ONLY}
    try:
        answer = function(*places, **names)
        if inspect.isgenerator(answer):
            list(answer)
    except Exception:
        pass


def worst(work: Callable[[str], object], lengths: tuple[int, ...] = LENGTHS) -> tuple[float, str]:
    """(Seconds, which shape) of the slowest; the first that is too slow ends it."""
    slowest = (0.0, "")
    for name in shapes(lengths[0]):
        for length in lengths:
            text = TEXT_OF[length][name]
            began = time.thread_time()
            work(text)
            spent = time.thread_time() - began
            slowest = max(slowest, (spent, f"{name}, {length} signs"))
            if spent > AT_MOST:
                return slowest
    return slowest


TEXT_OF = {length: shapes(length) for length in (LINE, *LENGTHS)}


def test_there_are_forty_shapes_and_the_functions_that_meet_them_are_found():
    assert len(shapes(100)) >= 40
    assert all(len(text) == 100 for text in shapes(100).values())
    found = functions_of_texts()
    assert len(found) > 150
    for name in (
        "colombia.masking.mask_text",
        "colombia.identity.judge",
        "colombia.names.split_name",
        "alegra.stamp_words.of_text",
        "catalog.same_article.sku_likeness",
        "sending.told.is_of_the_account",
    ):
        assert f"integrations.{name}" in found


@pytest.mark.parametrize("room", ROOMS)
def test_no_function_of_texts_takes_its_time_over_a_mebibyte(room):
    slow = {
        name: took
        for name, function in functions_of_texts().items()
        if name.startswith(f"integrations.{room}.")
        for took in [worst(lambda text, function=function: call(function, text))]
        if took[0] > AT_MOST
    }
    assert slow == {}


def _patterns() -> dict[str, re.Pattern]:
    """Of every module: its own, and those in its tables."""
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            parts = value if isinstance(value, list | tuple) else [value]
            flat = [
                each for part in parts for each in (part if isinstance(part, tuple) else [part])
            ]
            for number, each in enumerate(flat):
                if isinstance(each, re.Pattern) and isinstance(each.pattern, str):
                    found[f"{module.__name__}.{name}[{number}]"] = each
    return found


def _flat(value: object) -> Iterator:
    if isinstance(value, list | tuple | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _flat(each)
    else:
        yield value


def test_no_pattern_takes_its_time_over_a_line():
    patterns = _patterns()
    assert len(patterns) > 100
    slow = {
        name: took
        for name, pattern in patterns.items()
        for took in [worst(lambda text, p=pattern: p.sub("", text), (LINE,))]
        if took[0] > AT_MOST / 5
    }
    assert slow == {}


def _event(text: str) -> None:
    for name in ("event", "error", "exception"):
        logs._redact(None, "", {name: text})
    logs._redact_line(None, "", text)


class _Work:
    REFUSED = "refused"

    @staticmethod
    def private_words() -> list[str]:
        return ["Ana María Ruiz", "Carrera 43 No 20 15"]


def _refusal(text: str) -> Rejected:
    return Rejected(text, status=400, code=text[:40], excerpt=text)


def _classified(text: str) -> None:
    body = wire.encode({"message": text, "code": text, "error": [{"message": text}]})
    errors.classify(400, {}, body)
    errors.classify(200, {}, text.encode("utf-8", "replace"))


NAMED = {
    "a log's event": _event,
    "a masked text with known words": lambda text: masking.mask_text(
        text, known=["Ana Ruiz", "a a a a", text[:200]]
    ),
    "a buyer's record": lambda text: masking.mask_payload(
        {"client": dict.fromkeys(("name", "email", "phone", "identification", "address"), text)}
    ),
    "the keys of a record": lambda text: masking.mask_payload({text: text, text[1:]: {text: 1}}),
    "a list of texts": lambda text: masking.mask_payload(
        [text[at : at + 4_000] for at in range(0, len(text), 4_000)]
    ),
    "JSON in a text": lambda text: masking.mask_payload(json.dumps({"name": [text]})),
    "a step's excerpt": lambda text: (steps.shown(text), steps.shown([{"observations": text}])),
    "an answer's body": _classified,
    "an error in a success": lambda text: error_in_success.error_inside({"message": text}, 200),
    "the words of an envelope": lambda text: envelope.message({"errors": {"a": [text]}}, 400),
    "a stamp": lambda text: stamp_words.of_stamp({"warnings": [text, {"message": text}]}),
    "what a refusal means": lambda text: (
        told.said_of(_Work, _refusal(text)),
        told.fingerprint(_refusal(text)),
        told.is_of_the_account(text),
        contact_refusals.names_optional(_refusal(text[:2_000]), {"email": 1, "address": 1}),
    ),
}


@pytest.mark.parametrize("work", NAMED.values(), ids=NAMED)
def test_what_meets_an_answer_or_a_log_takes_no_time_over_a_mebibyte(work):
    spent, shape = worst(work)
    assert spent <= AT_MOST, shape


def test_deep_and_wide_json_is_masked_in_no_time_and_nothing_of_it_is_raised():
    nested: object = "Ana Ruiz 1020304050"
    for _ in range(900):
        nested = {"client": [nested]}
    wide = {f"field{number}": "1020304050" for number in range(200_000)}
    for value in (
        nested,
        {"stamp": nested},
        wide,
        [wide, wide],
        [{"name": "x"}] * 300_000,
        "[" * MIB,
        '{"a":' * (MIB // 5),
        json.dumps(json.dumps(json.dumps(["1020304050"] * 1_000))),
    ):
        began = time.thread_time()
        shown = json.dumps(masking.mask_payload(value))
        stamp_words.of_stamp(value)
        steps.shown(value)
        assert time.thread_time() - began < 3 * AT_MOST
        assert "1020304050" not in shown
        assert "Ana" not in shown


# What a text hides wherever in it the cut falls.
HIDDEN = {
    "an e-mail": "maria.jose.canaria@ejemplo.test",
    "a number": "1020304050607080",
    "a number in groups": "315 708 49 26 31",
    "a token": "token=canaria-canaria-canaria",
    "a bearer": "Bearer canariacanariacanaria",
    "a name that is known": "Canaria Ejemplo Gutiérrez",
}


@pytest.mark.parametrize("private", HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("filler", ["abc ", "x, ", "Ñ; "])
def test_nothing_private_is_shown_wherever_the_cut_falls(private, filler):
    cut = masking.LONGEST + 500
    for edge in (masking.LONGEST, cut):
        for shift in range(len(private) + 2):
            start = edge - shift
            before = (filler * (start // len(filler) + 1))[: start - 1] + " "
            shown = masking.mask_text(f"{before}{private} {filler * 400}", known=[private])
            assert shown.endswith("…")
            rest = shown.replace(filler, "")
            for sign in ("canaria", "Canaria", "maria", "1020", "315 70", "Ejemplo"):
                assert sign not in rest


def test_a_text_that_fits_is_masked_whole_and_one_that_does_not_says_so():
    fits = "a " * 2_000 + "1020304050"
    assert masking.mask_text(fits).endswith("***4050")
    longer = masking.mask_text("a " * 3_000)
    assert longer.endswith("…")
    assert 3_500 < len(longer) < 4_100


def test_a_log_is_cut_and_shows_no_half_of_a_secret():
    for shift in range(0, 40):
        text = "a " * ((20_500 - shift) // 2) + "maria.canaria@ejemplo.test " + "b " * 9_000
        line = logs._redact_line(None, "", text)
        assert len(line) <= 20_001
        assert "canaria" not in line
    event = logs._redact(None, "", {"event": "1" * MIB, "exception": "x " * MIB})
    assert len(event["event"]) < 100
    assert len(event["exception"]) <= 20_001


def test_a_log_of_megabytes_is_written_as_one_short_line(capsys):
    formatter = logging.Formatter("%(message)s")
    record = logging.LogRecord("x", logging.ERROR, "", 1, "broken: %s", ("1-" * MIB,), None)
    event = logs._redact(None, "", {"event": formatter.format(record)})
    assert len(event["event"]) < 20_100


def test_amounts_and_the_marker_stay_where_digits_go():
    text = (
        "Factura [MS1-ABCDEFGHIJKLMNOP] por $ 1.234.567,89 y 84033.61 de 1020304050 "
        + "".join(f"$ {n}.000, " for n in range(10, 400))
        + "\U000f0000\U000f0001"
    )
    shown = masking.mask_text(text)
    assert "[MS1-ABCDEFGHIJKLMNOP] por $ 1.234.567,89 y 84033.61 de ***4050" in shown
    assert "$ 399.000, " in shown
    assert shown.count("$ ") == 391
