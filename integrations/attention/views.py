"""*Por atender*: the sentence first, then each cause with what repairs it."""

from __future__ import annotations

from datetime import datetime, time

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.attention.holds import contact_waits, hold_notes
from integrations.attention.month import month_in_words
from integrations.attention.panels import panels_of
from integrations.attention.retrying import MOST_AT_ONCE, retry_all, try_now
from integrations.attention.set_up_gaps import set_up_gaps
from integrations.attention.waiting import Amount, Waiting, doubted, drafts
from integrations.books.findings import open_ones as open_differences
from integrations.colombia.dates import BOGOTA, bogota_today
from integrations.configuration import saving, typed
from integrations.configuration.answers import AnsweredTooLate, answer
from integrations.configuration.choices import Lists
from integrations.configuration.equivalences import EquivalenceForm
from integrations.configuration.picking import NotPicked, read_pick
from integrations.configuration.questions import QUESTIONS, Question
from integrations.connections.lookup import integration_or_404, integrations
from integrations.intake.left_out import new_ones
from integrations.intake.refused import open_ones
from integrations.sending import trying
from integrations.sending.models import Cause
from integrations.sending.problem_kinds import kind_of
from integrations.sending.states import State
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act
from integrations.timekeeping import clock

SOLVED_SHOWN = 20


@organization_view(read=Act.READ)
def attention(request: HttpRequest) -> HttpResponse:
    slug = request.organization.slug
    now = clock.now()
    mine = {each.pk: each for each in integrations().order_by("name", "pk")}
    waiting = Waiting()
    holds = hold_notes(mine.values(), waiting, slug=slug, now=now)
    panels, left = panels_of(mine, slug=slug)
    slow = contact_waits(mine.values(), now=now)
    holding = sum(panel.holds for panel in panels) + left
    refused = open_ones(mine.values())
    set_up = set_up_gaps(mine.values())
    rejected = waiting.of(State.REJECTED)
    differences = open_differences().count()
    is_quiet = not (panels or holds or refused or set_up or differences)
    return render(
        request,
        "attention/attention.html",
        {
            "panels": panels,
            "left": left,
            "causes": holding,
            "blocked": waiting.blocked,
            "rejected": rejected,
            "doubted": Amount() if all(panel.holds for panel in panels) else doubted(),
            "holds": holds,
            "contact_waits": slow,
            "refused": refused,
            "set_up": set_up,
            "differences": differences,
            "left_out_events": new_ones(mine.values(), now=now),
            "held": sum((hold.waiting for hold in holds), Amount()),
            "for_approval": waiting.for_approval,
            "drafts": drafts(mine),
            "may_emit": request.may(Act.EMIT),
            "solved": _solved_today(now),
            "month": month_in_words(now) if is_quiet else "",
            "can_edit": request.may(Act.EDIT),
            "closed": not request.may(Act.EDIT),
            "can_enter_token": request.may(Act.ENTER_TOKEN),
            "integration": _all_trial(mine),
        },
    )


def _solved_today(now: datetime):
    today = datetime.combine(bogota_today(now), time.min, tzinfo=BOGOTA)
    rows = Cause.objects.solved().filter(solved_at__gte=today)
    return rows.order_by("-solved_at", "-id")[:SOLVED_SHOWN]


def _all_trial(mine: dict):
    """The strip of *modo de prueba* stands here only when all of it is trial."""
    found = list(mine.values())
    return found[0] if found and all(each.is_trial for each in found) else None


# --- Cures ----------------------------------------------------------------------------------
def _open_cause(cause: int) -> Cause:
    return get_object_or_404(Cause, pk=cause)


def _back(request: HttpRequest) -> HttpResponse:
    """To the order's page where it was answered there."""
    order = request.POST.get("pedido", "")
    if order.isascii() and order.isdigit() and len(order) < 19:
        return redirect("order", request.organization.slug, int(order))
    return redirect("attention", request.organization.slug)


def _was_solved(request: HttpRequest, cause: Cause) -> bool:
    if cause.is_open:
        return False
    messages.info(request, _("Mientras tanto esta causa ya se resolvió."))
    return True


