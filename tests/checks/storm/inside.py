"""What is done and seen inside of the portal under the storm, in a process with its environment.

python -m tests.checks.storm.inside tenants 50     makes so many comercios with an integration each
python -m tests.checks.storm.inside waiting 9 17   nine events each that wait
python -m tests.checks.storm.inside events 17 18   what became of the events of these integrations
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

from tests.flows.live import ROOT, LivePortal


def ask(portal: LivePortal, *arguments: object, body: dict[str, Any] | None = None) -> Any:
    """What `main` prints in a process of its own. `body`: of the events that are to wait."""
    answer = subprocess.run(
        [sys.executable, "-m", "tests.checks.storm.inside", *map(str, arguments)],
        cwd=ROOT, env=portal._environment, capture_output=True, text=True, check=False,
        input=json.dumps(body),
    )  # fmt: skip
    if answer.returncode:
        raise AssertionError(answer.stderr)
    return json.loads(answer.stdout.splitlines()[-1])


def tenants(count: int) -> list[dict[str, Any]]:
    from integrations.scoping.context import scope
    from integrations.tenancy.models import Organization
    from integrations.triggers.models import TriggerRule
    from tests import cast

    first = Organization.objects.count()
    made = []
    for number in range(first, first + count):
        organization = cast.make_organization(f"Negocio {number}", f"negocio-{number}")
        mark = f"storm-{number}"
        integration = cast.make_integration(
            organization, webhook_token=mark, webhook_token_digest=_digest(mark), secret=mark,
            business_id=str(70_000 + number), source_key=mark,
            company=cast.make_company(organization, nit=str(930_000_000 + number)),
            credential=cast.make_credential(organization, email=f"{mark}@ejemplo.test"),
        )  # fmt: skip
        with scope(organization.pk):
            for family, status in (("cod", "delivered"), ("prepaid", "in_transit")):
                TriggerRule.objects.create(
                    integration=integration, family=family, status=status,
                    changed_at=cast.LONG_AGO,
                )  # fmt: skip
        made.append(
            {"id": integration.pk, "token": mark, "secret": mark, "business": 70_000 + number}
        )
    return made


def waiting(count: int, *integrations: str) -> int:
    """So many events of each, there all at once, those of one integration after the other: as if
    the worker had been away. Nobody is hinted at them."""
    from integrations.connections.models import Integration
    from integrations.orders.models import OrderEvent
    from integrations.scoping.context import unscoped
    from integrations.timekeeping import clock

    body = json.loads(sys.stdin.read())
    now = clock.now()
    rows = []
    with unscoped("a check of the storm"):
        found = Integration.objects.select_related("source").in_bulk(map(int, integrations))
        for integration in found.values():
            business = int(integration.source.business_id)
            for number in range(count):
                told = body | {"id_order": number, "id_business": business}
                at = now + timedelta(microseconds=len(rows))
                rows.append(
                    OrderEvent(
                        organization_id=integration.organization_id, integration=integration,
                        body=json.dumps(told), body_digest=f"{integration.pk:032}{number:032}",
                        is_signed=True, received_at=at, last_received_at=at,
                    )
                )  # fmt: skip
        OrderEvent.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def events(*integrations: str) -> list[list[Any]]:
    """Of each event: integration, received, taken up to be interpreted (both as seconds since the
    epoch; null while it waits), verdict."""
    from integrations.orders.models import OrderEvent
    from integrations.scoping.context import unscoped

    with unscoped("a check of the storm"):
        rows = OrderEvent.objects.filter(integration__in=map(int, integrations)).values_list(
            "integration_id", "received_at", "interpreted_at", "verdict"
        )
        return [
            [pk, received.timestamp(), taken and taken.timestamp(), verdict]
            for pk, received, taken, verdict in rows
        ]


def _digest(token: str) -> str:
    from integrations.connections.connect import token_digest

    return token_digest(token)


def main(arguments: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mastershop_alegra.settings")
    import django

    django.setup()
    match arguments:
        case ["tenants", count]:
            found: Any = tenants(int(count))
        case ["waiting", each, *integrations]:
            found = waiting(int(each), *integrations)
        case ["events", *integrations]:
            found = events(*integrations)
        case _:
            sys.exit(__doc__)
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
