"""Takes each line away that keeps a document from being made twice, one at a time: 15 minutes.

Each stands here with the tests that must notice when it is gone. `./run check mutations` changes
one at a time in a copy of the tree. The text of a mutation must stand in its file exactly once: an
ordinary test says so, and that the named tests exist.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """`text` of `path` becomes `becomes`; each of `killed_by`, written path::name, must fail."""

    name: str
    path: str
    text: str
    becomes: str
    killed_by: tuple[str, ...]


MUTATIONS = [
    Mutation(
        "an order may have two live documents",
        "integrations/migrations/0001_initial.py",
        "models.UniqueConstraint(condition=models.Q(('live', True)), "
        "fields=('order',), name='document_one_live_per_order')",
        "models.CheckConstraint(condition=models.Q(('order__gt', 0)), "
        "name='document_one_live_per_order')",
        (
            "tests/documents/test_exactly_one.py::"
            "test_the_database_keeps_no_second_live_document_of_an_order",
        ),
    ),
    Mutation(
        "no write-ahead",
        "integrations/sending/asking.py",
        "        work.move(ahead.state, now=now, why=ahead.why, keep_lease=True, **columns)\n",
        "",
        (
            "tests/documents/test_exactly_one.py::"
            "test_what_a_killed_worker_sent_is_found_and_not_sent_again",
            "tests/payments/test_windows.py::test_a_worker_is_killed",
        ),
    ),
    Mutation(
        "the first look at once",
        "integrations/sending/failures.py",
        "at=settled_at(work, clock.now()),",
        "at=clock.now(),",
        (
            "tests/documents/test_exactly_one.py::"
            "test_alegra_gets_its_time_before_each_look_for_what_was_lost",
        ),
    ),
    Mutation(
        "the second look at once",
        "integrations/sending/lost_answer.py",
        'at=max(now, settled_at(work, now)) + timing().delta("between_look_ups"),',
        "at=now,",
        (
            "tests/documents/test_exactly_one.py::"
            "test_alegra_gets_its_time_before_each_look_for_what_was_lost",
        ),
    ),
    Mutation(
        "whoever is in a hurry brings the second look forward",
        "integrations/sending/exactly_once.py",
        "and now < second_look_at(work, now):",
        "and False:",
        ("tests/documents/test_trying_again.py::test_nobody_brings_the_second_look_forward",),
    ),
    Mutation(
        "one look instead of two",
        "integrations/timekeeping/timing.py",
        "LOOK_UPS = 2",
        "LOOK_UPS = 1",
        (
            "tests/documents/test_lost_answers.py::"
            "test_a_request_that_never_arrived_is_sent_again_after_two_empty_looks",
            "tests/payments/test_windows.py::"
            "test_what_never_arrived_is_sent_again_after_two_empty_looks_in_the_same_words",
        ),
    ),
    Mutation(
        "generations are not compared",
        "integrations/sending/transition.py",
        "            pk=pk, generation=generation, state=state\n",
        "            pk=pk, generation__gte=generation, state=state\n",
        (
            "tests/sending/test_transitions.py::"
            "test_a_worker_that_was_away_moves_no_row_that_another_one_holds",
        ),
    ),
    Mutation(
        "the database does not confirm the lease before the first byte",
        "integrations/sending/steps.py",
        "if work.lease_until is not None and not work.lease.lasts_beyond(work, needed):",
        "if False:",
        (
            "tests/documents/test_late_writes.py::test_after_its_machine_was_paused_a_worker_"
            "sends_only_what_the_database_calls_its_own",
            "tests/documents/test_late_writes.py::"
            "test_who_lost_its_row_right_before_the_first_byte_sends_nothing",
        ),
    ),
    Mutation(
        "the time is not looked at before each piece",
        "integrations/alegra/watchdog.py",
        "                self.look(sock)\n",
        "",
        (
            "tests/alegra/test_late_bytes.py::"
            "test_a_process_stopped_between_two_pieces_never_completes_its_request",
            "tests/documents/test_paused_workers.py::"
            "test_a_worker_stopped_anywhere_on_its_way_to_a_create_asks_for_nothing",
        ),
    ),
    Mutation(
        "the system may repeat a request for as long as it pleases",
        "integrations/alegra/watchdog.py",
        "        _deliver_within(sock, self._left())\n",
        "",
        (
            "tests/alegra/test_late_bytes.py::test_the_system_gives_up_what_was_not_received_"
            "within_the_time_of_each_call",
        ),
    ),
    Mutation(
        "the last closed day is open",
        "integrations/connections/hold.py",
        "(doc_date or bogota_today(now)) <= closed:",
        "(doc_date or bogota_today(now)) < closed:",
        ("tests/documents/test_gate.py::test_what_comes_between_contact_and_creation_still_holds",),
    ),
    Mutation(
        "past orders go by themselves",
        "integrations/documents/decide.py",
        "if not confirmed and cut is not None and last is not None and last < cut:",
        "if False:",
        ("tests/intake/test_backlog.py::test_past_orders_wait_for_a_yes",),
    ),
    Mutation(
        "no write-ahead of an emission",
        "integrations/documents/steps/emit.py",
        "    return Part(document, begin(document, EMIT, input=shown), ahead)\n",
        "    return Part(document, begin(document, EMIT, input=shown))\n",
        (
            "tests/documents/test_emission_windows.py::"
            "test_killed_while_the_call_is_on_its_way_it_is_not_sent_beside_it",
        ),
    ),
    Mutation(
        "an emission without the reading before it",
        "integrations/documents/steps/emit.py",
        "    emit_check.read(turn, group, old)\n",
        "",
        (
            "tests/documents/test_emission.py::"
            "test_one_that_the_dian_did_not_answer_for_is_read_before_it_is_sent_again",
            "tests/documents/test_emission.py::"
            "test_one_that_a_person_emitted_meanwhile_is_followed_and_not_sent",
            "tests/documents/test_emission.py::test_what_a_person_changed_or_deleted_is_left_out",
        ),
    ),
    Mutation(
        "one reading is enough to emit again",
        "integrations/documents/steps/dian.py",
        "    if probes >= LOOK_UPS:\n",
        "    if probes:\n",
        (
            "tests/documents/test_emission_windows.py::"
            "test_what_never_arrived_is_sent_again_after_two_readings",
        ),
    ),
    Mutation(
        "a lost emission is read before it must be over",
        "integrations/documents/steps/dian.py",
        "    if now < settled_at(document, now):\n",
        "    if False:\n",
        ("tests/documents/test_emission_windows.py::test_an_early_reading_proves_nothing",),
    ),
    Mutation(
        "a document may have two payments",
        "integrations/migrations/0004_payments.py",
        "models.OneToOneField(",
        "models.ForeignKey(",
        (
            "tests/payments/test_definitive.py::"
            "test_the_database_keeps_no_second_payment_of_a_document",
        ),
    ),
    Mutation(
        "an invoice is paid without a look at what it owes",
        "integrations/payments/steps.py",
        "    judged = judge(payment, invoice, agreed=answered.agreed(payment))\n"
        "    if isinstance(judged, Found):\n",
        "    judged = Owed(invoice.total)\n    if isinstance(judged, Found):\n",
        (
            "tests/payments/test_asked.py::"
            "test_one_that_is_paid_by_hand_is_asked_about_and_never_paid_twice",
            "tests/payments/test_asked.py::test_an_invoice_with_another_total_holds_its_payment",
        ),
    ),
    Mutation(
        "an invoice is not read again before a second payment is sent",
        "integrations/sending/exactly_once.py",
        "        return fits_no_longer\n",
        "        pass\n",
        (
            "tests/payments/test_windows.py::"
            "test_a_person_who_pays_between_two_sends_is_not_paid_over",
        ),
    ),
    Mutation(
        "a payment of ours that the database forgot is not looked for",
        "integrations/payments/steps.py",
        "        ours = ours_among(paid_with(call.client, invoice), payment)\n",
        "        ours = []\n",
        (
            "tests/payments/test_windows.py::"
            "test_a_payment_of_ours_that_the_database_forgot_is_adopted",
        ),
    ),
    Mutation(
        "payments go ahead of documents",
        "integrations/payments/begin.py",
        "    return Work.Priority.RETRY\n",
        "    return Work.Priority.PERSON\n",
        ("tests/payments/test_registered.py::test_no_document_waits_for_a_payment",),
    ),
    Mutation(
        "an order that is no sale any more is paid",
        "integrations/payments/steps.py",
        "    if status:\n",
        "    if False:\n",
        (
            "tests/payments/test_asked.py::"
            "test_an_order_that_stopped_being_a_sale_is_asked_about_before_it_is_paid",
        ),
    ),
    Mutation(
        "a draft is deleted without looking whether it still is one",
        "integrations/documents/steps/delete.py",
        "        if why := _why_it_stays(document, found):\n",
        '        if why := "":\n',
        (
            "tests/documents/deleting/test_deleting.py::"
            "test_what_was_emitted_since_it_was_shown_is_never_deleted",
            "tests/documents/deleting/test_deleting.py::"
            "test_what_a_person_changed_since_it_was_shown_stays",
        ),
    ),
    Mutation(
        "no word ahead of a deletion",
        "integrations/documents/steps/delete.py",
        '        sent = {"removal": {**wish, "sent": clock.now().isoformat()}}\n',
        "        sent = {}\n",
        (
            "tests/documents/deleting/test_deleting.py::"
            "test_without_the_intention_before_the_call_nothing_leaves",
        ),
    ),
    Mutation(
        "what is being deleted may be emitted",
        "integrations/documents/may_emit.py",
        "    if document.removal:\n",
        "    if False:\n",
        ("tests/documents/deleting/test_deleting.py::test_what_is_being_deleted_is_not_emitted",),
    ),
    Mutation(
        "no look before the first write after a start",
        "integrations/sending/safe_start/before.py",
        "    if not process.looks_first or _is_looked_at(work):\n",
        "    if True:\n",
        (
            "tests/sending/safe_start/test_start.py::"
            "test_what_was_sent_after_the_copy_is_adopted_and_not_sent_again",
            "tests/documents/test_restored.py::"
            "test_a_document_that_waited_in_the_copy_and_was_made_since_is_adopted",
        ),
    ),
    Mutation(
        "what a restored database had forgotten is sent all the same",
        "integrations/sending/create_once.py",
        "    if found := adopting.adopted(turn, work, far):\n",
        "    if found := None:\n",
        (
            "tests/sending/safe_start/test_start.py::"
            "test_what_was_sent_after_the_copy_is_adopted_and_not_sent_again",
        ),
    ),
    Mutation(
        "nothing is held while it is checked what was forgotten",
        "integrations/connections/hold.py",
        "    if integration.company.checking_since is not None:\n",
        "    if False:\n",
        (
            "tests/sending/safe_start/test_start.py::"
            "test_what_was_sent_after_the_copy_is_adopted_and_not_sent_again",
        ),
    ),
    Mutation(
        "one reading of the window is enough",
        "integrations/sending/safe_start/checking.py",
        "    if passes < LOOK_UPS or is_new:\n",
        "    if is_new:\n",
        (
            "tests/sending/safe_start/test_start.py::"
            "test_what_appears_late_in_the_lists_is_found_before_anything_is_sent",
        ),
    ),
    Mutation(
        "a database that goes back under a worker is not noticed",
        "integrations/sending/safe_start/process.py",
        "        if seen is not None and (swept is None or swept < seen):\n",
        "        if False:\n",
        (
            "tests/sending/safe_start/test_process.py::"
            "test_a_database_that_went_back_is_noticed_by_its_last_sweep",
        ),
    ),
    Mutation(
        "a note of another amount needs no second yes",
        "integrations/documents/credit_note.py",
        "            and self.has_wanted_amount\n",
        "",
        (
            "tests/documents/test_credit_note.py::test_what_does_not_fit_needs_a_yes_to_exactly_that",
        ),
    ),
]
