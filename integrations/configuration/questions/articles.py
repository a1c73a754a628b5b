"""What is asked of a product that arrives called otherwise than when it was linked."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.configuration.questions.question import Choice, Pick, Question, Subject

ANOTHER_ARTICLE = "another_article"
# Answers.
IS_SAME, IS_OTHER = "same", "other"

QUESTIONS = (
    Question(
        code=ANOTHER_ARTICLE,
        about=Subject.PRODUCT,
        text=_("El vínculo dice «{item}» de Alegra, y {why}. ¿Qué artículo es?"),
        choices=(
            Choice(
                IS_SAME,
                _("Es el mismo artículo"),
                _(
                    "Va con el producto de su vínculo, que no cambia. Con este nombre y SKU no se "
                    "vuelve a preguntar."
                ),
            ),
            Choice(
                IS_OTHER,
                _("Esta línea es otro producto"),
                _(
                    "Los pedidos que lo traigan con este nombre y SKU van con el producto de "
                    "Alegra que elijas. El vínculo no cambia: sigue valiendo para los demás."
                ),
                picks=Pick.ITEM,
            ),
        ),
    ),
)
