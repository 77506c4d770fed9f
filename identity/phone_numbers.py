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
