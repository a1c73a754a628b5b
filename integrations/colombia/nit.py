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
