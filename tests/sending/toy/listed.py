"""Where toys are found again in Alegra after a restore."""

from __future__ import annotations

from integrations.alegra import invoices
from integrations.sending.safe_start.lists import AlegraList
from tests.sending.toy.models import Toy

TOYS = AlegraList(
    name="toy",
    title="Juguetes",
    counted=lambda n: f"{n} juguetes",
    work=Toy,
    since=invoices.since,
    read=invoices.read,
    reading="leer juguetes",
    source=lambda number: f"toy {number}",
)
