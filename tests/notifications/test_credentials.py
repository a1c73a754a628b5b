"""A login that Alegra refuses is told at once, every morning, and once when it works again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from integrations.notifications.news import PauseNews
from integrations.timekeeping import clock
from tests.notifications.fake_source import login

pytestmark = pytest.mark.django_db


def owners(mails):
    own = [mail for mail in mails if mail.to == ["owner@example.com"]]
    for mail in own:
        mail.subject = mail.subject.replace("\u00a0", " ")
        mail.body = mail.body.replace("\u00a0", " ")
    return own


def test_one_mail_for_a_login_at_once_however_many_integrations(source, beat, cast):
    source.put(cast.organization, login(since=clock.now()))
    (mail,) = owners(beat())
    assert mail.subject == (
        "Envíos en pausa: Alegra ya no acepta el token de facturacion@ejemplo.test"
    )
    assert "Tienda principal y Tienda de remisiones" in mail.body
    assert "11 pedidos esperan por $ 1.204.600" in mail.body
    assert "/c/hogar-andino/integraciones/7/credenciales/" in mail.body
    assert beat(seconds=20) == []


def test_it_is_told_again_at_seven_in_bogota_and_only_then(source, beat, cast):
    source.put(cast.organization, login(since=clock.now()))
    beat()
    assert beat(hours=20, minutes=49) == []  # 6:59
    (mail,) = owners(beat(minutes=2))
    assert mail.subject == "Siguen en pausa: 11 pedidos esperan por $ 1.204.600"
    assert beat(hours=23) == []
    assert len(owners(beat(hours=1))) == 1


def test_it_is_told_once_that_it_works_again(source, beat, cast):
    source.put(cast.organization, login(since=clock.now()))
    beat()
    (news,) = source.by_organization[cast.organization.pk]
    source.put(cast.organization, replace(news, since=None))
    (mail,) = owners(beat(minutes=1))
    assert mail.subject.startswith("Envíos reanudados")


@pytest.mark.parametrize("code", ["plan", "forbidden"])
def test_the_plan_or_the_permission_is_named(source, beat, cast, code):
    source.put(cast.organization, login(since=clock.now(), code=code))
    (mail,) = owners(beat())
    assert {"plan": "plan", "forbidden": "permiso"}[code] in mail.subject


def test_an_automatic_pause_is_told_at_once_and_once(source, beat, cast):
    pause = PauseNews(
        integration_id=7,
        integration_name="Tienda principal",
        reason="precision",
        sentence="La precisión decimal de Alegra es menor que 2",
        what_to_do="Ponle 2 decimales en Alegra.",
        orders=3,
        pesos=524_700,
        cure_path="/c/hogar-andino/integraciones/7/",
    )
    source.put(cast.organization, pause)
    (mail,) = owners(beat())
    assert "Tienda principal está en pausa" in mail.subject
    assert "3 pedidos esperan" in mail.body
    assert beat(minutes=5) == []
