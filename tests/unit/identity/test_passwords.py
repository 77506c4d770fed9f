"""Strength of passwords, slowing guesses down, codes: the pure parts of signing in."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.factors import (
    digits_of,
    matching_step,
    new_recovery_codes,
    new_totp_secret,
    plain_recovery_code,
    step_of,
)
from identity.password_service import hasher
from identity.passwords import (
    CNIL_BITS,
    LONGEST,
    Strong,
    Weak,
    bits_by_length,
    judge_password,
)
from identity.slowdown import Guessed, Tries, must_wait, network_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("x" * (LONGEST + 1), "too_long"),
        ("password", "common"),
        ("qwertyuiop", "common"),
        ("Tr0ub4dor&3", "too_short"),
        ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "too_short"),
        ("passwordpasswordpassword", "guessable"),
        ("claire fontaine 1975", "guessable"),
    ],
)
def test_a_weak_password_is_refused_and_told_why(password: str, why: str) -> None:
    about = ("claire.fontaine@example", "Claire", "Fontaine")
    assert judge_password(password, about) == Weak(why)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "password",
    ["quatre girafes mauves au balcon", "correct horse battery staple", "éàü gfk dz wq 7!kfJw Q"],
)
def test_length_is_enough_without_kinds_of_signs(password: str) -> None:
    assert judge_password(password) == Strong()


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz", max_size=17))
def test_small_letters_need_eighteen(password: str) -> None:
    """26 letters give 4.7 bits each: 17 of them are below 80."""
    assert bits_by_length(password) < CNIL_BITS
    assert isinstance(judge_password(password), Weak)


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=10))
def test_more_signs_never_make_it_weaker(password: str, more: str) -> None:
    assert bits_by_length(password + more) >= bits_by_length(password)


def tries(*, here: int = 1, anywhere: int = 1, known: bool = False) -> Tries:
    return Tries(attempt=1, here=here, anywhere=anywhere, known=known)


@pytest.mark.parametrize("kind", ["password", "code", "recovery", "activation"])
def test_ten_attempts_are_judged_and_the_eleventh_waits(kind: Guessed) -> None:
    assert not must_wait(kind, tries(here=10))
    assert must_wait(kind, tries(here=11))


def test_attempts_elsewhere_shut_nobody_out_of_a_known_place() -> None:
    assert not must_wait("password", tries(anywhere=1_000_000))
    assert must_wait("code", tries(anywhere=101))
    assert not must_wait("code", tries(anywhere=1_000_000, known=True))
    assert not must_wait("recovery", tries(anywhere=1_000_000))


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_a_subscriber_is_one_place(address: str, place: str) -> None:
    assert network_of(address) == place


def test_a_code_matches_its_step_and_one_around() -> None:
    secret = new_totp_secret()
    for steps, right in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        code = pyotp.TOTP(secret).at(NOW + timedelta(seconds=30 * steps))
        assert matching_step(secret, code, NOW) == (step_of(NOW) + steps if right else None)


@given(st.text(max_size=12))
def test_whatever_is_typed_is_no_error(typed: str) -> None:
    matching_step("JBSWY3DPEHPK3PXP" * 2, typed, NOW)
    plain_recovery_code(typed)
    assert digits_of(typed).isascii()


def test_recovery_codes_are_many_and_read_as_typed() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    for code in codes:
        assert plain_recovery_code(code.lower().replace("-", " ")) == code.replace("-", "")


def test_a_guess_costs_what_the_standard_asks() -> None:
    """Argon2id with 64 MiB, three passes and four lanes: RFC 9106, second recommended option."""
    assert hasher().hash("a sentence").startswith("$argon2id$v=19$m=65536,t=3,p=4$")
