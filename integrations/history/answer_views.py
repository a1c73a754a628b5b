"""Another answer to what was asked about one order."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from integrations.configuration.answers import answer
from integrations.configuration.questions import QUESTIONS, Subject
from integrations.history.answered import answered_of, is_changeable
from integrations.history.detail import order_or_404
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act


@organization_view(read=None, write=Act.EDIT)
def order_answer(request: HttpRequest, order: int) -> HttpResponse:
    """Another answer than before; the first one is given where the order waits for it."""
    found = order_or_404(order)
    question = QUESTIONS.get(request.POST.get("pregunta", ""))
    if question is None or question.about is not Subject.ORDER:
        raise Http404
    if not any(each.question is question for each in answered_of(found)):
        raise Http404
    value = request.POST.get("respuesta", "")
    if not question.allows(value):
        messages.error(request, _("Elige una de las respuestas."))
    elif not is_changeable(found):
        messages.warning(request, _("Este pedido ya tiene su documento: la respuesta no cambia."))
    else:
        answer(found.integration, question, found.number, value, request=request)
        messages.success(request, _("Guardado."))
    return redirect("order", request.organization.slug, found.pk)
