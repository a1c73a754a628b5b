"""The demo's world, made against the simulators in this process."""

from __future__ import annotations

import stat

import pytest

from integrations.catalog.models import ProductLink, Variant
from integrations.connections.checklist import checklist_of
from integrations.connections.models import Integration
from integrations.demo import announce, people, world
from integrations.scoping.context import scope, unscoped
from integrations.simulators.local import start_local
from integrations.tenancy.models import Membership, Organization, User
from integrations.timekeeping import clock
from tests.cast import make_organization


@pytest.fixture
def stand_ins(tmp_path, settings):
    running = start_local(tmp_path / "simulators")
    settings.SIMULATED_ALEGRA_URL = running.alegra_url
    settings.SIMULATED_MASTERSHOP_URL = running.mastershop_url
    yield running
    running.stop()


def _counts() -> tuple[int, ...]:
    with unscoped("counting in a test"):
        kinds = (User, Organization, Membership, Integration, Variant, ProductLink)
        return tuple(kind.objects.count() for kind in kinds)


@pytest.mark.django_db
def test_a_first_start_sets_the_merchant_up_and_a_second_changes_nothing(stand_ins, tmp_path):
    demo = world.make_demo()
    before = _counts()
    told = announce.describe(demo, login_url="http://localhost:8000/cuenta/login/")

    with scope(demo.organization.pk):
        for _plan, row in demo.integrations:
            integration = Integration.objects.select_related("company").get(pk=row.pk)
            assert integration.is_on
            assert integration.is_trial
            assert integration.hold(clock.now()) is None
            assert not checklist_of(integration).blocking
            assert integration.automatic_from == integration.process_from < integration.created_at
    for each in told["integrations"]:
        linked = [p["iva"] for p in each["products"] if p["alegra_item"]]
        assert all(linked.count(rate) >= 2 for rate in ("19", "5", "exempt", "excluded"))
        assert sum(p["alegra_item"] is None for p in each["products"]) >= 2

    again = announce.describe(world.make_demo(), login_url=told["login_url"])
    assert _counts() == before
    assert again == told

    path = tmp_path / "demo.json"
    announce.write(path, told)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.django_db
def test_a_start_that_broke_off_is_finished_by_the_next(stand_ins, monkeypatch):
    from integrations.demo import setting_up

    def breaks(*args):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(setting_up, "_configure", breaks)
        with pytest.raises(RuntimeError):
            world.make_demo()
    demo = world.make_demo()
    assert all(row.is_on for _plan, row in demo.integrations)


@pytest.mark.django_db
def test_an_installation_that_is_somebodys_own_gets_no_demo():
    make_organization("Ferretería El Tornillo", "ferreteria")
    assert world.make_demo() is None
    assert not User.objects.filter(email=people.ADMIN.email).exists()


def test_passwords_differ_between_people_and_between_installations(settings):
    first, second = people.HOGAR_ANDINO.people[:2]
    mine = people.password_of(first)
    assert len(mine) >= 20
    assert mine != people.password_of(second)
    settings.SECRET_KEY = "another installation"
    assert mine != people.password_of(first)
