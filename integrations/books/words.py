"""The sentence of each finding for a merchant, and its advice."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.books.lists import LISTS
from integrations.books.models import BooksFinding

Code = BooksFinding.Code

_SENTENCES: dict[str, Promise] = {
    Code.MISSING: gettext_lazy("El portal lo hizo para el pedido {order} y Alegra ya no lo tiene."),
    Code.DOUBLED: gettext_lazy(
        "Lleva la marca del pedido {order}, que ya tiene el suyo en Alegra: {ours}."
    ),
    Code.UNKNOWN: gettext_lazy(
        "Lleva la marca del pedido {order}, y el portal no lo tiene como su documento."
    ),
    Code.WRONG_TOTAL: gettext_lazy(
        "El del pedido {order} vale {found} en Alegra; se hizo por {expected}."
    ),
    Code.EDITED: gettext_lazy("El del pedido {order} se cambió en Alegra: {what}."),
    Code.FOREIGN: gettext_lazy(
        "Nombra el pedido {order} y este portal no lo hizo: lo escribió una persona, u otra "
        "instalación."
    ),
}
_CURES: dict[str, Promise] = {
    Code.MISSING: gettext_lazy(
        "Míralo en la página del pedido: ahí se lee otra vez en Alegra y decides si se crea de "
        "nuevo, si ya tiene otro documento o si no se factura."
    ),
    Code.DOUBLED: gettext_lazy(
        "Compara los dos en Alegra y borra o anula allá el que sobra. Si es otra venta, di «Está "
        "bien así»."
    ),
    Code.UNKNOWN: gettext_lazy(
        "Si es el documento del pedido, dilo en su página con «Ya tiene documento»; si sobra, "
        "bórralo o anúlalo en Alegra."
    ),
    Code.WRONG_TOTAL: gettext_lazy(
        "Compáralo en la página del pedido. Si está mal, corrígelo en Alegra; una factura emitida, "
        "con una nota crédito. Si el cambio es correcto, di «Está bien así»."
    ),
    Code.EDITED: gettext_lazy(
        "Compáralo en la página del pedido. Si el cambio es correcto, di «Está bien así»; si no, "
        "deshazlo en Alegra."
    ),
    Code.FOREIGN: gettext_lazy(
        "Si es el documento del pedido, dilo en su página con «Ya tiene documento»; si el pedido "
        "quedó dos veces, anula en Alegra el que sobra; si es otra cosa, di «Está bien así»."
    ),
}
_LISTS: dict[str, Promise] = {
    "invoice": gettext_lazy("facturas"),
    "remission": gettext_lazy("remisiones"),
    "payment": gettext_lazy("pagos recibidos"),
}
# The tone of what is wrong, and of what a person decides.
TONES = {Code.MISSING: "fail", Code.DOUBLED: "fail", Code.WRONG_TOTAL: "fail"}


def name_of(finding: BooksFinding) -> str:
    """«Factura FE318»; with its id where it has no number."""
    noun = LISTS[finding.found_in].noun
    if finding.number:
        return f"{noun} {finding.number}"
    return _("%(noun)s sin número (id %(id)s)") % {"noun": noun, "id": finding.alegra_id}


def sentence(finding: BooksFinding) -> str:
    told = {"ours": "", "found": "", "expected": "", "what": "", **finding.params}
    return str(_SENTENCES[finding.code]).format(**{**told, "order": finding.order_number or "—"})


def cure(finding: BooksFinding) -> str:
    return str(_CURES[finding.code])


def left_out(names: Iterable[str]) -> str:
    """The sentence about the lists that were not compared; '' where all were."""
    told = ", ".join(str(_LISTS[name]) for name in names)
    text = _(
        "El usuario de Alegra de esta empresa no puede ver una lista, y esa no se comparó: "
        "%(lists)s. Dale ese permiso en Alegra, o revisa si tu plan la incluye, y vuelve a revisar."
    )
    return text % {"lists": told} if told else ""


def failure(error: str) -> str:
    """The sentence for why an audit does not go on; '' where it does."""
    if not error:
        return ""
    if error == "no_login":
        return _("Alegra no acepta el acceso de ninguna integración de esta empresa.")
    if error in ("PlanExcludes", "Forbidden"):
        # `left_out` says it.
        return ""
    if error == "too_long":
        return _("Se dejó después de tres días. La de esta noche empieza de nuevo.")
    return _("Alegra no respondió la última vez: seguimos donde íbamos.")
