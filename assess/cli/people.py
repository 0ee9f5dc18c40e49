"""`assess people`: the first administrator, and closing an account at once. No installation has an account that came with it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

import assess.assessments.models  # noqa: F401  # a job hangs on the table of assessments
from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_command, record
from assess.kit.clock import now
from assess.kit.config import BadSettingsError, Settings, read_settings
from assess.kit.db import Database
from assess.kit.mail.addresses import AddressUnfitError
from assess.kit.migrations import upgrade_to_head
from assess.people.accounts import people
from assess.people.accounts.links import invite_administrator
from assess.people.models import Desk


@click.group()
def command() -> None:
    """Invite the first administrator; disable an account."""


@command.command(name="invite-administrator")
@click.argument("email")
def invite(email: str) -> None:
    """Print a link with which EMAIL becomes an administrator. It works once, for two days."""
    with _writing() as (session, settings):
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
        with _writing() as (session, settings):
            address = _address(email)
            people.disable(session, address, now())
            person = people.find_person(session, address)
            _record(session, settings, "disabled", None if person is None else ("person", person.id))
    except people.PersonUnknownError:
        raise click.ClickException("Nobody has an account with this address.") from None
    click.echo("The account is closed, and every browser signed out.")


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


@contextmanager
def _writing() -> Iterator[tuple[Session, Settings]]:
    """A session of the configured database, its tables brought up to date first, and the settings."""
    try:
        settings = read_settings(os.environ)
    except BadSettingsError as error:
        raise click.ClickException("The settings do not hold together.\n" + "\n".join(error.faults)) from error
    database = Database(settings.database)
    try:
        upgrade_to_head(database.engine)
        with database.writing() as session:
            yield session, settings
    finally:
        database.close()
