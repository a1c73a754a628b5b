"""A merchant is told a cause once, at once; the rest comes in digests, never by the order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from integrations.timekeeping import clock
from tests.notifications.fake_source import cause

pytestmark = pytest.mark.django_db


def subjects(mails, to="owner@example.com"):
    return [mail.subject.replace("\u00a0", " ") for mail in mails if mail.to == [to]]


@pytest.fixture
def home(cast):
    return cast.organization


def change(source, home, **fields):
    source.put(home, *(replace(each, **fields) for each in source.by_organization[home.pk]))


def test_37_orders_of_one_cause_give_one_mail_within_twenty_seconds(source, beat, home):
    opened_at = clock.now()
    source.put(home, cause(since=opened_at, orders=4, pesos=699_600))
    assert beat(seconds=5) == []  # it settles: the others are on their way
    change(source, home, orders=37, pesos=6_471_300)
    (subject,) = subjects(beat(seconds=12))
    assert subject == (
        "37 pedidos detenidos: Termo acero 1 no está vinculado con un producto de Alegra"
    )
    assert beat(seconds=5) == []


def test_later_orders_wait_for_the_next_full_hour_and_come_in_one_digest(source, beat, home):
    source.put(home, cause(since=clock.now()))
    assert len(subjects(beat(seconds=20))) == 1
    for orders in range(38, 48):  # 10:15 … 10:55
        first = clock.now()
        change(source, home, orders=orders, new_orders=orders - 37, new_since=first)
        assert beat(minutes=4) == []
    (subject,) = subjects(beat(minutes=11))  # past 11:00
    assert subject == "Resumen de las 11:00: 47 pedidos esperan por $ 6.471.300"
    assert beat(minutes=5) == []


def test_two_digests_are_never_in_the_same_hour(source, beat, home):
    source.put(home, cause(since=clock.now()))
    beat(seconds=20)
    change(source, home, new_orders=1, new_since=clock.now())
    assert len(subjects(beat(minutes=50))) == 1  # 11:00
    change(source, home, new_orders=1, new_since=clock.now())
    assert beat(minutes=30) == []
    assert len(subjects(beat(minutes=30))) == 1  # 12:00


def test_a_cause_without_anything_new_makes_no_digest(source, beat, home):
    source.put(home, cause(since=clock.now()))
    beat(seconds=20)
    assert subjects(beat(hours=1)) == []
    assert subjects(beat(hours=5)) == []


def test_a_cause_open_for_days_is_one_line_with_its_age(source, beat, home):
    source.put(home, cause(since=clock.now()))
    beat(seconds=20)
    beat(hours=1)
    (mail,) = [each for each in beat(days=3) if each.to == ["owner@example.com"]]
    assert mail.subject.startswith("Resumen de las")
    line = next(each for each in mail.body.splitlines() if "Termo acero 1" in each)
    assert line.endswith("hace 3 días")
    assert mail.body.count("Termo acero 1") == 1
    assert subjects(beat(hours=2)) == []


def test_the_solved_cause_is_told_once_to_who_was_told_of_it(source, beat, home):
    source.put(home, cause(since=clock.now()))
    beat(seconds=20)
    change(source, home, solved_at=clock.now() + timedelta(minutes=3))
    (subject,) = subjects(beat(minutes=4))
    assert subject.startswith("Resuelto: Termo acero 1")
    assert beat(minutes=2) == []


def test_what_was_solved_before_it_was_told_is_never_told(source, beat, home):
    source.put(home, cause(since=clock.now(), solved_at=clock.now()))
    assert beat(minutes=1) == []
    assert beat(hours=2) == []


def test_a_cause_that_comes_back_within_the_hour_waits_for_the_digest(source, beat, home):
    told = clock.now() - timedelta(minutes=20)
    source.put(home, cause(2, since=clock.now(), told_before=told))
    assert beat(minutes=1) == []
    (subject,) = subjects(beat(minutes=49))  # 11:00
    assert subject.startswith("Resumen de las 11:00")
    assert beat(minutes=5) == []


def test_a_cause_that_comes_back_after_the_hour_is_told_at_once(source, beat, home):
    told = clock.now() - timedelta(minutes=70)
    source.put(home, cause(2, since=clock.now(), told_before=told))
    assert len(subjects(beat(minutes=1))) == 1


def test_a_solved_cause_that_came_back_already_is_not_told_as_solved(source, beat, home):
    solved = cause(since=clock.now(), mailed_at=clock.now(), solved_at=clock.now(), reopened=True)
    source.put(home, solved)
    assert beat(minutes=2) == []


def test_a_mass_failure_is_one_mail_that_lists_the_causes(source, beat, home):
    source.put(home, *(cause(n, since=clock.now(), pesos=n * 1000) for n in range(1, 8)))
    (mail,) = [each for each in beat(seconds=20) if each.to == ["owner@example.com"]]
    assert mail.subject == "259 pedidos detenidos por 7 causas nuevas"
    assert [mail.body.count(f"Termo acero {n} ") for n in range(1, 8)] == [1] * 7
    # What weighs most stands first.
    assert mail.body.index("Termo acero 7 ") < mail.body.index("Termo acero 1 ")


def test_up_to_five_causes_have_a_mail_each_with_their_cure(source, beat, home):
    source.put(home, *(cause(n, since=clock.now()) for n in range(1, 4)))
    assert len(subjects(beat(seconds=20))) == 3


def test_problems_that_each_order_has_for_itself_share_a_mail(source, beat, home):
    group = "7/identity_wrong/"
    source.put(
        home,
        *(cause(n, since=clock.now(), orders=1, pesos=1000, group=group) for n in range(1, 5)),
    )
    assert subjects(beat(seconds=20)) == ["4 pedidos detenidos por 4 causas nuevas"]


def test_a_back_fill_that_finds_a_new_cause_every_minute_does_not_write_every_minute(
    source, beat, home
):
    mails = []
    for n in range(1, 41):
        known = source.by_organization.get(home.pk, [])
        source.put(home, *known, cause(n, since=clock.now()))
        mails += subjects(beat(minutes=1))
    opened = [subject for subject in mails if "detenid" in subject]
    assert len(opened) <= 10
    told = [each.mailed_at or each.digested_at for each in source.by_organization[home.pk]]
    assert sum(1 for at in told if at) >= 30


def test_every_duration_follows_the_divisor(source, beat, home, settings):
    settings.TIMING_DIVISOR = 20
    source.put(home, cause(since=clock.now()))
    assert len(subjects(beat(seconds=1))) == 1
    change(source, home, new_orders=3, new_since=clock.now())
    assert len(subjects(beat(minutes=3))) == 1


def test_one_organization_in_trouble_does_not_silence_the_others(source, beat, cast, monkeypatch):
    source.put(cast.organization, cause(since=clock.now(), cure_label=None))
    source.put(cast.other, cause(2, since=clock.now()))
    monkeypatch.setattr(
        source,
        "rows",
        lambda news, limit: (_ for _ in ()).throw(OSError) if news.cause_id == 1 else (),
    )
    sent = beat(seconds=20)
    assert [mail.to for mail in sent] == [["outsider@example.com"]]
    # And what failed is not lost: nothing of it was noted as told.
    assert source.by_organization[cast.organization.pk][0].cause_id == 1


# --- What is urgent ------------------------------------------------------------------------
def urgent(number, *, since, **fields):
    """An order that was cancelled after its document was made: a cause of its own."""
    about = {
        "code": "reversed_after",
        "group": "7/reversed_after/",
        "headline": f"El pedido {number} se canceló y la factura sigue en Alegra",
        "orders": 1,
        "pesos": 90_000,
        "holds": False,
        "urgent": True,
    }
    return cause(number, since=since, **{**about, **fields})


def test_what_is_urgent_leaves_at_once_however_many_mails_left_before(source, beat, home):
    for n in range(1, 8):
        known = source.by_organization.get(home.pk, [])
        source.put(home, *known, cause(n, since=clock.now()))
        beat(seconds=20)
    known = source.by_organization[home.pk]
    # One more cause that waits its turn, and a document whose order was cancelled.
    source.put(home, *known, cause(8, since=clock.now()), urgent(90, since=clock.now()))
    assert beat(seconds=10) == []  # it settles
    (mail,) = [each for each in beat(seconds=6) if each.to == ["owner@example.com"]]
    assert mail.subject.endswith(": El pedido 90 se canceló y la factura sigue en Alegra")
    assert "si a otro pedido le pasa lo mismo, te escribimos enseguida" in mail.body
    assert "resumen" not in mail.body


def test_many_that_change_together_are_one_mail_and_the_next_names_only_the_new(source, beat, home):
    first = clock.now()
    source.put(home, *(urgent(n, since=first) for n in range(10, 22)))
    beat(seconds=8)
    known = source.by_organization[home.pk]
    source.put(home, *known, urgent(22, since=clock.now()))
    (mail,) = [each for each in beat(seconds=8) if each.to == ["owner@example.com"]]
    assert mail.subject == "13 pedidos por atender por 13 causas nuevas"
    told = clock.now()
    known = source.by_organization[home.pk]
    later = [urgent(n, since=told + timedelta(seconds=n), told_before=told) for n in (1, 2)]
    source.put(home, *known, *later)
    assert beat(seconds=30) == []
    (mail,) = [each for each in beat(seconds=12) if each.to == ["owner@example.com"]]
    assert mail.subject == "2 pedidos por atender por 2 causas nuevas"
    assert "El pedido 10 " not in mail.body


def test_urgent_mails_do_not_use_up_the_mails_of_other_causes(source, beat, home):
    for n in range(1, 8):
        known = source.by_organization.get(home.pk, [])
        source.put(home, *known, urgent(n, since=clock.now(), group=f"7/reversed_after/{n}"))
        assert len(subjects(beat(seconds=20))) == 1
    source.put(home, *source.by_organization[home.pk], cause(50, since=clock.now()))
    assert len(subjects(beat(seconds=20))) == 1


def test_a_mail_about_documents_alone_speaks_of_no_others(source, beat, home):
    source.put(home, *(urgent(n, since=clock.now()) for n in (1, 2)))
    (mail,) = [each for each in beat(seconds=20) if each.to == ["owner@example.com"]]
    for text in (mail.body, mail.alternatives[0][0]):
        assert "De los demás" not in text
        assert ".  " not in text
        assert "No cambiamos nada: revisa sus documentos y decide." in text


def test_a_digest_about_documents_alone_speaks_of_no_others(source, beat, home):
    source.put(home, *(urgent(n, since=clock.now()) for n in (1, 2)))
    beat(seconds=20)
    change(source, home, new_orders=1, new_since=clock.now())
    (mail,) = [each for each in beat(minutes=50) if each.to == ["owner@example.com"]]
    assert "os demás" not in mail.body
    assert "Si son borradores, no los emitas antes." in mail.body


EMISSION = {"waits_for": "que se emita su factura"}


def test_a_mail_says_what_the_orders_of_a_cause_wait_for(source, beat, home):
    source.put(home, cause(1, since=clock.now(), **EMISSION))
    (mail,) = [each for each in beat(seconds=20) if each.to == ["owner@example.com"]]
    for text in (mail.body, mail.alternatives[0][0]):
        assert "su documento" not in text
        assert "que se emita su factura" in text


@pytest.mark.parametrize(
    ("others", "says"), [({}, "por ti"), (EMISSION, "que se emita su factura")]
)
def test_a_digest_of_different_things_promises_none_of_them(source, beat, home, others, says):
    first = clock.now()
    source.put(home, cause(1, since=first, **EMISSION), cause(2, since=first, **others))
    beat(seconds=20)
    change(source, home, new_orders=1, new_since=clock.now())
    (mail,) = [each for each in beat(minutes=50) if each.to == ["owner@example.com"]]
    assert f"y esperan {says}. Cada causa" in mail.body
    assert "su documento" not in mail.body
