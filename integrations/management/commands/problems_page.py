"""Prints docs/problems.md from the tables of problems and questions."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

from django.core.management.base import BaseCommand

from integrations.configuration.questions import QUESTIONS, Question
from integrations.sending import problems
from integrations.sending.problem_kinds import CuredBy, ProblemKind, sentence

HEAD = """# Every problem, its cure and an example

Made by `python manage.py problems_page > docs/problems.md` from
`integrations/sending/problems/` and `integrations/configuration/questions/`. A problem holds
the document of its order, and of no other, until it is cured; one that stands *beside* a
document leaves it as it is. What the merchant reads is in Spanish, as it is on the screens.
"""

# What ends a problem, in the words of the interface where it has some.
CURES = {
    CuredBy.LINK: "a link of products or bodegas",
    CuredBy.SETTINGS: "*Editar configuración*, or the answer to its question",
    CuredBy.ORDER: "the order, told anew by MasterShop or read again",
    CuredBy.CORRECTION: "*Corregir datos*, or the choice of a product, on the order's page",
    CuredBy.PERSON: "a decision on the order's page or in *Por atender*",
    CuredBy.TRYING: "Alegra, when it allows it again: one order is tried every few minutes",
    CuredBy.ALEGRA: "what is put right in Alegra: it is read again every few minutes",
}

# An example of each word that a sentence leaves open.
EXAMPLES = {
    "again": "20 nov 9:15",
    "balance": "$ 59.900",
    "action": "crear centros de costos",
    "asked": "3",
    "bodega": "Bodega Fontibón",
    "called": "la factura",
    "code": " (código AEP9999)",
    "charge": "Empaque de regalo",
    "components": "un sartén y dos camisetas",
    "count": "14 pedidos",
    "dated": "En tránsito",
    "day": "18/11/2026",
    "difference": "el total pasó de $ 69.900 a $ 89.900",
    "expected": "$ 69.900",
    "first": "1 ago 2026",
    "found": "$ 69.901",
    "ids": "5821",
    "number": "FE318",
    "further": "Entregada",
    "goods": "«Café en grano 500 g», «Cuaderno» y 3 más",
    "happened": "se devolvió",
    "how": "no lo incluyen",
    "invoice": "FEHA318",
    "item": "Termo acero 750 ml",
    "kept": "tarjeta de regalo",
    "kind": "El vendedor",
    "label": "abono",
    "last": "30 ago 2026",
    "left": "1",
    "lines": "$ 25.000",
    "message": "El cliente está inactivo",
    "method": "nequi",
    "name": "Termo acero 750 ml",
    "noun": "factura",
    "order": "904402",
    "other": "904377",
    "ours": "una persona",
    "paid": "$ 100.000",
    "pesos": "$ 1.240.000",
    "reference": "WEB-4471",
    "rest": "$ 12.000",
    "sent": "Bodega Bogotá",
    "stays": "su factura sigue en Alegra",
    "theirs": "una empresa",
    "total": "$ 37.000",
    "warehouse": "Bodega Bogotá",
    "what": "el total no coincide",
    "why": "está inactivo en Alegra",
}
# Where one word means something else in one kind.
EXAMPLES_OF = {
    "amounts_two_ways": {
        "first": "el descuento es de toda la línea, con IVA de $ 7.983",
        "second": "el descuento es de cada unidad, con IVA de $ 6.387",
    },
    "buyer_data_missing": {"what": "el régimen"},
    "certificate": {"why": "está vencido"},
    "dian_rejected": {
        "why": "el dígito de verificación del NIT del comprador falta o no corresponde "
        "(regla FAK24)"
    },
    "emission_refused": {"message": "El documento tiene un dato que no se esperaba"},
    "numbering_exhausted": {"name": "FE"},
    "numbering_expired": {"name": "FE"},
    "numbering_not_electronic": {"name": "Principal"},
    "numbering_manual": {"name": "Manual"},
    "numbering_refused": {"name": "FE", "why": "ese número ya se usó en otro documento"},
    "another_article": {
        "why": "llegó «Licuadora · LIC-01» donde se vinculó «Termo acero 750 ml · TERMO-750»"
    },
    "identity_ambiguous": {"why": "El número puede ser una cédula o un NIT"},
    "identity_wrong": {"why": "El número es el celular de otra persona"},
    "number_twice": {"first": "3 oct 14:05"},
    "line_wrong": {"why": "«Gorra»: la cantidad debe ser un número entero mayor que cero."},
    "name_unusable": {"why": "El pedido no trae el nombre del comprador"},
    "payment_differs": {"what": "está en otra cuenta"},
    "payment_invoice_differs": {"how": "por $ 89.900 en vez de $ 69.900"},
    "payment_invoice_not_open": {"how": "está anulada"},
    "reference_missing": {"name": "Laura Peña"},
    "short_total": {"lines": "$ 49.000"},
    "variation_missing": {"how": "y por su SKU ARN-M sería «M», por su nombre «S»"},
}


def problems_page() -> str:
    parts = [HEAD]
    for name in sorted(module.name for module in pkgutil.iter_modules(problems.__path__)):
        subject = importlib.import_module(f"{problems.__name__}.{name}")
        kinds = getattr(subject, "KINDS", ())
        if kinds:
            parts.append(f"## {subject.__doc__.strip().splitlines()[0].rstrip('.')}")
            parts += ["\n".join(_kind(kind)) for kind in kinds]
    parts.append("## What is asked before an integration is switched on")
    parts.append(
        "One that is On already is asked in *Por atender*, and nothing of it is held meanwhile."
    )
    of_set_up = [question for question in QUESTIONS.values() if question.is_of_set_up]
    parts += ["\n".join(_set_up(question)) for question in of_set_up]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _kind(kind: ProblemKind) -> Iterator[str]:
    yield f"### `{kind.code}` · {kind.title}"
    yield ""
    words = EXAMPLES | EXAMPLES_OF.get(kind.code, {})
    yield f"> {sentence(kind.code, words)}"
    yield ""
    yield f"* Advice: {kind.advice}"
    ends = ", or ".join(CURES[flag] for flag in CuredBy if flag in kind.cured_by)
    yield f"* Cure: *{kind.cure_label}*. It ends by {ends}."
    if not kind.blocks:
        yield "* Stands beside the document, which keeps its state."
    if kind.asks:
        question = QUESTIONS[kind.asks]
        yield f"* Question (for {question.about.value}): {question.ask(words)}"
        for choice in question.choices:
            yield f"  * *{choice.told(words).label}*: {choice.effect}"


def _set_up(question: Question) -> Iterator[str]:
    yield f"### `{question.code}`"
    yield ""
    yield f"> {question.ask(EXAMPLES)}"
    yield ""
    for choice in question.choices:
        yield f"* *{choice.label}*: {choice.effect}"


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options):
        self.stdout.write(problems_page(), ending="")
