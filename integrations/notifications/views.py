"""The page *Notificaciones*: who is mailed and when, and whether it arrives."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from integrations.audit import trail
from integrations.notifications.forms import ChoicesForm, ExtraAddressForm, remove_extra_address
from integrations.notifications.letters import write_letter
from integrations.notifications.models import MailLog, Recipient
from integrations.notifications.outbox import write_mails
from integrations.notifications.recipients import MAX_EXTRA, Failures, addressees
from integrations.notifications.sources import sources
from integrations.notifications.tasks import SEND_TASK
from integrations.tenancy.access import organization_view
from integrations.tenancy.roles import Act
from integrations.timekeeping import clock, waking
from integrations.timekeeping.timing import timing

MAILS_SHOWN = 10


@organization_view(read=Act.READ, write=Act.EDIT)
def notifications(request: HttpRequest, integration: int) -> HttpResponse:
    place = _integration(integration)
    acts = {"choices": _choices, "add": _add, "remove": _remove, "test": _test}
    if request.method == "POST":
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        return act(request, place)
    return _page(request, place)


def _integration(integration_id: int):
    for source in sources():
        return source.integration(integration_id)
    raise Http404


def _page(request, place, *, choices=None, extra=None) -> HttpResponse:
    can_edit = request.may(Act.EDIT)
    return render(
        request,
        "notifications/notifications.html",
        {
            "integration": place,
            "tab": "notifications",
            "can_edit": can_edit,
            "choices_form": choices or ChoicesForm(everybody=addressees(), can_edit=can_edit),
            "extra_form": extra or ExtraAddressForm(),
            "max_extra": MAX_EXTRA,
            "mails": MailLog.objects.defer("text", "html").order_by("-created_at", "-pk")[
                :MAILS_SHOWN
            ],
        },
    )


def _back(request, place) -> HttpResponse:
    return redirect("notifications", request.organization.slug, place.pk)


def _choices(request, place) -> HttpResponse:
    form = ChoicesForm(request.POST, everybody=addressees(), can_edit=True)
    if not form.is_valid():
        return _page(request, place, choices=form)
    if form.save(request=request):
        messages.success(request, _("Guardado. Vale desde el próximo aviso."))
    else:
        messages.info(request, _("No había nada que cambiar."))
    return _back(request, place)


def _add(request, place) -> HttpResponse:
    form = ExtraAddressForm(request.POST)
    if not form.is_valid():
        return _page(request, place, extra=form)
    recipient = form.save(request=request)
    messages.success(
        request, _("%(email)s recibe los avisos desde ahora.") % {"email": recipient.email}
    )
    return _back(request, place)


def _remove(request, place) -> HttpResponse:
    number = request.POST.get("recipient", "")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise Http404
    recipient = get_object_or_404(Recipient, pk=int(number), user=None)
    remove_extra_address(recipient, request=request)
    messages.success(request, _("%(email)s ya no recibe avisos.") % {"email": recipient.email})
    return _back(request, place)


def _test(request, place) -> HttpResponse:
    now = clock.now()
    to = [each.email for each in addressees() if each.failures != Failures.NEVER]
    if not to:
        messages.warning(request, _("Nadie recibe avisos todavía; elige a alguien primero."))
        return _back(request, place)
    since = now - timing().delta("test_mail_every")
    recent = MailLog.objects.filter(kind=MailLog.Kind.TEST, created_at__gt=since)
    if recent.exists():
        messages.info(
            request, _("Acabamos de enviar un correo de prueba. Espera un minuto antes de otro.")
        )
        return _back(request, place)
    letter = write_letter(
        "test",
        organization=request.organization,
        now=now,
        integration_id=place.pk,
        asked_by=str(request.user),
    )
    with transaction.atomic():
        write_mails(kind=MailLog.Kind.TEST, letter=letter, to=to, now=now)
        trail.record(
            action="recipient.test",
            target=request.organization,
            request=request,
            after={"recipients": len(to)},
        )
        waking.wake(SEND_TASK)
    messages.success(
        request,
        _("Enviamos un correo de prueba a %(who)s.") % {"who": _and(to)},
    )
    return _back(request, place)


def _and(words: list[str]) -> str:
    return _(" y ").join(filter(None, [", ".join(words[:-1]), words[-1]]))
