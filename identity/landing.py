"""Where a person lands: which addresses a sign-in may lead to, and the home of each role."""

from typing import Final

LONGEST_PATH: Final = 500


def parse_local_path(raw: str | None) -> str | None:
    """Return `raw` if it is a path of this site, else None.

    Refused: another site ("https://…", "//host", "/\\host"), control characters, the sign-in page
    itself (it would lead nowhere).
    """
    if not raw or len(raw) > LONGEST_PATH or not raw.startswith("/"):
        return None
    if raw.startswith("//") or "\\" in raw or not raw.isprintable():
        return None
    return None if raw.split("?")[0] == "/sign-in" else raw


def home_of(role: str | None, *, is_patient: bool, console_url: str = "") -> str:
    """Return the first page of a person: the phone, the console, the accounts, or the patients.

    `console_url` is the address of the console where it is not that of the pages.
    """
    if role is None:
        return "/p" if is_patient else "/"
    if role == "administrator":
        return "/admin/accounts"
    return f"{console_url.rstrip('/')}/console/" if role == "telemonitoring_nurse" else "/"
