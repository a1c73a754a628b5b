"""*Ya hice la nota*: the number that was typed is read in Alegra and shown before it is kept."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from integrations.documents import credit_note, note_advice
from integrations.documents.beside import after_of
from integrations.history.act_views import ask, done, posted
from integrations.history.detail import order_or_404
from integrations.history.forms import NoteForm
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act


@organization_view(read=Act.CONFIRM_NOTE, write=Act.CONFIRM_NOTE)
def order_note(request: HttpRequest, order: int) -> HttpResponse:
    """A note of another invoice or amount needs a second yes to exactly what was shown."""
    found = order_or_404(order)
    document = found.document
    after = after_of(document, found) if document is not None else None
    if document is None or after is None or not credit_note.may_be_said(document, after):
        messages.info(request, _("Mientras tanto ya se resolvió."))
        return redirect("order", request.organization.slug, found.pk)
    form = NoteForm(posted(request), initial={"seen": after.seen})
    shown = {"after": after, "steps": note_advice.steps(document, found, after)}
    template = "history/note.html"
    if request.method != "POST" or not form.is_valid():
        return ask(request, template, found, form, **shown)
    answer = credit_note.ask_about(document, found, after, form.cleaned_data["number"])
    confirmed = request.POST.get("confirmed") == answer.word
    if not confirmed:
        # Shown first, whatever it is; the second yes is to what is shown.
        return ask(request, template, found, form, answer=answer, **shown)
    return done(
        request,
        found,
        lambda: credit_note.keep(
            found,
            seen=form.cleaned_data["seen"],
            answer=answer,
            confirmed=not answer.fits,
            by=request.user,
            request=request,
        ),
        lambda _result: _("Guardada con la factura. El aviso se cerró."),
    )
