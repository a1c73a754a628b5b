"""A worker that starts on a restored database: what we made in Alegra is never made again."""

from __future__ import annotations

import time

import pytest

from integrations.sending import turns
from integrations.sending.marker import make_marker
from integrations.sending.safe_start import before, looking, process
from integrations.sending.states import State
from integrations.timekeeping import clock
from integrations.timekeeping.timing import timing

LIST = "/invoices"


def test_an_ordinary_start_reads_one_page_and_goes_on_at_once(world):
    world.made("Nota 1", "Nota 2")
    world.start()
    world.reads()
    toy = world.toys.make()
    world.toys.run()
    assert world.state(toy) == State.CREATED
    assert world.reads().count(LIST) == 1
    assert world.look.calls == 1
    # Once a start: the next one costs nothing.
    other = world.toys.make()
    world.toys.run()
    assert (world.state(other), world.reads().count(LIST)) == (State.CREATED, 0)


def test_what_was_sent_after_the_copy_is_adopted_and_not_sent_again(world):
    _known, sent = world.made("Nota 1", "Nota 2")
    world.forget_that_it_was_sent(sent)
    world.start()
    world.toys.run()
    assert world.state(sent) == State.PENDING
    assert (world.look.is_checking, world.found()) == (True, [sent.marker])
    hold = world.toys.read(sent).integration.hold(clock.now())
    assert hold.code == "safe_start"
    assert "1 documento que ya existía" in hold.sentence
    world.check_ends()
    found = world.toys.read(sent)
    assert (found.state, found.alegra_id) == (State.CREATED, sent.alegra_id)
    assert found.doc_date == sent.doc_date
    assert len(world.account.notes()) == 2
    assert found.integration.hold(clock.now()) is None
    assert world.company.has_forgotten is False or world.look.ended_at


def test_while_it_is_checked_nothing_of_the_company_is_written(world):
    _known, sent = world.made("Nota 1", "Nota 2")
    world.forget_that_it_was_sent(sent)
    world.start()
    fresh = world.toys.make()
    world.toys.run()
    world.later(timing().first_look_up - 1)
    assert world.state(fresh) == State.PENDING
    assert len(world.account.notes()) == 2
    world.later(1)
    world.later(timing().between_look_ups)
    # What is absent is due as it was.
    assert world.state(fresh) == State.CREATED
    assert len(world.account.notes()) == 3


def test_a_row_that_is_forgotten_altogether_is_never_sent_when_it_comes_again(world):
    """Its order is told again days later; the marker is made anew from the number in its text."""
    [toy] = world.made()
    number = toy.text.split()[-1]
    world.forget(toy)
    world.start()
    other = world.toys.make()
    world.toys.run()
    assert world.look.is_checking
    world.check_ends()
    assert world.state(other) == State.CREATED
    assert world.company.has_forgotten
    again = world.toys.make(
        toy.text, marker=make_marker(world.toys.integration.source_key, f"toy {number}", 0)
    )
    world.toys.run()
    assert world.toys.read(again).alegra_id == toy.alegra_id
    assert len(world.account.notes()) == 2


def test_a_next_cycle_that_is_forgotten_is_ours_too(world):
    _known, _other = world.made("Nota 1", "Nota 2")
    marker = make_marker(world.toys.integration.source_key, "toy 880", 3)
    world.account.write(f"Nota 880 {marker}")
    world.start()
    world.toys.make()
    world.toys.run()
    assert world.found() == [marker]


def test_a_foreign_marker_holds_nothing(world, settings):
    world.made("Nota 1")
    key = settings.MARKER_KEY
    settings.MARKER_KEY = "another installation's"
    marker = make_marker(world.toys.integration.source_key, "toy 1", 0)
    settings.MARKER_KEY = key
    world.account.write(f"Nota 1 {marker}")
    world.account.write("Hecha a mano")
    world.start()
    toy = world.toys.make()
    world.toys.run()
    assert world.state(toy) == State.CREATED
    assert not world.look.is_checking


def test_a_copy_that_a_person_made_of_ours_holds_nothing(world):
    [toy] = world.made("Nota 1")
    world.account.write(f"Nota 1 {toy.marker}")
    world.start()
    other = world.toys.make()
    world.toys.run()
    assert world.state(other) == State.CREATED


def test_what_is_being_looked_for_is_known(world):
    """Its answer was lost, and it is there: no restore is noticed, the look finds it."""
    world.made("Nota 1")
    world.switch({"method": "POST", "path": LIST, "times": 1, "fault": "answer_lost_after_commit"})
    lost = world.toys.make()
    world.toys.run()
    assert world.state(lost) == State.UNCONFIRMED
    world.start()
    other = world.toys.make()
    world.toys.run()
    assert world.state(other) == State.CREATED
    world.later(timing().first_look_up)
    assert world.state(lost) == State.CREATED
    assert not world.look.is_checking


