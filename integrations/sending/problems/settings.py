"""What *Editar configuración* lacks, or names although it is gone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.sending.problems.kind import CuredBy, ProblemKind

KINDS = (
    ProblemKind(
        code="settings_missing",
        title=_("Falta la configuración general"),
        sentence=_("Falta guardar la configuración general"),
        cure_label=_("Completar la configuración"),
        cured_by=CuredBy.SETTINGS,
        screen="settings",
    ),
    ProblemKind(
        code="reference_missing",
        title=_("Valores elegidos que ya no se pueden usar en Alegra"),
        sentence=_("{kind} «{name}» {why}"),
        cure_label=_("Elegir otro valor"),
        cured_by=CuredBy.SETTINGS,
        icon="unlink",
        screen="settings",
        anchors={
            "seller": "id_seller",
            "cost_center": "id_cost_center",
            "number_template": "id_number_template",
            "bank_account": "t-cta",
        },
        advice=_(
            "Elige otro valor, o actívalo otra vez en Alegra: en unos minutos lo notamos y lo que "
            "espera sale solo."
        ),
    ),
    ProblemKind(
        code="charges_item_unusable",
        title=_("El producto para cobros adicionales no se puede facturar"),
        sentence=_("El producto para cobros adicionales, «{item}», no se puede facturar: {why}"),
        cure_label=_("Elegir otro producto"),
        cured_by=CuredBy.SETTINGS,
        advice=_(
            "Elige otro, o corrígelo en Alegra: en unos minutos lo notamos y los pedidos salen "
            "solos."
        ),
        icon="unlink",
        screen="settings",
        anchors={"": "id_charges_item"},
    ),
    ProblemKind(
        code="account_missing",
        title=_("Formas de pago sin cuenta"),
        sentence=_("La forma de pago «{method}» no tiene cuenta asociada"),
        cure_label=_("Asociar la cuenta"),
        cured_by=CuredBy.SETTINGS,
        icon="card",
        screen="settings",
        anchors={"": "t-cta"},
    ),
    ProblemKind(
        code="cod_disabled",
        title=_("Contraentrega sin habilitar"),
        sentence=_("El pago contraentrega no está habilitado"),
        cure_label=_("Habilitar contraentrega"),
        cured_by=CuredBy.SETTINGS,
        icon="card",
        screen="settings",
        anchors={"": "id_cod_enabled"},
    ),
)
