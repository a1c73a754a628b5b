"""The demo as a whole: shops, people, integrations; and the orders that come by themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from integrations.configuration.models import DocumentSettings
from integrations.connections.models import Integration
from integrations.demo import people, stand_ins
from integrations.demo.setting_up import Plan, set_up
from integrations.demo.stand_ins import Stand
from integrations.scoping.context import scope
from integrations.tenancy.models import Organization
from integrations.timekeeping import clock

PLANS = (
    Plan(
        "Hogar Andino · Facturas",
        Stand(
            "Hogar Andino S.A.S.",
            "901482337",
            "facturacion@hogar-andino.example.com",
            48213,
        ),
    ),
    Plan(
        "Hogar Andino · Remisiones",
        Stand(
            "Andino Mayoristas S.A.S.",
            "901733912",
            "remisiones@hogar-andino.example.com",
            48377,
        ),
        kind=DocumentSettings.Kind.REMISSION,
        mode=DocumentSettings.Mode.DEFINITIVE,
    ),
    Plan(
        "Hogar Andino · Facturas definitivas",
        Stand(
            "Andino Express S.A.S.",
            "901826459",
            "emision@hogar-andino.example.com",
            48541,
        ),
        mode=DocumentSettings.Mode.DEFINITIVE,
    ),
)
OTHER_PLAN = Plan(
    "Mascotas Felices",
    Stand("Mascotas Felices S.A.S.", "901640275", "cuentas@mascotas-felices.example.com", 51904),
    is_on=False,
)
PER_MINUTE = (4, 2, 2)
# Orders that are there when one looks for the first time: status and hours ago.
_FIRST_ORDERS = ((8, 30), (8, 26), (8, 22), (6, 20), (8, 9), (9, 8), (8, 6), (4, 5), (8, 3), (3, 1))
_FIRST_TRAPS = ("unlinked_product", "no_document", "gift_line")


@dataclass(frozen=True)
class Demo:
    organization: Organization
    integrations: tuple[tuple[Plan, Integration], ...]


def make_demo() -> Demo | None:
    """Make the demo, or find it. None in an installation that is somebody's own already."""
    is_there = Organization.objects.filter(slug=people.HOGAR_ANDINO.slug).exists()
    if Organization.objects.exists() and not is_there:
        return None
    people.make_user(people.ADMIN)
    organization = people.make_shop(people.HOGAR_ANDINO)
    other = people.make_shop(people.MASCOTAS_FELICES)
    with scope(organization.pk):
        made = tuple((plan, set_up(plan)) for plan in PLANS)
    with scope(other.pk):
        set_up(OTHER_PLAN)
    return Demo(organization, made)


def start_traffic(demo: Demo) -> None:
    """Let orders come, after a first handful in a world that has seen none. The portal must
    be answering."""
    for (plan, _integration), per_minute in zip(demo.integrations, PER_MINUTE, strict=True):
        business_id = plan.stand.business_id
        if not stand_ins.has_orders(business_id):
            _send_first_orders(business_id)
        stand_ins.start_traffic(business_id, per_minute=per_minute)


def _send_first_orders(business_id: int) -> None:
    now = clock.now()
    for status, hours in _FIRST_ORDERS:
        moment = (now - timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
        stand_ins.make_order(business_id, status=status, order={"date_update_order": moment})
    for trap in _FIRST_TRAPS:
        stand_ins.make_order(business_id, status=8, trap=trap)
