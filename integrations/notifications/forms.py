from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.db import transaction
from django.forms import BoundField
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.audit import trail
from integrations.notifications.models import Recipient
from integrations.notifications.recipients import MAX_EXTRA, Addressee, Failures, addressees


class ChoicesForm(forms.Form):
    """When each addressee hears of failures: one field a person, named by what is theirs."""

    def __init__(self, *args, everybody: list[Addressee], can_edit: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.by_field = {_field_name(each): each for each in everybody}
        for name, each in self.by_field.items():
            self.fields[name] = forms.ChoiceField(
                label=_("Cuándo se le avisa a %(who)s") % {"who": each.email},
                choices=Failures.choices,
                initial=each.failures,
                disabled=not can_edit,
                error_messages={"invalid_choice": _("Elige una de las tres opciones.")},
            )

    def rows(self) -> Iterator[tuple[Addressee, BoundField]]:
        for name, each in self.by_field.items():
            yield each, self[name]

    def save(self, *, request: HttpRequest) -> int:
        """Keep what was changed; returns for how many."""
        changed = [
            (each, Failures(self.cleaned_data[name]))
            for name, each in self.by_field.items()
            if self.cleaned_data[name] != each.failures
        ]
        with transaction.atomic():
            for each, choice in changed:
                recipient = self._keep(each, choice)
                trail.record(
                    action="recipient.change",
                    target=recipient,
                    request=request,
                    before={"email": each.email, "failures": each.failures},
                    after={"email": each.email, "failures": choice},
                )
        return len(changed)

    def _keep(self, each: Addressee, choice: Failures) -> Recipient:
        preferences = {"failures": choice}
        if each.membership is None:
            recipient = Recipient.objects.get(pk=each.recipient_id)
            recipient.preferences = preferences
            recipient.save(update_fields=["preferences"])
            return recipient
        # An extra address that became a member's is from now on the member's own row.
        same = Recipient.objects.filter(email__iexact=each.email).exclude(user=each.membership.user)
        same.delete()
        recipient, _created = Recipient.objects.update_or_create(
            user=each.membership.user,
            defaults={"email": each.email, "preferences": preferences},
        )
        return recipient


def _field_name(each: Addressee) -> str:
    if each.membership is not None:
        return f"miembro-{each.membership.pk}"
    return f"correo-{each.recipient_id}"


class ExtraAddressForm(forms.Form):
    email = forms.EmailField(
        label=gettext_lazy("Otro correo"),
        max_length=254,
        error_messages={
            "required": gettext_lazy("Escribe el correo que también debe recibir los avisos."),
            "invalid": gettext_lazy("A ese correo le falta algo: debe ser como nombre@tienda.co."),
        },
    )

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        everybody = addressees()
        if email in {each.email.lower() for each in everybody}:
            raise forms.ValidationError(_("Ese correo ya está en la lista."))
        if sum(1 for each in everybody if each.membership is None) >= MAX_EXTRA:
            raise forms.ValidationError(
                _("Hay %(n)d correos adicionales, y no caben más. Quita uno primero.")
                % {"n": MAX_EXTRA}
            )
        return email

    def save(self, *, request: HttpRequest) -> Recipient:
        email = self.cleaned_data["email"]
        with transaction.atomic():
            recipient, _created = Recipient.objects.get_or_create(
                email=email, defaults={"preferences": {"failures": Failures.AT_ONCE}}
            )
            trail.record(
                action="recipient.add", target=recipient, request=request, after={"email": email}
            )
        return recipient


def remove_extra_address(recipient: Recipient, *, request: HttpRequest) -> None:
    with transaction.atomic():
        trail.record(
            action="recipient.remove",
            target=recipient,
            request=request,
            before={"email": recipient.email},
        )
        recipient.delete()
