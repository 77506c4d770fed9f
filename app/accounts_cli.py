"""The operator's commands for organisations, accounts, posts and keys."""

from datetime import datetime
from typing import Annotated, TypeVar

import typer

from app import keys_cli
from identity.administration.refused import Refused

Value = TypeVar("Value")
Login = Annotated[str, typer.Argument(help="Sign-in name: the mail address.")]
Organisation = Annotated[str, typer.Argument(help="Identifier or FINESS number.")]

account = typer.Typer(no_args_is_help=True, help="Accounts of professionals.")
organisation = typer.Typer(no_args_is_help=True, help="Organisations.")
post = typer.Typer(no_args_is_help=True, help="Posts of people in organisations.")


def add_to(app: typer.Typer) -> None:
    """Add these groups, and that of keys, to the command line."""
    app.add_typer(account, name="account")
    app.add_typer(keys_cli.app, name="key")
    app.add_typer(organisation, name="organisation")
    app.add_typer(post, name="post")


@organisation.command("create")
def create_organisation(
    name: Annotated[str, typer.Argument(help="Name as written on screens.")],
    finess: Annotated[str | None, typer.Option(help="FINESS number.")] = None,
    kind: Annotated[str, typer.Option(help="hospital, practice, telemonitoring_centre, dac …")] = (
        "other"
    ),
) -> None:
    """Add an organisation and print its identifier."""
    from identity.administration import operator_service

    typer.echo(_or_fail(operator_service.create_organisation(name, finess, kind)))


@account.command("create")
def create_account(
    mail: Annotated[str, typer.Argument(help="Mail address, also the sign-in name.")],
    given: Annotated[str, typer.Option(help="First name.")],
    family: Annotated[str, typer.Option(help="Last name.")],
    rpps: Annotated[str | None, typer.Option(help="RPPS number.")] = None,
) -> None:
    """Add a professional and an account that waits to be opened."""
    from identity.administration import operator_service

    made = operator_service.create_account(given=given, family=family, mail=mail, rpps=rpps)
    typer.echo(_or_fail(made))


@account.command("invite")
def invite(login: Login) -> None:
    """Mail the link that opens an account and print the code that goes with it."""
    from identity.administration import operator_service

    code = _or_fail(operator_service.invite(login))
    typer.echo(f"The link has left by mail. Give the person this code another way: {code}")


@account.command("reopen")
def reopen(login: Login) -> None:
    """Let somebody who lost every second factor open the account anew; print the code for it."""
    from identity.administration import operator_service

    code = _or_fail(operator_service.reopen(login))
    typer.echo(f"The link has left by mail. Give the person this code face to face: {code}")


@account.command("suspend")
def suspend(login: Login) -> None:
    """Suspend an account; its sessions end at once."""
    from identity.administration import operator_service

    _or_fail(operator_service.suspend(login, suspended=True))
    typer.echo("Suspended.")


@account.command("resume")
def resume(login: Login) -> None:
    """Let a suspended account sign in again."""
    from identity.administration import operator_service

    _or_fail(operator_service.suspend(login, suspended=False))
    typer.echo("It may sign in again.")


@post.command("give")
def give_post(
    login: Login,
    organisation: Organisation,
    role: Annotated[str, typer.Argument(help="telemonitoring_nurse, gp, administrator …")],
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day without it.")
    ] = None,
) -> None:
    """Give a person a post in an organisation and print its identifier."""
    from core.i18n import zone
    from core.settings import settings
    from identity.administration import operator_service

    ends = until.replace(tzinfo=zone(settings().time_zone)) if until else None
    typer.echo(_or_fail(operator_service.give_post(login, organisation, role, ends)))


@post.command("end")
def end_post(login: Login, organisation: Organisation) -> None:
    """End a person's posts in an organisation; sessions in them end at once."""
    from identity.administration import operator_service

    ended = _or_fail(operator_service.end_posts(login, organisation))
    typer.echo(f"{len(ended)} ended.")


def _or_fail(made: Value | Refused) -> Value:
    if isinstance(made, Refused):
        typer.echo(made.reason, err=True)
        raise typer.Exit(1)
    return made
