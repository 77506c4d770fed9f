"""Ten-digit numbers of the SAMU, by département. Pure.

15 leads to the SAMU of the place one calls from (ARCEP, plan de numérotation, numéros d'urgence):
whoever calls for somebody elsewhere needs the ten digits of the other's SAMU.
"""

import re
from collections.abc import Mapping
from typing import Final

_DEPARTMENT: Final = re.compile(r"0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5]|97[1-6]")
"""Codes of départements (INSEE, code officiel géographique): 20 is 2A and 2B, 971 to 976."""
_NUMBER: Final = re.compile(r"0[1-59][0-9]{8}")
"""Ten digits of a telephone line; a mobile's (06, 07) or 08 is no SAMU's, short numbers lead
elsewhere."""


class SamuNumbersError(ValueError):
    """The setting cannot be read; the text says which part and why."""


def is_department(code: str) -> bool:
    """Say whether a code is one of a département: « 75 », « 2A », « 974 »."""
    return bool(_DEPARTMENT.fullmatch(code))


def department_of(postcode: str) -> str | None:
    """Return the département of a French postcode, None for what is none.

    Corsica by its second half: 200 and 201 are 2A, the rest 2B. A few communes are served by the
    post office of a neighbour, so a person may say otherwise.
    """
    if not re.fullmatch(r"[0-9]{5}", postcode):
        return None
    if postcode.startswith("20"):
        return "2A" if postcode[:3] in ("200", "201") else "2B"
    code = postcode[:3] if postcode.startswith("97") else postcode[:2]
    return code if is_department(code) else None


def parse_samu_numbers(text: str) -> Mapping[str, str]:
    """Read « 75=0144567890; 2A=+33 4 95 11 22 33 » as département to ten digits.

    Separated by semicolons, commas or new lines; a number may hold spaces, dots and hyphens.

    Raises SamuNumbersError for an unknown département, a number that is none, or one said twice.
    """
    numbers: dict[str, str] = {}
    for part in re.split(r"[;,\n]", text):
        if not part.strip():
            continue
        code, sign, typed = (piece.strip() for piece in part.partition("="))
        code = code.upper()
        if not sign or not is_department(code):
            raise SamuNumbersError(f"« {part.strip()} »: write a département, = and a number")
        number = _ten_digits(typed)
        if number is None:
            raise SamuNumbersError(f"« {part.strip()} »: {typed!r} is no number of ten digits")
        if code in numbers:
            raise SamuNumbersError(f"« {part.strip()} »: the département {code} is said twice")
        numbers[code] = number
    return numbers


def _ten_digits(typed: str) -> str | None:
    digits = re.sub(r"[\s.\-\u00a0\u202f]", "", typed).replace("(0)", "")
    if digits.startswith("+33"):
        digits = f"0{digits[3:]}"
    return digits if _NUMBER.fullmatch(digits) else None
