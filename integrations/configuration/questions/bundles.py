"""What is asked of a bundle that comes with its components."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.configuration.questions.question import Choice, Question, Subject

_AS_GIFTS = _("Va como dice la configuración de los productos en $ 0.")

QUESTIONS = (
    Question(
        code="bundle_components",
        about=Subject.PRODUCT,
        text=_("«{name}» viene con {components}. ¿Qué son?"),
        choices=(
            Choice(
                "components",
                _("Son componentes: van en el combo"),
                _(
                    "Solo la línea del combo lleva precio. El inventario baja una vez: el de su "
                    "producto de Alegra; si ese es un servicio, el de los componentes, que van en "
                    "$ 0."
                ),
            ),
            Choice("gifts", _("Son regalos"), _AS_GIFTS),
        ),
    ),
    Question(
        code="bundle_empty",
        about=Subject.PRODUCT,
        text=_("«{name}» vale $ 0 y viene con {components}, que tienen precio. ¿Qué es?"),
        choices=(
            Choice(
                "components",
                _("El combo no va, van sus componentes"),
                _("Cada componente va con su precio y baja su inventario; el combo no va."),
            ),
            Choice("gifts", _("Es un regalo"), _AS_GIFTS),
        ),
    ),
)
