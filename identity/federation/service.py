"""Use cases of signing in by another provider: begin, take its answer, sign out there too."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, assert_never

import structlog

from core import clock
from core.doors import before_sign_in
from core.settings import settings
from identity import session_service
from identity.edge import oidc
from identity.federation.claims import UnreadableClaims, parse_citizen, parse_professional
from identity.federation.provider import (
    Answer,
    Attempt,
    Provider,
    ProviderName,
    france_connect,
    pro_sante_connect,
)
from identity.federation.token import BadToken
from identity.origin import Origin
from identity.session_service import hash_token
from identity.store import federation as rows

_log = structlog.get_logger("identity")
LONGEST: Final = timedelta(minutes=10)
"""How long a person may take at the provider, and then to choose his post (proposed)."""


class Cause(StrEnum):
    """Why a sign-in by a provider was refused, as the page says it."""

    EXPIRED = "expired"
    """Too late, done already, or begun in another browser."""
    CANCELLED = "cancelled"
    UNREACHABLE = "unreachable"
    UNTRUSTED = "untrusted"
    """What came back could not be verified."""
    UNKNOWN = "unknown"
    SUSPENDED = "suspended"
    OTHER_IDENTITY = "other_identity"
    """The account belongs to another subject of the provider, or to somebody of other traits."""
    NO_POST = "no_post"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nobody is signed in; `cause` says why in words fit for the person."""

    cause: Cause


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to send the browser, and the token only it holds."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A session was opened; the person goes on to `next`."""

    token: str
    next: str


@dataclass(frozen=True, slots=True)
class EndedThere:
    """Where the provider's own session ends."""

    provider: ProviderName
    address: str


def configured() -> tuple[Provider, ...]:
    """Return the providers this site is registered with."""
    ours = settings()
    found: list[Provider] = []
    if ours.psc_issuer:
        found.append(pro_sante_connect(ours.psc_issuer, ours.psc_client_id, ours.psc_client_secret))
    if ours.fc_issuer:
        key = ours.fc_key_file.read_text() if ours.fc_key_file else ""
        found.append(france_connect(ours.fc_issuer, ours.fc_client_id, ours.fc_client_secret, key))
    return tuple(found)


def provider_named(name: str) -> Provider | None:
    """Return a configured provider by its name in addresses."""
    return next((provider for provider in configured() if provider.name == name), None)


def begin(provider: Provider, next: str) -> Begun | Refused:
    """Begin a sign-in at a provider: state and nonce are ours, and serve once."""
    state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    attempt = Attempt(
        nonce=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(48), next=next
    )
    address = oidc.authorization_address(provider, attempt, state, _answer_address(provider))
    if isinstance(address, oidc.Unreachable):
        return _refused(provider, Cause.UNREACHABLE, address.reason)
    with before_sign_in() as conn:
        rows.save_attempt(
            conn,
            attempt,
            state_hash=hash_token(state),
            browser_hash=hash_token(browser),
            provider=provider.name,
            expires_at=clock.now() + LONGEST,
        )
    return Begun(address, browser)


def answer(
    provider: Provider, *, state: str, code: str, browser: str, origin: Origin
) -> Opened | Refused:
    """Take the provider's answer: once, in the browser that began, for somebody known here.

    Without a code the person gave up at the provider.
    """
    with before_sign_in() as conn:
        attempt = rows.take_attempt(
            conn,
            state_hash=hash_token(state),
            browser_hash=hash_token(browser),
            provider=provider.name,
        )
    if attempt is None:
        return _refused(provider, Cause.EXPIRED, "state")
    if not code:
        return _refused(provider, Cause.CANCELLED, "error")
    redeemed = oidc.redeem(provider, attempt, code, _answer_address(provider))
    match redeemed:
        case oidc.Unreachable(reason=reason):
            return _refused(provider, Cause.UNREACHABLE, reason)
        case BadToken(check=check):
            return _refused(provider, Cause.UNTRUSTED, check)
        case Answer():
            return _recognise(provider, attempt, redeemed, origin)
        case _:
            assert_never(redeemed)


def _recognise(
    provider: Provider, attempt: Attempt, answer: Answer, origin: Origin
) -> Opened | Refused:
    """Open a session worth two factors for somebody known here.

    The posts offered afterwards are ours alone, whatever the provider says of his.
    """
    known = _find(provider, answer)
    if isinstance(known, UnreadableClaims):
        return _refused(provider, Cause.UNTRUSTED, known.missing)
    if known is None:
        return _refused(provider, Cause.UNKNOWN, "nobody")
    if not known.is_live:
        return _refused(provider, Cause.SUSPENDED, str(known.person))
    if known.is_other:
        return _refused(provider, Cause.OTHER_IDENTITY, str(known.person))
    is_patient = provider.name is ProviderName.FRANCE_CONNECT
    if not is_patient and not session_service.posts_of(known.person):
        return _refused(provider, Cause.NO_POST, str(known.person))
    token = session_service.open_with_two_factors(
        known.person, is_patient=is_patient, origin=origin
    )
    with before_sign_in() as conn:
        rows.note_federated(
            conn,
            token_hash=hash_token(token),
            provider=provider.name,
            issuer=provider.issuer,
            subject=str(answer.claims["sub"]),
            id_token=answer.id_token,
        )
    return Opened(token, attempt.next)


def _find(provider: Provider, answer: Answer) -> rows.Known | UnreadableClaims | None:
    match provider.name:
        case ProviderName.PRO_SANTE_CONNECT:
            professional = parse_professional(answer.claims)
            if isinstance(professional, UnreadableClaims):
                return professional
            with before_sign_in() as conn:
                return rows.recognise_professional(conn, provider.issuer, professional)
        case ProviderName.FRANCE_CONNECT:
            citizen = parse_citizen(answer.claims)
            if isinstance(citizen, UnreadableClaims):
                return citizen
            with before_sign_in() as conn:
                return rows.recognise_patient(conn, provider.issuer, citizen)
        case _:
            assert_never(provider.name)


def carry(earlier: str, later: str) -> None:
    """Let a session that replaces another, in a chosen post, end at the provider too."""
    with before_sign_in() as conn:
        rows.carry_federated(conn, hash_token(earlier), hash_token(later))


def ended_there(token: str) -> EndedThere | None:
    """Return where the provider's session is to be ended too; None when none opened this one."""
    with before_sign_in() as conn:
        opened = rows.load_federated_session(conn, hash_token(token))
    provider = provider_named(opened.provider) if opened else None
    if opened is None or provider is None:
        return None
    address = oidc.logout_address(provider, opened.id_token, settings().base_url + "/sign-in")
    return EndedThere(provider.name, address) if address else None


def _answer_address(provider: Provider) -> str:
    return f"{settings().base_url.rstrip('/')}/sign-in/with/{provider.name}/answer"


def _refused(provider: Provider, cause: Cause, detail: str) -> Refused:
    """Log what the page does not say; ids and names of checks, never a name or a number."""
    _log.warning("federation_refused", provider=provider.name, cause=cause, detail=detail)
    return Refused(cause)
