"""What the person looking at a page may do, under names a template can read."""

from __future__ import annotations

from django.http import HttpRequest

from integrations.tenancy.roles import Act


def rights(request: HttpRequest) -> dict[str, bool]:
    return {
        "can_own": request.may(Act.OWN),
        "can_edit": request.may(Act.EDIT),
        "can_enter_token": request.may(Act.ENTER_TOKEN),
        "can_close_books": request.may(Act.CLOSE_BOOKS),
    }
