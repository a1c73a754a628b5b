"""Both sides inside the calling process, for tests and for whoever drives them from Python."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from integrations.simulators.control import ControlledSite
from integrations.simulators.server import Server

DEMO_COMPANY = {
    "nit": "901482337",
    "name": "Hogar Andino S.A.S.",
    "alegra_user": "contabilidad@hogar-andino.example.com",
    "business_id": 48213,
    "catalogue": "demo",
}


@dataclass(frozen=True)
class Running:
    """Both servers. ``*_url`` is the address an integration uses, ``*_root`` that of the port."""

    alegra_server: Server
    mastershop_server: Server
    alegra_site: ControlledSite
    mastershop_site: ControlledSite

    @property
    def alegra_root(self) -> str:
        return self.alegra_server.url

    @property
    def mastershop_root(self) -> str:
        return self.mastershop_server.url

    @property
    def alegra_url(self) -> str:
        return self.alegra_root + "/api/v1"

    @property
    def mastershop_url(self) -> str:
        return self.mastershop_root + "/api"

    def stop(self) -> None:
        self.alegra_server.stop()
        self.mastershop_server.stop()


def start_local(
    data_dir: Path | str | None = None,
    *,
    host: str = "127.0.0.1",
    alegra_port: int = 0,
    mastershop_port: int = 0,
    control: bool = True,
    seed_demo: bool = False,
) -> Running:
    """Start both sides in threads; port 0 takes a free one. ``stop()`` ends them.

    Without ``data_dir`` they keep what they hold in memory.
    """
    from integrations.simulators.alegra.site import build_site as build_alegra
    from integrations.simulators.mastershop.site import build_site as build_mastershop

    folder = None if data_dir is None else Path(data_dir)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    alegra = Server(host, alegra_port)
    mastershop = Server(host, mastershop_port)
    running = Running(
        alegra,
        mastershop,
        build_alegra(folder, control=control, mastershop_url=mastershop.url),
        build_mastershop(folder, control=control, alegra_url=alegra.url),
    )
    alegra.start(running.alegra_site)
    mastershop.start(running.mastershop_site)
    if seed_demo:
        half = running.alegra_site.make_company(dict(DEMO_COMPANY))
        running.mastershop_site.make_company({**DEMO_COMPANY, **half})
    return running
