"""The code or rule that the words of an emission name, whatever shape they come in."""

from __future__ import annotations

import pytest

from integrations.alegra.stamp_words import Word, of_stamp, of_text, provider_code, refusals

CHECK_DIGIT = "DV no corresponde al NIT informado"
NO_CODE = "Debe existir el grupo de información de identificación del bien o servicio"


@pytest.mark.parametrize(
    "told",
    [
        f"Regla: FAK24, Rechazo: {CHECK_DIGIT}",
        f"Regla: FAK24, Rechazo: {CHECK_DIGIT}.",
        f"regla: fak24, rechazo: {CHECK_DIGIT}",
        f"Regla FAK24: {CHECK_DIGIT}",
        f"Regla:FAK24 - Rechazo - {CHECK_DIGIT}",
        f"Regla de rechazo FAK24: {CHECK_DIGIT}",
        f"La DIAN rechazó el documento. Regla: FAK24, Rechazo: {CHECK_DIGIT}",
        f"FAK24: {CHECK_DIGIT}",
        f"[FAK24] {CHECK_DIGIT}",
    ],
)
def test_a_rule_is_read_out_of_any_sentence(told):
    assert of_text(told) == (Word("FAK24", CHECK_DIGIT),)


@pytest.mark.parametrize("between", ["; ", " | ", ", ", "\n", ". ", " "])
def test_rules_one_after_the_other_are_several_words(between):
    told = between.join(
        [
            "Regla: FAB05c, Rechazo: El software no corresponde",
            f"Regla: FAZ09, Notificación: {NO_CODE}",
            "Regla: 90, Rechazo: Documento procesado anteriormente",
        ]
    )
    words = of_text(told)
    assert [(word.code, word.is_notice) for word in words] == [
        ("FAB05c", False),
        ("FAZ09", True),
        ("90", False),
    ]
    assert [word.code for word in refusals(words)] == ["FAB05c", "90"]
    assert words[1].message == NO_CODE


@pytest.mark.parametrize(
    "stamp",
    [
        {"warnings": [f"Regla: FAK24, Rechazo: {CHECK_DIGIT}"]},
        {"warnings": [], "errors": [{"code": "FAK24", "message": CHECK_DIGIT}]},
        {"errors": {"FAK24": f"Regla: FAK24, Rechazo: {CHECK_DIGIT}"}},
        {"errors": {"FAK24": CHECK_DIGIT}},
        {"rejections": [{"rule": "FAK24", "description": CHECK_DIGIT}]},
        {"errorMessage": {"string": f"Regla: FAK24, Rechazo: {CHECK_DIGIT}"}},
        f"Regla: FAK24, Rechazo: {CHECK_DIGIT}",
    ],
)
def test_the_words_of_a_stamp_are_found_in_any_shape(stamp):
    if isinstance(stamp, dict):
        stamp = {"legalStatus": "STAMPED_AND_REJECTED", "cufe": "ab12", "date": "2026-11", **stamp}
    assert of_stamp(stamp) == (Word("FAK24", CHECK_DIGIT),)


def test_what_is_said_twice_is_one_word():
    told = f"Regla: FAZ09, Notificación: {NO_CODE}"
    assert of_stamp({"warnings": [told, told]}) == (Word("FAZ09", NO_CODE, is_notice=True),)


@pytest.mark.parametrize(
    "nothing",
    [
        None,
        "",
        [],
        {},
        {"cufe": "FAK24"},
        {"warnings": None},
        7,
        {"software": "Alegra", "xml": "x"},
    ],
)
def test_nothing_said_is_no_word(nothing):
    assert of_stamp(nothing) == ()


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (("AEP6011: La numeración está vencida",), "AEP6011"),
        (("No fue posible emitir. [aep-6011]",), "AEP6011"),
        (("código EPR 503, intente más tarde",), "EPR503"),
        (("AEP1005", "otra cosa"), "AEP1005"),
        (("400", "El certificado (AEP1005) venció"), "AEP1005"),
        (("", "D1000 sin más"), "D1000"),
        (("", "La factura AEPX no existe"), ""),
        ((None, 400), ""),
    ],
)
def test_the_provider_code_stands_anywhere(told, code):
    assert provider_code(*told) == code


def test_a_sentence_without_code_is_kept_whole():
    assert of_text("La fecha debe ser la de hoy, factura FEV12.") == (
        Word("", "La fecha debe ser la de hoy, factura FEV12."),
    )
