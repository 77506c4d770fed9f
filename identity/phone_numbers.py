"""Telephone numbers as people type them. Pure."""

import phonenumbers


def parse_mobile(typed: str, country: str = "FR") -> str | None:
    """Return a number that can get text messages in E.164 (« +33639980112 »), else None."""
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
