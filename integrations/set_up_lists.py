"""Joins the rooms' lines of an integration's set-up list; holds no logic.

Importing such a module registers its lines. Rooms answer for their own part only, so that the
list grows with them.
"""

from __future__ import annotations

from importlib import import_module

ROOMS = (
    "connections.checklist_lines",
    "configuration.checklist",
    "inventory.checklist",
    "catalog.checklist",
    "triggers.checklist",
    "documents.goods_tax",
)


def register() -> None:
    for room in ROOMS:
        import_module(f"integrations.{room}")
