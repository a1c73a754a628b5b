"""What is asked about who the buyer of an order is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from integrations.colombia.identity_readings import (
    CC,
    CC_AND_DIGIT,
    FOREIGN_NIT,
    NIT,
    NIT_AND_DIGIT,
    NIT_WRONG_DIGIT,
    PASSPORT,
)
from integrations.configuration.questions.question import Choice, Question, Subject

IDENTITY_AMBIGUOUS, IDENTITY_WRONG = "identity_ambiguous", "identity_wrong"
NAME_OF_ANOTHER, BUYER_LOST = "name_of_another", "buyer_lost"
# Answers that are no reading of a number.
UNIDENTIFIED, ITS_NAME, COMPANY_NAME, AS_KNOWN = "unidentified", "its_name", "company", "known"

_READINGS = (
    Choice(
        NIT_AND_DIGIT,
        _("Es un NIT y su última cifra es el dígito de verificación"),
        _("Va como NIT, con esa cifra como dígito."),
    ),
    Choice(
        NIT_WRONG_DIGIT,
        _("Es un NIT y su dígito de verificación está mal escrito"),
        _("Va como NIT, sin esa cifra: el dígito correcto se calcula."),
    ),
    Choice(
        NIT,
        _("Es un NIT, con todas esas cifras"),
        _("Va como NIT: el dígito de verificación se calcula."),
    ),
    Choice(
        CC_AND_DIGIT,
        _("Es una cédula y su última cifra es el dígito de verificación"),
        _("Va como cédula de ciudadanía, sin esa cifra."),
    ),
    Choice(CC, _("Es una cédula, con todas esas cifras"), _("Va como cédula de ciudadanía.")),
    Choice(FOREIGN_NIT, _("Es de otro país"), _("Va con ese número, como NIT de otro país.")),
    Choice(PASSPORT, _("Es un pasaporte"), _("Va con ese número, como pasaporte.")),
)
_NONE = Choice(
    UNIDENTIFIED,
    _("Sin este dato: el comprador no se identificó"),
    _("Va a Cliente no identificado, sin cédula ni NIT."),
)

QUESTIONS = (
    Question(
        code=IDENTITY_AMBIGUOUS,
        about=Subject.ORDER,
        text=_("¿Qué es la identificación del pedido {order}?"),
        choices=(*_READINGS, _NONE),
    ),
    Question(
        code=IDENTITY_WRONG,
        about=Subject.ORDER,
        text=_("¿Con qué identificación va el pedido {order}?"),
        choices=(*_READINGS, _NONE),
    ),
    Question(
        code=NAME_OF_ANOTHER,
        about=Subject.ORDER,
        text=_("¿A nombre de quién va el pedido {order}?"),
        choices=(
            Choice(
                ITS_NAME,
                _("El nombre del comprador es el de la empresa"),
                _("Va como empresa, con ese nombre y ese NIT."),
            ),
            Choice(
                COMPANY_NAME,
                _("El nombre es el que viene en el campo de la empresa"),
                _("Va como empresa, con ese nombre y ese NIT."),
            ),
            *_READINGS,
            _NONE,
        ),
    ),
    Question(
        code=BUYER_LOST,
        about=Subject.ORDER,
        text=_("¿El comprador del pedido {order} sigue siendo el que conocíamos?"),
        choices=(
            Choice(
                AS_KNOWN,
                _("Sí: es el mismo comprador"),
                _("Va con la identificación que traía antes."),
            ),
            _NONE,
        ),
    ),
)
