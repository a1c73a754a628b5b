from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from integrations.colombia import identity, municipalities
from integrations.colombia.identity_types import read_type
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
    email = forms.CharField(label=_("Correo"), required=False, max_length=254)
    city = forms.CharField(label=_("Municipio"), required=False, max_length=80)
    department = forms.CharField(label=_("Departamento"), required=False, max_length=80)

    def __init__(self, *args, buyer: Buyer, seller_nit: str, **kwargs) -> None:
        self.buyer, self.seller_nit = buyer, seller_nit
        super().__init__(
            *args,
            initial={
                "who": "unidentified" if buyer.unidentified else "buyer",
                "doc_type": read_type(buyer.doc_type)[0] or "",
                "doc_number": buyer.doc_number,
                "name": buyer.name,
                "email": buyer.email,
                "city": buyer.city,
                "department": buyer.department,
            },
            **kwargs,
        )

    def clean(self):
        told = super().clean()
        if told.get("who") != "buyer":
            return told
        self._judge(told)
        if not told.get("name"):
            self.add_error("name", _("Escribe el nombre: sin él no se puede facturar."))
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
            phone=self.buyer.phone,
            name=told.get("name", ""),
            seller=self.seller_nit,
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
        if told["who"] == "unidentified":
            return {"unidentified": "yes"}
        names = ("doc_type", "doc_number", "name", "email", "city", "department")
        return {"unidentified": "", **{name: told[name] for name in names}}


class ExternalForm(forms.Form):
    """*Ya tiene documento*: its number, as Alegra or the paper shows it."""

    number = forms.CharField(
        label=_("Número del documento"),
        max_length=60,
        help_text=_("Como se ve en Alegra, por ejemplo FEHA 4318."),
        error_messages={"required": _("Escribe el número del documento.")},
    )


class DismissForm(forms.Form):
    """*No facturar*: why."""

    reason = forms.CharField(
        label=_("¿Por qué no se factura?"),
        max_length=200,
        help_text=_("Queda en el historial, para quien lleva la contabilidad."),
        error_messages={"required": _("Escribe la razón.")},
    )


class FineForm(forms.Form):
    """*Está bien así*: why, of exactly what the page showed."""

    reason = forms.CharField(
        label=_("¿Por qué está bien así?"),
        max_length=200,
        help_text=_("Queda en el historial, para quien lleva la contabilidad."),
        error_messages={"required": _("Escribe la razón.")},
    )
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
