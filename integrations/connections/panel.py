"""What the list of integrations says of each: its state, its tie, its facts.

Figures belong to rooms above; they register a function that answers for all integrations of
a page in a fixed number of queries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from integrations.connections.checklist import Checklist
from integrations.connections.hold import paused_sentence
from integrations.connections.models import Integration


@dataclass(frozen=True)
class Fact:
    """One figure under an integration's pair; `url` makes it a link."""

    label: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Alarm:
    """Something that a person must look at, since when, and where."""

    sentence: str
    since: datetime
    url: str
    label: str = ""


FactMaker = Callable[[list[Integration]], dict[int, list[Fact]]]
# Figures by the integration's id, in the order the rooms registered.
facts: list[FactMaker] = []
# A sentence about what waits ("11 pedidos esperan por $ 1.204.600."), by the integration's id.
waiting: list[Callable[[list[Integration]], dict[int, str]]] = []
# What a room above warns of, by the integration's id.
alarms: list[Callable[[list[Integration]], dict[int, Alarm]]] = []


# What rooms above ask before it is switched on, shown on its own page.
asks: list[Callable[[Integration], list[Any]]] = []


@dataclass
class Panel:
    """`tone`, `icon`, `word` are the state; `tie_*` the line between both sides."""

    integration: Integration
    tone: str
    icon: str
    word: str
    tie: str
    tie_icon: str
    tie_word: str
    facts: list[Fact] = field(default_factory=list)
    waiting: str = ""
    # Why the login is paused, '' where it is not.
    why_paused: str = ""
    alarms: list[Alarm] = field(default_factory=list)
    checklist: Checklist | None = None
    asks: list[Any] = field(default_factory=list)


def panels(integrations: Iterable[Integration]) -> list[Panel]:
    rows = list(integrations)
    made = [_panel(row) for row in rows]
    by_id = {panel.integration.pk: panel for panel in made}
    for make in facts:
        for pk, found in make(rows).items():
            by_id[pk].facts += found
    for tell in waiting:
        for pk, sentence in tell(rows).items():
            by_id[pk].waiting = sentence
    for warn in alarms:
        for pk, alarm in warn(rows).items():
            by_id[pk].alarms.append(alarm)
    return made


def asks_of(integration: Integration) -> list[Any]:
    return [asked for make in asks for asked in make(integration)]


def _panel(integration: Integration) -> Panel:
    credential = integration.credential
    if credential.state == credential.State.PAUSED:
        state = ("fail", "key", _("Credenciales rechazadas"))
        tie = ("fail", "unlink", _("Sin conexión con"))
    elif integration.paused_reason:
        state = ("fail", "pause", _("En pausa"))
        tie = ("fail", "unlink", _("Sin conexión con"))
    elif integration.state == Integration.State.ON:
        state = ("ok", "ok", _("Conectada"))
        tie = ("ok", "link", _("Conectado con"))
    elif integration.state == Integration.State.OFF:
        state = ("wait", "pause", _("Apagada"))
        tie = ("wait", "clock", _("Por conectar con"))
    else:
        state = ("wait", "clock", _("Falta configurar"))
        tie = ("wait", "clock", _("Por conectar con"))
    is_paused = credential.state == credential.State.PAUSED
    why = paused_sentence(credential) if is_paused else ""
    return Panel(integration, *state, *tie, why_paused=why)
