"""Why the DIAN rejects an invoice: its rules in words of ours, and what puts each right.

A rule is `F` (invoice), a group (`AB` numbering, `AD` head, `AJ` seller, `AK` buyer, `AS`, `AU`
taxes and sums, `AV` lines) and a number. Each below was found with this meaning in two sources
or more. Sources: technical annex 1.9 as other people transcribed it (a catalogue of rules with
the lines of the annex; a help desk's list of rules with the DIAN's message); the DIAN's own
validator, published; messages in public clients of Alegra, Factus and Odoo.

Where sources disagree the sentence says only what they share: for FAK61 one reads the person's
name apart from the surname, three the buyer's document; for FAJ43b and FAJ44b one says the
buyer's name, two the seller's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Cure(StrEnum):
    """Where what a rule speaks of is put right."""

    # The buyer's data, for this order.
    BUYER = "buyer"
    # The company's own data, in Alegra and before the DIAN.
    COMPANY = "company"
    # The numbering: in Alegra, before the DIAN, or by choosing another.
    NUMBERING = "numbering"
    # The product's unit, in Alegra.
    UNIT = "unit"
    # Sums, taxes, keys: what Alegra makes of the invoice.
    ALEGRA = "alegra"
    # Nothing: emitted again it has another date.
    AGAIN = "again"


@dataclass(frozen=True)
class DianRule:
    """`sentence`: what the DIAN did not accept, Spanish, to go on after "La DIAN la rechazó:"."""

    code: str
    sentence: str
    cure: Cure


_NOT_ASSOCIATED = (
    "la numeración no está asociada a Alegra en el portal de la DIAN: asóciala allá, en "
    "Configuración › Asociar rangos de numeración"
)
_OUT_OF_DATE = "la fecha está por fuera de la vigencia de la numeración"
_OUT_OF_RANGE = "el número está por fuera del rango que la DIAN autorizó"
_PREFIX = "el prefijo no es el de la numeración que la DIAN autorizó"
_SUMS = "las sumas o los impuestos de la factura no cuadran entre sí"
_NUMBER = "falta el número de identificación del comprador o no es válido"
_NAME = (
    "un nombre no es el que el RUT tiene para ese NIT: revisa el de tu empresa y el del comprador"
)

_SENTENCES: dict[tuple[str, ...], tuple[str, Cure]] = {
    # The DIAN's validator: "DV no corresponde al NIT informado"; a client's constant with the
    # same words; the help desk's list: "No está informado el DV del NIT". FAK47 is the same
    # check of the second place of the NIT (validator; two libraries number it so).
    ("FAK24", "FAK47"): (
        "el dígito de verificación del NIT del comprador falta o no corresponde",
        Cure.BUYER,
    ),
    # Client's constant and help desk: "ID de adquiriente no Informado"; FAK44 is the number in
    # the buyer's legal entity in two libraries.
    ("FAK21", "FAK44"): (_NUMBER, Cure.BUYER),
    # An issue of an Odoo module, the help desk's list, a library: the document of a buyer who is
    # a person is not in the invoice.
    ("FAK61", "FAK62"): (
        "falta el documento de identidad del comprador, que es una persona",
        Cure.BUYER,
    ),
    # Catalogue of the annex; Colombian invoicing reference, "Dates".
    ("FAD09e",): ("la fecha de la factura no es la del día en que se emitió", Cure.AGAIN),
    # Catalogue of the annex; help desk's list: "Valor del CUFE no está calculado correctamente".
    # Two projects found another technical key behind it.
    ("FAD06",): (
        "el código único (CUFE) no coincide: revisa en Alegra la clave técnica de la numeración",
        Cure.NUMBERING,
    ),
    # Sources. FAB05b: the help desk's list and the published table of answers. FAB05c: a message
    # of Alegra's quoted in a public client, and a project whose cure was to associate the range
    # in the DIAN's portal.
    ("FAB05a", "FAB05b", "FAB05c"): (_NOT_ASSOCIATED, Cure.NUMBERING),
    # Help desk's list and the published table of answers (FAB…), catalogue of the annex (FAD09a).
    ("FAB07a", "FAB07b", "FAB08a", "FAB08b", "FAD09a", "FAD09b"): (_OUT_OF_DATE, Cure.NUMBERING),
    # Catalogue of the annex and help desk's list (FAB10b); a recorded answer (FAB10a).
    ("FAB10a", "FAB10b"): (_PREFIX, Cure.NUMBERING),
    # Catalogue of the annex (FAD05d) and help desk's list (FAD05b to FAD05e).
    ("FAD05b", "FAD05c", "FAD05d", "FAD05e"): (_OUT_OF_RANGE, Cure.NUMBERING),
    # Catalogue of the annex, and messages of at least one client for each.
    ("FAU02", "FAU04", "FAU06", "FAU08", "FAU14", "FAS01b", "FAS07"): (_SUMS, Cure.ALEGRA),
    # Many clients: the DIAN has a document with this number or key already.
    ("90",): (
        "la DIAN dice que ya tenía una factura con este número: mírala en su portal antes de "
        "hacer nada",
        Cure.ALEGRA,
    ),
    # Library's notes on the annex, Factus' manual, several answers; see above.
    ("FAJ43b", "FAJ44a", "FAJ44b"): (_NAME, Cure.COMPANY),
    # A vendor's help and the help desk's list: the seller's address for receiving documents.
    ("FAJ71",): (
        "el correo para recibir documentos electrónicos no es el que tu empresa registró ante la "
        "DIAN",
        Cure.COMPANY,
    ),
    # Catalogue of the annex and an Odoo module: the unit is in no list of the DIAN.
    ("FAV05", "FBB05"): ("la unidad de medida de un producto no está en la lista", Cure.UNIT),
}
_RULES: dict[str, DianRule] = {
    code: DianRule(code, sentence, cure)
    for codes, (sentence, cure) in _SENTENCES.items()
    for code in codes
}
_BY_CASE = {code.casefold(): rule for code, rule in _RULES.items()}
# What a group is about, for a rule that is not above: annex, sections of its rules; two clients
# translate whole groups so.
_GROUPS: tuple[tuple[str, str, Cure], ...] = (
    (r"FAK", "hay un dato del comprador que la DIAN no acepta", Cure.BUYER),
    (r"FAJ", "hay un dato de tu empresa que la DIAN no acepta", Cure.COMPANY),
    (r"FAB(?:0[5-9]|1[0-2])|FAD05", "la DIAN no reconoce la numeración", Cure.NUMBERING),
    (r"FA[SUX]", _SUMS, Cure.ALEGRA),
    (r"Z[DE]", "la DIAN no acepta la firma o el certificado de la factura", Cure.ALEGRA),
)


def rule_of(code: str) -> DianRule | None:
    """What a rule means, or what its group is about; None for one that nobody knows."""
    known = _BY_CASE.get(code.casefold())
    if known is not None:
        return known
    for pattern, sentence, cure in _GROUPS:
        if re.match(rf"(?:{pattern})", code, re.IGNORECASE):
            return DianRule(code, sentence, cure)
    return None


def is_translated(code: str) -> bool:
    """Whether the rule has a sentence of its own, not only that of its group."""
    return code.casefold() in _BY_CASE
