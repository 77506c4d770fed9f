"""Telephone numbers as people type them. Pure."""

import phonenumbers


def parse_mobile(typed: str, country: str = "FR") -> str | None:
    """Return a number that can get text messages in E.164 (« +33612345678 »), else None.

    None too for the numbers kept for fiction (06 39 98 …): nobody would get the code.
    """
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        return None
    mobile = (
        phonenumbers.PhoneNumberType.MOBILE,
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    )
    if not phonenumbers.is_valid_number(number):
        return None
    if phonenumbers.number_type(number) not in mobile:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def parse_phone(typed: str, country: str = "FR") -> str | None:
    """Return a number that can be dialled, else None.

    French ones as their ten digits (« 0639980112 »), others in E.164. Numbers kept for fiction
    count: a training territory has no others.
    """
    try:
        number = phonenumbers.parse(typed, country)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_possible_number(number):
        return None
    if number.country_code == phonenumbers.country_code_for_region(country):
        return f"0{number.national_number}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
