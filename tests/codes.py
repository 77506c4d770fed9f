"""Code applications of the people of tests: one secret a sign-in name."""

import base64
import hashlib

import pyotp

from core import clock
from identity.factors import step_of


def secret_of(login: str) -> str:
    """Return the secret of a sign-in name, the same in every test."""
    return base64.b32encode(hashlib.sha1(login.encode()).digest()).decode()


def code_of(login: str, *, steps: int = 0) -> str:
    """Return the code of now, or of so many steps of 30 s later."""
    return pyotp.TOTP(secret_of(login)).generate_otp(step_of(clock.now()) + steps)
