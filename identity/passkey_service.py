"""Passkeys (WebAuthn level 3): adding one, and signing in by one, which gives two factors at once.

The person proves it at his own device (PIN, finger, face: user verification), so what he has and
what he knows or is are both proved. Every challenge serves once.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from core import clock
from core.doors import before_sign_in
from core.ids import new_id
from core.settings import settings
from identity.people import AccountOf, SignedIn
from identity.store import factors
from identity.store.factors import Passkey
from identity.verdicts import Confirmed, Wrong

CHALLENGE_LASTS: Final = timedelta(minutes=5)
"""WebAuthn level 3 §15.1 recommends timeouts of 5 minutes where the user is verified."""
NAME: Final = "Chevet"

_log = structlog.get_logger("identity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """What a browser is asked to sign: the id of the challenge, and the options as JSON."""

    id: UUID
    options: dict[str, Any]


def begin_adding(who: SignedIn) -> Ceremony:
    """Ask the person's device for a new passkey."""
    with before_sign_in() as conn:
        account = factors.load_account_of(conn, who.person)
        known = factors.load_passkeys(conn, who.person)
    options = generate_registration_options(
        rp_id=_place(),
        rp_name=NAME,
        user_id=who.person.bytes,
        user_name=account.login if account else who.name,
        user_display_name=who.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=k.credential_id) for k in known],
    )
    return _keep(who.person, options.challenge, options_to_json(options))


def add(who: SignedIn, ceremony: UUID, credential: dict[str, Any], name: str) -> Confirmed | Wrong:
    """Keep the public half of a new passkey."""
    with before_sign_in() as conn:
        challenge = factors.take_challenge(conn, ceremony, who.person)
    if challenge is None:
        return Wrong()
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_place(),
            expected_origin=_origins(),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        _log.warning("passkey_refused", person=str(who.person), error=type(error).__name__)
        return Wrong()
    with before_sign_in() as conn:
        if factors.load_passkey(conn, made.credential_id) is not None:
            return Wrong()
        factors.save_passkey(
            conn,
            id=new_id(clock.now()),
            person=who.person,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=name.strip()[:60] or NAME,
        )
    return Confirmed()


def begin_proving() -> Ceremony:
    """Ask for any passkey of this site; who it is, the passkey tells."""
    options = generate_authentication_options(
        rp_id=_place(), user_verification=UserVerificationRequirement.REQUIRED
    )
    return _keep(None, options.challenge, options_to_json(options))


def prove(ceremony: UUID, credential: dict[str, Any]) -> AccountOf | Wrong:
    """Return whose passkey signed the challenge; the challenge serves once."""
    with before_sign_in() as conn:
        challenge = factors.take_challenge(conn, ceremony, None)
        passkey = factors.load_passkey(conn, _credential_id(credential))
    if challenge is None or passkey is None or not _signed_by(passkey, challenge, credential):
        return Wrong()
    with before_sign_in() as conn:
        account = factors.load_account_of(conn, passkey.person)
    return account or Wrong()


def _signed_by(passkey: Passkey, challenge: bytes, credential: dict[str, Any]) -> bool:
    try:
        proof = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=_place(),
            expected_origin=_origins(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        _log.warning("passkey_refused", person=str(passkey.person), error=type(error).__name__)
        return False
    with before_sign_in() as conn:
        factors.note_passkey_used(conn, passkey.id, proof.new_sign_count)
    return True


def passkeys_of(person: UUID) -> list[Passkey]:
    """Return the passkeys of a person, oldest first."""
    with before_sign_in() as conn:
        return factors.load_passkeys(conn, person)


def remove(person: UUID, id: UUID) -> None:
    """Take a passkey of his away."""
    with before_sign_in() as conn:
        factors.remove_passkey(conn, person, id)


def _keep(person: UUID | None, challenge: bytes, options: str) -> Ceremony:
    now = clock.now()
    id = new_id(now)
    with before_sign_in() as conn:
        factors.save_ticket(
            conn,
            id=id,
            kind="challenge",
            person=person,
            ends_at=now + CHALLENGE_LASTS,
            challenge=challenge,
        )
    return Ceremony(id=id, options=json.loads(options))


def _credential_id(credential: dict[str, Any]) -> bytes:
    raw = credential.get("rawId")
    try:
        return base64url_to_bytes(raw) if isinstance(raw, str) else b""
    except ValueError:
        return b""


def _place() -> str:
    """Return the name of this site for passkeys: the host of the pages."""
    return urlsplit(settings().base_url).hostname or ""


def _origins() -> list[str]:
    urls = (settings().base_url, settings().console_url)
    parts = (urlsplit(url) for url in urls if url)
    return [f"{part.scheme}://{part.netloc}" for part in parts]
