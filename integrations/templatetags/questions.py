"""What a page of questions shows of an answer that was refused."""

from __future__ import annotations

from django import template

from integrations.configuration.questions import Question
from integrations.configuration.typed import Typed, typed_at

register = template.Library()


@register.simple_tag(takes_context=True)
def typed_before(context, question: Question, field: str, key: str) -> Typed:
    """What was typed for this question, at this place of the page."""
    if "request" not in context:
        return Typed()
    return typed_at(context["request"], field, f"{key}/{question.code}")
