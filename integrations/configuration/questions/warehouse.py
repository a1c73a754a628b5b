"""What is asked about the bodegas of documents."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.configuration.questions.question import Choice, Question, Subject

WAREHOUSE_KEPT = "warehouse_not_kept"
# Answers to it.
ACCEPT, CHECK_EACH = "accept", "check_each"

QUESTIONS = (
    Question(
        code=WAREHOUSE_KEPT,
        about=Subject.INTEGRATION,
        sends=False,
        text=_("Alegra no guardó la bodega «{sent}» que le enviamos. ¿Seguimos así?"),
        choices=(
            Choice(
                ACCEPT,
                _("Sí, sin comprobar la bodega"),
                _("Los documentos quedan en la bodega que ponga Alegra y descuentan de ella."),
            ),
            Choice(
                CHECK_EACH,
                _("No, quiero revisar cada uno"),
                _("Cada documento con otra bodega espera a que lo corrijas en Alegra."),
            ),
        ),
    ),
)
