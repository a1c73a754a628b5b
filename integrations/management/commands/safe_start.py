"""Looks in Alegra for documents and payments of the portal that this database does not know.

After a restore the workers do this by themselves before their first write to each company. This
command reads the whole window of every company, or of one, and prints what it found. Where it
found something, the company's writes are held until the window was read twice more, and what was
found is adopted by the orders it belongs to.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError

from integrations.alegra.errors import AlegraError
from integrations.colombia.dates import bogota_today
from integrations.connections.clients import NoStandIn, alegra_client
from integrations.connections.models import AlegraCompany, Integration
from integrations.scoping.context import scope, unscoped
from integrations.sending.safe_start import checking, looking
from integrations.sending.safe_start.models import Forgotten
from integrations.timekeeping import clock
from integrations.timekeeping.timing import SAFE_START_WINDOW


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--company", help="the NIT of one company; all of them without it")
        parser.add_argument(
            "--days", type=int, default=SAFE_START_WINDOW.days, help="how far back (45)"
        )

    def handle(self, *args, company: str | None, days: int, **options):
        if days < 1:
            raise CommandError("--days is at least 1.")
        with unscoped("companies that are looked at by hand"):
            used = Integration.objects.active().values("company")
            rows = AlegraCompany.objects.filter(pk__in=used).order_by("name", "pk")
            if company:
                rows = rows.filter(nit=company)
            chosen = list(rows)
        if company and not chosen:
            raise CommandError(f"No company in use has the NIT {company}.")
        failed = 0
        for row in chosen:
            with scope(row.organization_id):
                failed += not self._look(row, days)
        if failed:
            raise SystemExit(1)

    def _look(self, company: AlegraCompany, days: int) -> bool:
        """Look at one company; False where its lists could not be read to their ends."""
        name = f"{company.name} ({company.nit_text})"
        look = checking.row_of(company)
        credentials = checking.credentials_of(company)
        if not credentials:
            self.stderr.write(f"{name}: no login that Alegra accepts")
            return False
        now = clock.now()
        if not look.lease.acquire(look, now=now):
            self.stderr.write(f"{name}: a worker is looking at it just now")
            return False
        found: list[Forgotten] = []
        unread = hidden = 0
        day = bogota_today(now - timedelta(days=days))
        try:
            with ExitStack() as opened:
                clients = [opened.enter_context(alegra_client(each)) for each in credentials]
                for alegra_list in looking.lists_of(company):
                    made = looking.Reading()
                    known = look.foreign.get(alegra_list.name, [])
                    try:
                        is_shown = checking.read_as_any(
                            clients, company, alegra_list, day, made, now=now,
                            foreign=set(known),
                            keep=lambda: look.lease.renew(look, now=clock.now()),
                        )  # fmt: skip
                        hidden += not is_shown and alegra_list.writes(company)
                    finally:
                        found += made.forgotten
                        unread += made.unread
                        seen = sorted({*known, *made.foreign})
                        look.foreign = {**look.foreign, alegra_list.name: seen}
                        self._tell(name, alegra_list, made)
        except (AlegraError, NoStandIn) as error:
            self.stderr.write(f"{name}: {type(error).__name__}")
            return False
        finally:
            if found:
                checking.begin(company, found, clock.now())
            look.lease.release(look, foreign=look.foreign)
        if hidden:
            self.stderr.write(f"{name}: no login is shown all that is written to")
        return not unread and not hidden

    def _tell(self, name: str, alegra_list, reading: looking.Reading) -> None:
        self.stdout.write(
            f"{name}: {alegra_list.name}: {reading.rows} read, {len(reading.forgotten)} forgotten"
        )
        for each in reading.forgotten:
            self.stdout.write(
                f"  {each.date} {each.number or '-'} id {each.alegra_id}"
                f" order {each.order_number or '?'} {each.marker}"
            )
        if reading.unread:
            self.stdout.write(f"  {reading.unread} are still to be read: run it again")
