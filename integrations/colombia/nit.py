"""The check digit of a NIT (*dígito de verificación*, DV).

Source: Colombian invoicing reference, "NIT check digit".
"""

from __future__ import annotations

# From the rightmost digit of the base leftwards.
_WEIGHTS = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)


def check_digit(base: str) -> int:
    """Return the DV of a NIT given without it. ValueError when base is not 1–15 digits."""
    if not (base.isascii() and base.isdigit() and len(base) <= len(_WEIGHTS)):
        raise ValueError("the base of a NIT is 1 to 15 digits")
    total = sum(
        int(digit) * weight for digit, weight in zip(reversed(base), _WEIGHTS, strict=False)
    )
    remainder = total % 11
    return remainder if remainder < 2 else 11 - remainder


def split_glued(number: str) -> tuple[str, int] | None:
    """Split `9000923859` into `("900092385", 9)`; None when the digits do not prove it.

    Only ten digits that begin with 8 or 9 and end in the DV of the first nine qualify: a
    modern cédula has ten digits too, so length alone says nothing.
    """
    if not (number.isascii() and number.isdigit() and len(number) == 10 and number[0] in "89"):
        return None
    base, last = number[:9], int(number[9])
    return (base, last) if check_digit(base) == last else None


def may_be_cedula(number: str) -> bool:
    """Tell whether a cédula may look like this: five to eight digits, or ten that begin with 1
    (issued since 2003). No cédula has nine."""
    if not (number.isascii() and number.isdigit()) or number[:1] == "0":
        return False
    return 5 <= len(number) <= 8 or (len(number) == 10 and number[0] == "1")


def split_persons(number: str) -> tuple[str, int] | None:
    """Split a person's NIT with its digit glued on, `521234567` into `("52123456", 7)`.

    None where the rest is no cédula or the last digit is not its DV. It proves nothing: one
    cédula in eleven ends so by chance.
    """
    base = number[:-1]
    if not (may_be_cedula(base) and number.isdigit()):
        return None
    last = int(number[-1])
    return (base, last) if check_digit(base) == last else None
