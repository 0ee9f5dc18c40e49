"""`assess people`: the first administrator, closing an account at once, help for who lost phone and codes. No installation has an account that came with it."""

from __future__ import annotations

import uuid

import click
from sqlalchemy.orm import Session

from assess.cli.configured import writing_session
from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_command, record
from assess.kit.clock import now
from assess.kit.config import Settings
from assess.kit.mail.addresses import AddressUnfitError
from assess.people.accounts import mails, people
from assess.people.accounts.code_apps import CodeWrongError
from assess.people.accounts.links import invite_administrator
from assess.people.accounts.second_steps import forget_all, take_code
from assess.people.models import Desk


@click.group()
def command() -> None:
    """Invite the first administrator; disable an account; take away a second step that was lost."""


@command.command(name="invite-administrator")
@click.argument("email")
def invite(email: str) -> None:
    """Print a link with which EMAIL becomes an administrator. It works once, for two days."""
    with writing_session() as (session, settings):
        if settings.mail_server is None:
            raise click.ClickException("This installation sends no mail, so it offers no accounts. Set up mail first.")
        address = _address(email)
        person = people.find_person(session, address)
        if person is not None and people.buys(session, person.id):
            raise click.ClickException(
                "This person looks for a buyer at what businesses share, so they can have no desk. Use another address."
            )
        link = invite_administrator(session, address, lambda path: settings.base_url + path, now())
        _record(session, settings, "invited", desk=Desk.ADMINISTRATOR.value)
    click.echo(f"Give this link to {address} and to nobody else. It works once, for two days:\n{link}")
    if not settings.public_url:
        click.echo(
            f"ASSESS_PUBLIC_URL is not set, so the link is for this machine alone, at port {settings.port} (ASSESS_PORT). "
            "Set it to the address people type.",
            err=True,
        )


@command.command
@click.argument("email")
def disable(email: str) -> None:
    """Close the account of EMAIL. Its browsers are signed out at once; nothing is deleted."""
    try:
        with writing_session() as (session, settings):
            address = _address(email)
            people.disable(session, address, now())
            person = people.find_person(session, address)
            _record(session, settings, "disabled", None if person is None else ("person", person.id))
    except people.PersonUnknownError:
        raise click.ClickException("Nobody has an account with this address.") from None
    click.echo("The account is closed, and every browser signed out.")


@command.command(name="reset-second-step")
@click.argument("email")
@click.option(
    "--with-administrator", metavar="EMAIL", help="Another administrator, who types a code of their own here."
)
def reset_second_step(email: str, with_administrator: str | None) -> None:
    """Take the second step away from the account of EMAIL, whose owner lost phone and recovery codes.

    First be sure who asks: docs/security.md says how. Whoever sees what belongs to many needs a second pair of eyes: an administrator
    shows their own code. The owner is told by email and has every browser signed out.
    """
    typed = None
    if with_administrator is not None:  # before anything is locked: people take their time
        typed = click.prompt("A code of the administrator’s app, or a recovery code of theirs", hide_input=True)
    with writing_session() as (session, settings):
        person = people.find_person(session, _address(email))
        if person is None:
            raise click.ClickException("Nobody has an account with this address.")
        if person.desk is not None or people.buys(session, person.id):
            _see_administrator(session, settings, person.id, with_administrator, typed)
        forget_all(session, person.id, now())
        if settings.mail_server is not None:
            mails.send(session, person.email, mails.second_step_reset(), now())
        _record(session, settings, "removed", ("person", person.id))
    click.echo("The second step is gone, every browser is signed out, and the owner is told by email.")


def _see_administrator(
    session: Session, settings: Settings, person_id: uuid.UUID, email: str | None, typed: str | None
) -> None:
    """Have another administrator show that they are here.

    Raises:
        click.ClickException
    """
    if email is None or typed is None:
        raise click.ClickException(
            "This person sees what belongs to many. Another administrator has to agree: --with-administrator EMAIL. "
            "If there is none, invite one: assess people invite-administrator EMAIL"
        )
    other = people.find_person(session, _address(email))
    fit = other is not None and other.id != person_id and other.desk is Desk.ADMINISTRATOR and not other.disabled_at
    if other is None or not fit or not _is_code_of(session, settings, other.id, typed):
        raise click.ClickException("This is no code of another administrator. Nothing was changed.")


def _is_code_of(session: Session, settings: Settings, person_id: uuid.UUID, typed: str) -> bool:
    """Whether it is a code of this person, which is used up by it."""
    try:
        take_code(session, person_id, typed, (settings.key, *settings.old_secret_keys), now())
    except CodeWrongError:
        return False
    return True


def _address(email: str) -> str:
    try:
        return people.account_address(email)
    except AddressUnfitError:
        raise click.ClickException("This is no e-mail address.") from None


def _record(
    session: Session, settings: Settings, verb: str, about: tuple[str, uuid.UUID] | None = None, **details: str
) -> None:
    deed = Deed(action="desk.administer", verb=verb, who=by_command("people"), about=about, details=details)
    record(session, Keys.of(settings), deed, now())