def _freed(request: HttpRequest, count: int, question: Question | None = None) -> None:
    if count and question is not None and not question.sends:
        text = ngettext(
            "Guardado. %(n)d pedido ya no espera esta respuesta.",
            "Guardado. %(n)d pedidos ya no esperan esta respuesta.",
            count,
        )
        messages.success(request, text % {"n": count})
    elif count:
        text = ngettext(
            "Guardado. %(n)d pedido ya va en camino.",
            "Guardado. %(n)d pedidos ya van en camino.",
            count,
        )
        messages.success(request, text % {"n": count})
    else:
        messages.success(request, _("Guardado."))


@organization_view(read=None, write=Act.EDIT)
def attention_account(request: HttpRequest, cause: int) -> HttpResponse:
    """The account of a payment method, chosen beside its cause."""
    found = _open_cause(cause)
    if found.code != "account_missing":
        raise Http404
    if _was_solved(request, found):
        return _back(request)
    integration = integration_or_404(found.integration_id)
    form = EquivalenceForm(
        {
            "method": found.params.get("method") or found.subject_key,
            "account": request.POST.get("account", ""),
        },
        integration=integration,
        lists=Lists(integration.company),
    )
    if form.is_valid():
        _freed(request, saving.add_equivalence(integration, form.cleaned_data, request=request))
    else:
        for errors in form.errors.values():
            messages.error(request, " ".join(errors))
    return _back(request)


@organization_view(read=None, write=Act.EDIT)
def attention_answer(request: HttpRequest, cause: int) -> HttpResponse:
    """The answer to a question that holds orders, given in *Por atender* or on an order's page."""
    found = _open_cause(cause)
    question = QUESTIONS.get(kind_of(found.code).asks)
    if question is None:
        raise Http404
    if _was_solved(request, found):
        return _back(request)
    question = question.offered(found.params)
    value = request.POST.get("respuesta", "")
    if not question.allows(value):
        messages.error(request, _("Elige una de las respuestas."))
        return _back(request)
    integration = integration_or_404(found.integration_id)
    try:
        picked = read_pick(integration, question.choice(value), request.POST, "respuesta")
    except NotPicked as lacks:
        if not typed.keep(request, "respuesta", str(lacks)):
            messages.error(request, str(lacks))
        return _back(request)
    try:
        freed = answer(
            integration, question, found.subject_key, value,
            picked=picked, params=found.words, request=request,
        )  # fmt: skip
    except AnsweredTooLate as late:
        messages.warning(request, str(late))
    else:
        _freed(request, freed, question)
    return _back(request)


def _try_one(request: HttpRequest, cause: Cause) -> None:
    work = try_now(cause, by=request.user, request=request)
    if work is None:
        text = _("Ya estamos probando con un pedido, o algo más los detiene. Mira en un minuto.")
        messages.info(request, text)
    else:
        text = _("Probamos con el pedido %(number)s. Si Alegra lo recibe, los demás salen solos.")
        if work.order is None:
            text = _("Probamos con uno. Si Alegra lo recibe, los demás salen solos.")
        messages.success(request, text % {"number": work.order.number if work.order else ""})


@organization_view(read=Act.EDIT, write=Act.EDIT)
def attention_retry(request: HttpRequest, cause: int) -> HttpResponse:
    """*Reintentar estos N*: first what goes, then the yes."""
    found = _open_cause(cause)
    if _was_solved(request, found):
        return _back(request)
    if request.method == "POST" and found.code in trying.TRIED:
        _try_one(request, found)
        return _back(request)
    if request.method == "POST":
        retried = retry_all(found, by=request.user, request=request)
        text = ngettext(
            "%(n)d pedido sale otra vez ahora.",
            "%(n)d pedidos salen otra vez ahora.",
            retried.sent,
        )
        messages.success(request, text % {"n": retried.sent})
        if retried.left:
            messages.warning(request, _("Quedan %(n)d: reintenta otra vez.") % {"n": retried.left})
        return _back(request)
    context = {"cause": found, "most": MOST_AT_ONCE, "integration": found.integration}
    return render(request, "attention/retry.html", context)
