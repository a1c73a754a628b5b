"""`manage.py safe_start`: the same by hand, for the whole window."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from integrations.sending.states import State


def by_hand(*arguments: str) -> str:
    out = StringIO()
    call_command("safe_start", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_it_prints_what_is_forgotten_and_holds_the_company(world):
    _known, sent = world.made("Nota 1", "Nota 2")
    world.forget_that_it_was_sent(sent)
    told = by_hand()
    assert "toy: 2 read, 1 forgotten" in told
    assert f"id {sent.alegra_id}" in told
    assert sent.marker in told
    assert world.look.is_checking
    world.check_ends()
    assert world.toys.read(sent).alegra_id == sent.alegra_id
    assert "0 forgotten" in by_hand("--company", world.company.nit)


def test_it_looks_at_the_days_that_it_is_told(world):
    world.made("Nota 1")
    assert "toy: 1 read, 0 forgotten" in by_hand("--days", "3")
    with pytest.raises(CommandError):
        by_hand("--days", "0")


def test_it_says_what_it_cannot_do(world):
    world.made("Nota 1")
    with pytest.raises(CommandError):
        by_hand("--company", "1")
    world.switch(
        {"method": "GET", "path": "/invoices", "times": 1, "fault": "status", "status": 500}
    )
    with pytest.raises(SystemExit):
        by_hand()
    assert world.look.lease_until is None


def test_what_it_began_is_no_reason_to_stop_what_was_right(world):
    [toy] = world.made("Nota 1")
    by_hand()
    assert not world.look.is_checking
    assert world.state(toy) == State.CREATED
