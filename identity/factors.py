"""Second factors: codes of an application, of a text message, of paper. Pure."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import pyotp

STEP_SECONDS: Final = 30
"""RFC 6238 §5.2: the step of the time-based code."""
STEPS_AROUND: Final = 1
"""Steps before and after the current one that are accepted (RFC 6238 §5.2: at most one delay)."""
CODE_DIGITS: Final = 6
RECOVERY_CODES: Final = 10
RECOVERY_BITS: Final = 80
"""NIST SP 800-63B-4 §3.1.2 asks 20 bits of a look-up secret; with 80 no guess can succeed."""
_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""32 signs of 5 bits each, without I, O, 0 and 1, which paper confuses."""
SMS_CODE_LASTS: Final = timedelta(minutes=10)
"""NIST SP 800-63B-4 §3.1.3.1: an out-of-band code is good for at most 10 minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactors:
    """Which second factors a person has; recovery codes alone are none."""

    totp: bool
    passkeys: int
    sms: str | None
    recovery_left: int

    @property
    def any(self) -> bool:
        """Whether there is a second factor at all."""
        return self.totp or self.passkeys > 0 or self.sms is not None

    @property
    def sms_tail(self) -> str:
        """The last two digits of the telephone that gets codes."""
        return (self.sms or "")[-2:]


def step_of(now: datetime) -> int:
    """Return the number of the 30 s step an instant is in."""
    return int(now.timestamp()) // STEP_SECONDS


def new_totp_secret() -> str:
    """Return a new secret in base 32 (160 bits, RFC 4226 §4 R6)."""
    return pyotp.random_base32()


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the step whose code was typed, if it is one near `now`; the latest when several."""
    typed = digits_of(code)
    if len(typed) != CODE_DIGITS:
        return None
    totp = pyotp.TOTP(secret, digits=CODE_DIGITS, interval=STEP_SECONDS)
    current = step_of(now)
    steps = range(current + STEPS_AROUND, current - STEPS_AROUND - 1, -1)
    matching = [s for s in steps if secrets.compare_digest(totp.generate_otp(s), typed)]
    return matching[0] if matching else None


def totp_address(secret: str, login: str) -> str:
    """Return the otpauth:// address that a code application reads from the picture."""
    return pyotp.TOTP(secret, digits=CODE_DIGITS, interval=STEP_SECONDS).provisioning_uri(
        name=login, issuer_name="Chevet"
    )


def spaced(secret: str) -> str:
    """Write a secret in groups of four, to be typed."""
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def digits_of(code: str) -> str:
    """Return the digits of a code as people type it, « 123 456 »."""
    return "".join(c for c in code if c in "0123456789") if _only_code(code) else ""


def _only_code(code: str) -> bool:
    return all(c in "0123456789 -\u00a0\u202f" for c in code)


def new_short_code() -> str:
    """Return six random digits."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def new_recovery_codes() -> tuple[str, ...]:
    """Return new recovery codes, « ABCD-EFGH-JKLM-NPQR »."""
    signs = RECOVERY_BITS // 5
    made = ("".join(secrets.choice(_ALPHABET) for _ in range(signs)) for _ in range(RECOVERY_CODES))
    return tuple("-".join(_groups(code)) for code in made)


def new_activation_code() -> str:
    """Return the code that goes with an activation link, « ABCD-EFGH »: 40 bits."""
    return "-".join(_groups("".join(secrets.choice(_ALPHABET) for _ in range(8))))


def _groups(code: str) -> Iterable[str]:
    return (code[i : i + 4] for i in range(0, len(code), 4))


def plain_recovery_code(typed: str) -> str:
    """Return a recovery code without what people add: spaces, dashes, small letters."""
    return "".join(c for c in typed.upper() if c in _ALPHABET)
