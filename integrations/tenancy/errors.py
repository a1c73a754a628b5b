"""The pages of what went wrong: in a sentence, with what to do, and never a secret."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def forbidden_page(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """For strangers too: the page offers to sign in, and says nothing of what exists."""
    return render(request, "errors/404.html", {"next": request.get_full_path()}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(
        request, "errors/500.html", {"request_id": getattr(request, "id", "")}, status=500
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)
