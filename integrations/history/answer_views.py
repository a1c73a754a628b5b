"""Another answer to what was asked about one order."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from integrations.configuration import typed
from integrations.configuration.answers import AnsweredTooLate, answer, take_back
from integrations.configuration.asked import AGAIN
from integrations.configuration.picking import NotPicked, read_pick
from integrations.configuration.questions import QUESTIONS, Question, Subject
from integrations.history.answered import answered_of, is_changeable
from integrations.history.detail import order_or_404
from integrations.orders.models import Order
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act


@organization_view(read=None, write=Act.EDIT)
def order_answer(request: HttpRequest, order: int) -> HttpResponse:
    """Another answer than before; the first one is given where the order waits for it."""
    found = order_or_404(order)
    question = QUESTIONS.get(request.POST.get("pregunta", ""))
    if question is None or question.about is not Subject.ORDER:
        raise Http404
    subject = request.POST.get("de", found.key)
    given = next(
        (
            each
            for each in answered_of(found)
            if each.question.code == question.code and each.subject_key == subject
        ),
        None,
    )
    if given is None:
        raise Http404
    question = given.question
    value = request.POST.get("respuesta", "")
    if not question.allows(value) and value != AGAIN:
        messages.error(request, _("Elige una de las respuestas."))
    elif not is_changeable(found):
        messages.warning(request, _("Este pedido ya tiene su documento: la respuesta no cambia."))
    else:
        _answer(request, found, question, subject, value)
    return redirect("order", request.organization.slug, found.pk)


def _answer(
    request: HttpRequest, order: Order, question: Question, subject: str, value: str
) -> None:
    if value == AGAIN:
        take_back(order.integration, question, subject, request=request)
        messages.success(request, _("Guardado."))
        return
    try:
        picked = read_pick(order.integration, question.choice(value), request.POST, "respuesta")
    except NotPicked as lacks:
        if not typed.keep(request, "respuesta", str(lacks)):
            messages.error(request, str(lacks))
        return
    try:
        answer(order.integration, question, subject, value, picked=picked, request=request)
    except AnsweredTooLate as late:
        messages.warning(request, str(late))
    else:
        messages.success(request, _("Guardado."))
