from __future__ import annotations

from datetime import timedelta

import pytest

from integrations.notifications.models import Recipient
from integrations.scoping.context import scope
from integrations.tenancy.models import Role
from integrations.timekeeping import clock
from tests.cast import join, make_user
from tests.notifications.fake_source import cause, login

pytestmark = pytest.mark.django_db


def to(mails):
    return sorted(address for mail in mails for address in mail.to)


def choose(organization, user, failures):
    with scope(organization.pk):
        Recipient.objects.create(user=user, email=user.email, preferences={"failures": failures})


def test_owners_editors_and_accountants_hear_of_failures_and_viewers_do_not(source, beat, cast):
    source.put(cast.organization, cause(since=clock.now()))
    sent = beat(seconds=20)
    assert to(sent) == ["accountant@example.com", "editor@example.com", "owner@example.com"]
    assert all(len(mail.to) == 1 and not mail.cc and not mail.bcc for mail in sent)


def test_each_chooses_at_once_digest_or_never(source, beat, cast):
    choose(cast.organization, cast.editor, "digest")
    choose(cast.organization, cast.accountant, "never")
    choose(cast.organization, cast.viewer, "at_once")
    source.put(cast.organization, cause(since=clock.now()))
    assert to(beat(seconds=20)) == ["owner@example.com", "viewer@example.com"]
    digest = beat(minutes=50)
    assert to(digest) == ["editor@example.com"]
    assert "Nuevas" in digest[0].body
    assert beat(hours=1) == []


def test_who_reads_digests_hears_there_of_what_was_solved(source, beat, cast):
    for user in (cast.owner, cast.accountant):
        choose(cast.organization, user, "never")
    choose(cast.organization, cast.editor, "digest")
    source.put(
        cast.organization,
        cause(
            since=clock.now(),
            mailed_at=clock.now() - timedelta(hours=3),
            digested_at=clock.now() - timedelta(hours=2),
            solved_at=clock.now(),
        ),
    )
    assert beat(minutes=1) == []
    (digest,) = beat(minutes=50)
    assert digest.to == ["editor@example.com"]
    assert digest.subject == "Resumen de las 11:00: nada espera por ti"
    assert "Resueltas" in digest.body


def test_extra_addresses_hear_of_failures_and_never_of_credentials(source, beat, cast):
    with scope(cast.organization.pk):
        Recipient.objects.create(email="contabilidad@example.com", preferences={})
    source.put(cast.organization, cause(since=clock.now()), login(since=clock.now()))
    sent = beat(seconds=20)
    extra = [mail.subject for mail in sent if mail.to == ["contabilidad@example.com"]]
    assert len(extra) == 1
    assert "Alegra ya no acepta" not in extra[0]


def test_owners_and_accountants_hear_of_credentials_whatever_they_chose(source, beat, cast):
    choose(cast.organization, cast.owner, "never")
    choose(cast.organization, cast.accountant, "digest")
    source.put(cast.organization, login(since=clock.now()))
    assert to(beat(seconds=1)) == ["accountant@example.com", "owner@example.com"]


def test_a_deactivated_member_is_not_mailed(source, beat, cast):
    cast.owner.is_active = False
    cast.owner.save()
    source.put(cast.organization, login(since=clock.now()))
    assert to(beat()) == ["accountant@example.com"]


def test_an_address_that_is_a_member_too_gets_one_mail(source, beat, cast):
    with scope(cast.organization.pk):
        Recipient.objects.create(email="OWNER@example.com", preferences={})
    source.put(cast.organization, cause(since=clock.now()))
    assert to(beat(seconds=20)).count("owner@example.com") == 1
    assert "OWNER@example.com" not in to(beat())


def test_nobody_of_another_organization_hears_anything(source, beat, cast):
    join(cast.other, make_user("otro@example.com"), Role.OWNER)
    source.put(cast.organization, cause(since=clock.now()), login(since=clock.now()))
    assert not {"outsider@example.com", "otro@example.com"} & set(to(beat(seconds=20)))
