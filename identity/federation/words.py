"""English sentences of a refused sign-in; each is the msgid of its translation."""

from typing import Final

CAUSE_SENTENCES: Final[dict[str, str]] = {
    "expired": "This sign-in has expired or was begun in another window. Begin again.",
    "cancelled": "You gave up at {provider}. Nothing has changed here.",
    "unreachable": "{provider} does not answer. Try again in a few minutes, or sign in with your "
    "name and password.",
    "untrusted": "What {provider} answered could not be verified, so nobody was signed in. Begin "
    "again; if it happens again, tell the help desk.",
    "unknown": "Nobody here is known by the identity {provider} gave. Ask the administrator of "
    "your organisation, or your care team, to invite you.",
    "suspended": "This account is suspended or has ended. Ask the administrator of your "
    "organisation.",
    "other_identity": "The identity {provider} gave is not the one this account was opened with. "
    "Tell the help desk.",
    "no_post": "You have no post here at present. Ask the administrator of your organisation.",
}
