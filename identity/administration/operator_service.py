"""What the operator of the service does on the command line: a site is set up without a program.

Each act leaves its event. Nothing here opens a record, and no password is ever typed.
"""

from datetime import datetime
from uuid import UUID

from core import clock
from core.doors import Service, ServiceConnection, before_sign_in, note_run, serving
from core.ids import new_id
from identity import activation_service, store
from identity.administration.forms import ROLES_OF_POSTS
from identity.administration.refused import Refused
from identity.numbers import WrongNumber, parse_finess, parse_rpps
from identity.people import Post
from identity.store import administration as rows
from identity.store import factors
from messages.service import mail_of, register_contact


def create_organisation(name: str, finess: str | None, kind: str) -> UUID | Refused:
    """Add an organisation, with its FINESS number where it has one."""
    number = parse_finess(finess) if finess else None
    if isinstance(number, WrongNumber):
        return Refused(number.reason)
    now = clock.now()
    organisation = new_id(now)
    with serving(Service.ADMINISTRATION) as conn:
        if number and rows.load_organisation(conn, number):
            return Refused("An organisation has this FINESS number already.")
        store.save_party(conn, id=organisation, kind="organisation", name=name.strip(), now=now)
        rows.save_organisation_number(conn, organisation, number, kind, now)
        _note(conn, "organisation_created", organisation)
    return organisation


def create_account(*, given: str, family: str, mail: str, rpps: str | None) -> UUID | Refused:
    """Add a professional with an account without a password: he is invited, or signs in with
    Pro Santé Connect. Refuses a sign-in name or a number that is taken."""
    number = parse_rpps(rpps) if rpps else None
    if isinstance(number, WrongNumber):
        return Refused(number.reason)
    now = clock.now()
    person = new_id(now)
    with serving(Service.ADMINISTRATION) as conn:
        if rows.load_named_account(conn, mail):
            return Refused("This mail address is a sign-in name already.")
        if number and rows.load_person_of_rpps(conn, number):
            return Refused("Somebody has this RPPS number already.")
        name = f"{given.strip()} {family.strip()}"
        store.save_party(conn, id=person, kind="person", name=name, now=now)
        if number:
            rows.save_professional_number(
                conn, person, rpps=number, family=family.strip(), given=given.strip(), now=now
            )
        store.save_account(
            conn,
            person=person,
            login=mail.strip().lower(),
            password_hash="",
            locale="fr",
            time_zone="Europe/Paris",
            now=now,
        )
        _note(conn, "account_created", person)
    register_contact(person, "email", mail)
    return person


def invite(login: str) -> str | Refused:
    """Mail the link that opens an account; return the code to give the person otherwise."""
    with serving(Service.ADMINISTRATION) as conn:
        account = rows.load_named_account(conn, login)
        if account is None:
            return Refused("Nobody has this sign-in name.")
        if account.state != "invited":
            return Refused(f"This account is not waiting to be opened: it is {account.state}.")
        _note(conn, "account_invited", account.person)
    return activation_service.invite(account.person, login.strip())


def reopen(login: str) -> str | Refused:
    """Let somebody who has lost every second factor open his account anew; return the code.

    The link goes to the address known already: whoever asks cannot name another. Until link and
    code are both given, everything stays as it is.
    """
    with serving(Service.ADMINISTRATION) as conn:
        account = rows.load_named_account(conn, login.strip())
        if account is None:
            return Refused("Nobody has this sign-in name.")
        if account.state != "active":
            return Refused(f"This account is not in use: it is {account.state}.")
    with before_sign_in() as gate:
        mail, own = mail_of(gate, account.person), factors.load_account_of(gate, account.person)
    mail = mail or (own.login if own and "@" in own.login else None)
    if mail is None or own is None:
        return Refused("No mail address is known for this account.")
    with serving(Service.ADMINISTRATION) as conn:
        _note(conn, "account_reopened", account.person)
    return activation_service.invite(account.person, mail, locale=own.locale)


def suspend(login: str, *, suspended: bool) -> UUID | Refused:
    """Suspend an account, whose sessions end at once, or let it sign in again."""
    with serving(Service.ADMINISTRATION) as conn:
        account = rows.load_named_account(conn, login)
        if account is None:
            return Refused("Nobody has this sign-in name.")
        if not rows.suspend(conn, account.person, suspended):
            return Refused("The account was so already.")
        _note(conn, "account_suspended" if suspended else "account_resumed", account.person)
    return account.person


def give_post(login: str, which: str, role: str, until: datetime | None) -> UUID | Refused:
    """Give a person a post in an organisation (its identifier or FINESS number), from now on."""
    if role not in ROLES_OF_POSTS:
        return Refused(f"Roles of posts: {', '.join(ROLES_OF_POSTS)}.")
    now = clock.now()
    with serving(Service.ADMINISTRATION) as conn:
        account = rows.load_named_account(conn, login)
        organisation = rows.load_organisation(conn, which)
        if account is None or organisation is None:
            return Refused("No such sign-in name, or no such organisation.")
        held = rows.load_posts_of(conn, account.person, now)
        if any(p.organisation == organisation.organisation and p.role == role for p in held):
            return Refused("This person holds this post already.")
        post = new_id(now)
        rows.save_post_until(
            conn,
            id=post,
            person=account.person,
            organisation=organisation.organisation,
            role=role,
            now=now,
            ends_at=until,
        )
        _note(conn, "post_given", post)
    return post


def end_posts(login: str, which: str) -> list[Post] | Refused:
    """End the posts of a person in an organisation now; return them."""
    now = clock.now()
    with serving(Service.ADMINISTRATION) as conn:
        account = rows.load_named_account(conn, login)
        organisation = rows.load_organisation(conn, which)
        if account is None or organisation is None:
            return Refused("No such sign-in name, or no such organisation.")
        held = rows.load_posts_of(conn, account.person, now)
        ended = [post for post in held if post.organisation == organisation.organisation]
        for post in ended:
            rows.end_post_now(conn, post.post, now)
            _note(conn, "post_ended", post.post)
    return ended or Refused("This person holds no post there.")


def _note(conn: ServiceConnection, what: str, about: UUID) -> None:
    note_run(conn, Service.ADMINISTRATION, what, about=str(about))
