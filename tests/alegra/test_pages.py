"""Lists that are complete, or an error: never half of one."""

import pytest

from integrations.alegra import pages
from integrations.alegra.client import Answer
from integrations.alegra.errors import OutcomeUnknown


class Account:
    """A client whose list is kept here; ``meanwhile`` changes it between two pages."""

    def __init__(self, rows, *, metadata=True, cap=30, meanwhile=None, ignores_start=False):
        self.rows, self.metadata, self.cap = list(rows), metadata, cap
        self.meanwhile, self.ignores_start = meanwhile, ignores_start
        self.asked = []

    def send(self, call):
        start, limit = call.params["start"], call.params["limit"]
        self.asked.append((start, limit))
        if self.meanwhile and len(self.asked) == 2:
            self.meanwhile(self.rows)
        at = 0 if self.ignores_start else start
        rows = self.rows[at : at + min(limit, self.cap)]
        body = {"metadata": {"total": str(len(self.rows))}, "data": rows} if self.metadata else rows
        return Answer(200, body, {}, None, 0.0)


def rows(count):
    return [{"id": str(number)} for number in range(count)]


@pytest.mark.parametrize("metadata", [True, False])
@pytest.mark.parametrize("overlap", [0, 1])
@pytest.mark.parametrize("count", [0, 1, 29, 30, 31, 60, 91])
def test_every_row_comes_once(metadata, overlap, count):
    account = Account(rows(count), metadata=metadata)
    assert list(pages.every(account, "/items", overlap=overlap)) == rows(count)


def test_no_more_than_thirty_are_ever_asked_for():
    account = Account(rows(70))
    assert len(list(pages.every(account, "/items", limit=100))) == 70
    assert {limit for _, limit in account.asked} == {30}


def test_a_list_that_caps_its_pages_lower_is_read_to_its_total():
    assert len(list(pages.every(Account(rows(25), cap=10), "/number-templates"))) == 25


def test_a_row_that_arrives_on_top_is_not_told_twice():
    account = Account(rows(40), meanwhile=lambda held: held.insert(0, {"id": "new"}))
    ids = [row["id"] for row in pages.every(account, "/invoices")]
    assert len(ids) == len(set(ids)) == 40


def test_overlapping_pages_do_not_miss_a_row_that_slides_up():
    def deleted(held):
        del held[3]

    plain = Account(rows(40), meanwhile=deleted)
    assert "30" not in [row["id"] for row in pages.every(plain, "/invoices")]
    careful = Account(rows(40), meanwhile=deleted)
    assert "30" in [row["id"] for row in pages.every(careful, "/invoices", overlap=1)]


def test_a_far_side_that_ignores_the_offset_does_not_hold_us():
    account = Account(rows(30), metadata=False, ignores_start=True)
    assert len(list(pages.every(account, "/items"))) == 30
    assert len(account.asked) == 2


def test_a_list_without_end_is_an_error_and_not_a_short_list():
    with pytest.raises(OutcomeUnknown):
        list(pages.every(Account(rows(200)), "/items", most_pages=3))


@pytest.mark.parametrize("body", [{}, {"message": "ok"}, None, "x", {"data": None}])
def test_an_answer_that_is_no_list_is_an_error_and_not_an_empty_list(body):
    class Odd:
        def send(self, call):
            return Answer(200, body, {}, None, 0.0)

    with pytest.raises(OutcomeUnknown):
        list(pages.every(Odd(), "/items"))


def test_ids_as_numbers_and_text_are_the_same_row():
    account = Account([{"id": 1}, {"id": "1"}, {"id": "2"}])
    assert len(list(pages.every(account, "/items"))) == 2


def test_rows_without_an_id_all_count():
    account = Account([{"code": "COP"}, {"code": "USD"}])
    assert len(list(pages.every(account, "/currencies"))) == 2