def test_what_appears_late_in_the_lists_is_found_before_anything_is_sent(world):
    """Made right before the restore, and shown only after the first reading of the window."""
    _early, late = world.made("Nota 1", "Nota 2")
    shown_after = 5
    world.switch(
        {
            "method": "POST", "path": LIST, "times": 1, "fault": "hidden_for",
            "seconds": shown_after,
        }
    )  # fmt: skip
    made_at = time.monotonic()
    [hidden] = world.made("Nota 3")
    for toy in (late, hidden):
        world.forget_that_it_was_sent(toy)
    world.start()
    world.toys.run()
    assert world.found() == [late.marker]
    world.later(timing().first_look_up)
    time.sleep(max(0, made_at + shown_after + 0.2 - time.monotonic()))
    for _ in range(2):
        world.later(timing().between_look_ups)
    assert not world.look.is_checking
    assert world.toys.read(hidden).alegra_id == hidden.alegra_id
    assert world.state(late) == State.CREATED
    assert len(world.account.notes()) == 3


@pytest.mark.parametrize("ids", ["numeric", "uuid", "mixed"])
@pytest.mark.parametrize("told", [True, False])
def test_ids_of_any_form_and_lists_without_observations(world, ids, told):
    world.switch(ids=ids, list_has_observations=told)
    _known, sent = world.made("Nota 1"), world.made("Nota 2")
    world.account.write("Hecha a mano")
    world.forget_that_it_was_sent(sent[0])
    world.start()
    world.toys.run()
    assert world.look.is_checking
    world.check_ends()
    assert world.state(sent[0]) == State.CREATED
    assert len(world.account.notes()) == 3


def test_rows_that_nobody_knows_are_read_once_and_not_with_every_start(world):
    world.switch(list_has_observations=False)
    world.made("Nota 1")
    for number in range(4):
        world.account.write(f"Hecha a mano {number}")
    world.start()
    world.toys.make()
    world.reads()
    world.toys.run()
    by_id = [path for path in world.reads() if path.startswith(f"{LIST}/")]
    # Four that nobody knows, and what is made now is not read by it.
    assert len(by_id) >= 4
    world.start()
    world.toys.make()
    world.toys.run()
    again = [path for path in world.reads() if path.startswith(f"{LIST}/")]
    assert len(again) == len(by_id) - 4


def test_too_many_to_read_in_one_look_are_read_in_several_and_meanwhile_nothing_is_sent(
    world, monkeypatch
):
    monkeypatch.setattr(looking, "MAX_READS", 3)
    world.switch(list_has_observations=False)
    world.made("Nota 1")
    for number in range(4):
        world.account.write(f"Hecha a mano {number}")
    world.start()
    toy = world.toys.make()
    world.toys.run()
    assert world.state(toy) == State.PENDING
    world.later(timing().back_off_base * 2)
    assert world.state(toy) == State.CREATED


def test_one_worker_looks_and_another_serves_others_meanwhile(world):
    world.made("Nota 1")
    world.start()
    toy = world.toys.make()
    look = world.look
    assert look.lease.acquire(look, now=clock.now())
    assert turns.serve(toy.alegra_user_id) == 0
    found = world.toys.read(toy)
    # As due as it was.
    assert (found.state, found.next_attempt_at) == (State.PENDING, toy.next_attempt_at)
    assert found.lease_until is None
    look.lease.release(look)
    world.toys.run()
    assert world.state(toy) == State.CREATED


def test_a_look_that_alegra_does_not_answer_sends_nothing_and_is_tried_again(world):
    world.made("Nota 1")
    world.start()
    world.switch({"method": "GET", "path": LIST, "times": 1, "fault": "status", "status": 503})
    toy = world.toys.make()
    world.toys.run()
    assert world.state(toy) == State.PENDING
    assert len(world.account.notes()) == 1
    world.later(timing().back_off_base * 2)
    assert world.state(toy) == State.CREATED


def test_a_company_that_came_after_the_start_is_looked_at_too(world):
    """Its rows may be those of a copy that was loaded a moment ago."""
    toy = world.toys.make()
    world.toys.run()
    assert world.state(toy) == State.CREATED
    assert world.look.looked_at >= process.since()


def test_a_process_remembers_whom_it_looked_at(world, django_assert_num_queries):
    [toy] = world.made("Nota 1")
    with django_assert_num_queries(0):
        assert before.first_step(toy, before.first_step) is before.first_step


def test_what_was_read_before_alegra_stopped_answering_is_not_read_again(world):
    """A budget that ends in the middle of many readings would end each time at the same place."""
    world.switch(list_has_observations=False)
    world.made("Nota 1")
    for number in range(30):
        world.account.write(f"Hecha a mano {number}")
    world.start()
    world.switch(
        {"method": "GET", "path": f"{LIST}/", "times": 1, "after": 29, "fault": "status",
         "status": 503}
    )  # fmt: skip
    world.reads()
    toy = world.toys.make()
    world.toys.run()
    assert world.state(toy) == State.PENDING
    first = [path for path in world.reads() if path.startswith(f"{LIST}/")]
    assert len(first) == 30
    world.later(timing().back_off_base * 2)
    assert world.state(toy) == State.CREATED
    again = [path for path in world.reads() if path.startswith(f"{LIST}/")]
    assert len(again) < 5


def test_an_old_copy_is_noticed_by_the_first_page(world):
    """The rest of the window is read by the check, not in the turn."""
    world.made("Nota 1")
    for number in range(70):
        marker = make_marker(world.toys.integration.source_key, f"toy {5000 + number}", 0)
        world.account.write(f"Nota {5000 + number} {marker}")
    world.start()
    world.reads()
    world.toys.make()
    world.toys.run()
    assert world.look.is_checking
    assert world.reads().count(LIST) == 1
    world.check_ends()
    assert len(world.found()) == 70
