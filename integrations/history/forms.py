from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.colombia import identity, municipalities
from integrations.colombia.contact_details import clean_phone
from integrations.colombia.identity_types import read_type
from integrations.colombia.name_noise import REASONS
from integrations.colombia.names import split_name
from integrations.orders.buyer import Buyer

DOC_TYPES = [
    ("", _("Elige el tipo")),
    ("CC", _("Cédula de ciudadanía")),
    ("NIT", _("NIT")),
    ("CE", _("Cédula de extranjería")),
    ("TI", _("Tarjeta de identidad")),
    ("PP", _("Pasaporte")),
    ("PPT", _("Permiso por protección temporal")),
    ("PEP", _("Permiso especial de permanencia")),
    ("TE", _("Tarjeta de extranjería")),
    ("DIE", _("Documento de identificación extranjero")),
    ("FOREIGN_NIT", _("NIT de otro país")),
    ("RC", _("Registro civil")),
    ("NUIP", _("NUIP")),
]


class CorrectionForm(forms.Form):
    """*Corregir datos*: the buyer of one order. What stays as it was is not judged again."""

    who = forms.ChoiceField(
        label=_("¿A nombre de quién va?"),
        choices=[
            ("buyer", _("A nombre del comprador")),
            ("unidentified", _("Cliente no identificado")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Elige una de las dos."), "invalid_choice": _("Elige una.")},
    )
    doc_type = forms.ChoiceField(
        label=_("Tipo de documento"),
        choices=DOC_TYPES,
        required=False,
        error_messages={"invalid_choice": _("Elige un tipo de la lista.")},
    )
    doc_number = forms.CharField(
        label=_("Número"),
        required=False,
        max_length=40,
        help_text=_("Sin puntos. En un NIT, el dígito de verificación va después de un guion."),
    )
    name = forms.CharField(label=_("Nombre o razón social"), required=False, max_length=200)
    name_is_right = forms.BooleanField(
        label=_("Así se llama: va como está escrito"), required=False
    )
    email = forms.CharField(label=_("Correo"), required=False, max_length=254)
    phone = forms.CharField(
        label=_("Teléfono"),
        required=False,
        max_length=40,
        help_text=_("Diez cifras: un celular, o un fijo con su indicativo."),
    )
    address = forms.CharField(label=_("Dirección"), required=False, max_length=250)
    city = forms.CharField(label=_("Municipio"), required=False, max_length=80)
    department = forms.CharField(label=_("Departamento"), required=False, max_length=80)

    def __init__(self, *args, buyer: Buyer, seller_nit: str, **kwargs) -> None:
        self.buyer, self.seller_nit = buyer, seller_nit
        name = split_name(buyer.name, is_checked="name" in buyer.corrected)
        self.doubt = _("El nombre %(why)s") % {"why": REASONS[name.why]} if name.why else ""
        super().__init__(
            *args,
            initial={
                "who": "unidentified" if buyer.unidentified else "buyer",
                "doc_type": read_type(buyer.doc_type)[0] or "",
                "doc_number": buyer.doc_number,
                # What was cut of it is proposed; what nobody can tell is shown as it arrived.
                "name": name.full if name.cut and not name.why else buyer.name,
                "email": buyer.email,
                "phone": buyer.phone,
                "address": buyer.address,
                "city": buyer.city,
                "department": buyer.department,
            },
            **kwargs,
        )
        if not self.doubt:
            del self.fields["name_is_right"]

    def clean(self):
        told = super().clean()
        if told.get("who") != "buyer":
            return told
        self._judge(told)
        if not told.get("name"):
            self.add_error("name", _("Escribe el nombre: sin él no se puede facturar."))
        elif self.doubt and told["name"] == self.buyer.name and not told.get("name_is_right"):
            self.add_error("name", self.doubt)
        if told.get("phone") and "phone" in self.changed_data and not clean_phone(told["phone"]):
            self.add_error("phone", _("No es un celular ni un fijo de Colombia: son diez cifras."))
        if told.get("email") and "email" in self.changed_data:
            try:
                EmailValidator()(told["email"])
            except ValidationError:
                self.add_error("email", _("Al correo le falta algo: va como nombre@dominio.com."))
        if {"city", "department"} & set(self.changed_data):
            self._find_town(told)
        return told

    def _judge(self, told: dict) -> None:
        if "doc_type" not in told or "doc_number" not in told:
            return
        if not told["doc_type"]:
            self.add_error("doc_type", _("Elige el tipo de documento."))
            return
        judged = identity.judge(
            told["doc_type"],
            told["doc_number"],
            phone=told.get("phone") or self.buyer.phone,
            name=told.get("name", ""),
            seller=self.seller_nit,
            # What a person answered before is not asked about again.
            is_certain=self.buyer.is_certain
            and not {"doc_type", "doc_number"} & set(self.changed_data),
        )
        if judged.verdict != "usable":
            self.add_error("doc_number", judged.sentence)

    def _find_town(self, told: dict) -> None:
        city, department = told.get("city", ""), told.get("department", "")
        if not city and not department:
            return
        if municipalities.find(city=city, department=department) is None:
            text = _(
                "No encontramos ese municipio en ese departamento: revisa cómo están escritos."
            )
            self.add_error("city", text)

    def changes(self) -> dict[str, str]:
        """What `documents.correcting.correct` is told."""
        told = self.cleaned_data
        who = "yes" if told["who"] == "unidentified" else ""
        typed = {name: told[name] for name in _TYPED if name in self.data and name in told}
        return {**typed, "unidentified": who}

    def confirmed(self) -> frozenset[str]:
        """What goes as it arrived, by a person's word."""
        is_right = self.cleaned_data.get("name_is_right")
        kept = self.cleaned_data.get("name") == self.buyer.name
        return frozenset({"name"}) if is_right and kept else frozenset()


_TYPED = ("doc_type", "doc_number", "name", "email", "phone", "address", "city", "department")


class ExternalForm(forms.Form):
    """*Ya tiene documento*: its number, as Alegra or the paper shows it."""

    number = forms.CharField(
        label=_("Número del documento"),
        max_length=60,
        help_text=_("Como se ve en Alegra, por ejemplo FEHA 4318."),
        error_messages={"required": _("Escribe el número del documento.")},
    )


def _reason(question: Promise) -> forms.CharField:
    return forms.CharField(
        label=question,
        max_length=200,
        help_text=_("Queda en el historial, para quien lleva la contabilidad."),
        error_messages={"required": _("Escribe la razón.")},
    )


class DismissForm(forms.Form):
    """*No facturar*: why."""

    reason = _reason(_("¿Por qué no se factura?"))


class PaymentDismissForm(forms.Form):
    """*No registrar el pago*: why."""

    reason = _reason(_("¿Por qué no se registra el pago?"))


class PaidByHandForm(forms.Form):
    """*Ya lo registré*: what it is called in Alegra."""

    number = forms.CharField(
        label=_("Número del pago en Alegra"),
        max_length=60,
        help_text=_("Como se ve en Alegra, por ejemplo RC 701; o dónde quedó, en tus palabras."),
        error_messages={"required": _("Escribe el número o dónde quedó.")},
    )


class NoteForm(forms.Form):
    """*Ya hice la nota*: its number, of exactly the difference that the page showed."""

    number = forms.CharField(
        label=_("Número de la nota crédito"),
        max_length=40,
        help_text=_("Como se ve en Alegra, por ejemplo NC 41."),
        error_messages={"required": _("Escribe el número de la nota.")},
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)


class FineForm(forms.Form):
    """*Está bien así*: why, of exactly what the page showed."""

    reason = forms.CharField(
        label=_("¿Por qué está bien así?"),
        max_length=200,
        help_text=_("Queda en el historial, para quien lleva la contabilidad."),
        error_messages={"required": _("Escribe la razón.")},
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
