"""How many products wait for a link, for tabs that do not count them themselves."""

from __future__ import annotations

from django import template

from integrations.catalog import lookup
from integrations.connections.models import Integration

register = template.Library()


@register.simple_tag
def unlinked_count(integration: Integration) -> int:
    return lookup.unlinked_count(integration)
