"""What a person typed beside an answer that was refused, kept for the page that shows it again."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from integrations.configuration.picking import AMOUNT, TYPED

# What tells one question of a page from the others; pages send it along.
PLACE = "_lugar"
_KEPT = "refused_answer"


@dataclass(frozen=True)
class Typed:
    """`value` is the chosen answer, `amount` and `text` are as they were typed."""

    value: str = ""
    amount: str = ""
    text: str = ""
    error: str = ""


def keep(request: HttpRequest, field: str, error: str) -> bool:
    """Keep a refused answer until its page is shown again; False where it names no place."""
    place = request.POST.get(field + PLACE, "")[:80]
    if not place:
        return False
    request.session[_KEPT] = {
        "place": place,
        "value": request.POST.get(field, "")[:80],
        "amount": request.POST.get(field + AMOUNT, "")[:30],
        "text": request.POST.get(field + TYPED, "")[:200],
        "error": error,
    }
    return True


def typed_at(request: HttpRequest, field: str, place: str) -> Typed:
    """What was typed there: of the form that is just shown again, or what was kept, once."""
    if request.method == "POST":
        amount, text = request.POST.get(field + AMOUNT, ""), request.POST.get(field + TYPED, "")
        return Typed(request.POST.get(field, ""), amount[:30], text[:200])
    kept = request.session.get(_KEPT)
    if not kept or kept["place"] != place:
        return Typed()
    del request.session[_KEPT]
    return Typed(kept["value"], kept["amount"], kept["text"], kept["error"])
