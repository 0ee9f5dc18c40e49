"""`assess people` and `assess organisations`: first administrator, closing accounts, lost second factors, confirming names."""

from __future__ import annotations

import uuid

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.cli.configured import writing_session
from assess.core import clock
from assess.core.audit.services import AuditKeys, NewAuditEvent, append_event, command_actor
from assess.core.config import Settings
from assess.core.forms.fields import TextField
from assess.identity.accounts import emails as accounts_emails
from assess.identity.accounts import services as accounts_services
from assess.identity.accounts.second_factors import WrongCodeError, reset_second_factors, use_second_factor_code
from assess.identity.accounts.sign_in import issue_administrator_link
from assess.identity.models import MAX_REASON_LENGTH, ConfirmationMethod, NameState, Organisation, StaffRole
from assess.identity.organisations.name_confirmation import (
    MissingEvidenceError,
    NameConfirmation,
    WrongNameStateError,
    confirm_organisation_name,
    manager_domains,
)


@click.group()
def people_command() -> None:
    """Invite the first administrator; disable an account; take away a second step that was lost."""


@people_command.command(name="invite-administrator")
@click.argument("email")
def invite_administrator(email: str) -> None:
    """Print a link with which EMAIL becomes an administrator. It works once, for two days."""
    with writing_session() as (session, settings):
        if settings.mail_server is None:
            raise click.ClickException(
                "This installation sends no email, so it offers no accounts. Set up email first."
            )
        address = _clean_email(email)
        person = accounts_services.find_person(session, address)
        if person is not None and accounts_services.is_buyer(session, person.id):
            raise click.ClickException(
                "This person looks for a buyer at what businesses share, so they cannot be staff. Use another address."
            )
        link = issue_administrator_link(session, address, lambda path: settings.base_url + path, clock.now())
        _append_event(session, settings, "invited", desk=StaffRole.ADMINISTRATOR.value)
    click.echo(f"Give this link to {address} and to nobody else. It works once, for two days:\n{link}")
    if not settings.public_url:
        click.echo(
            f"ASSESS_PUBLIC_URL is not set, so the link is for this machine alone, at port {settings.port} (ASSESS_PORT). "
            "Set it to the address people type.",
            err=True,
        )


@people_command.command
@click.argument("email")
def disable(email: str) -> None:
    """Close the account of EMAIL. Its browsers are signed out at once; nothing is deleted."""
    try:
        with writing_session() as (session, settings):
            address = _clean_email(email)
            accounts_services.disable_by_email(session, address, clock.now())
            person = accounts_services.find_person(session, address)
            _append_event(session, settings, "disabled", None if person is None else ("person", person.id))
    except accounts_services.PersonUnknownError:
        raise click.ClickException("Nobody has an account with this address.") from None
    click.echo("The account is closed, and every browser signed out.")


@people_command.command(name="reset-second-step")
@click.argument("email")
@click.option(
    "--with-administrator", metavar="EMAIL", help="Another administrator, who types a code of their own here."
)
def reset_second_step(email: str, with_administrator: str | None) -> None:
    """Take the second step away from the account of EMAIL, whose owner lost phone and recovery codes.

    First be sure who asks: docs/security.md says how. A person who sees what belongs to many needs a second pair of eyes: an administrator
    shows their own code. The owner is told by email and has every browser signed out.
    """
    typed = None
    if with_administrator is not None:  # before anything is locked: people take their time
        typed = click.prompt("A code of the administrator’s app, or a recovery code of theirs", hide_input=True)
    with writing_session() as (session, settings):
        person = accounts_services.find_person(session, _clean_email(email))
        if person is None:
            raise click.ClickException("Nobody has an account with this address.")
        if person.desk is not None or accounts_services.is_buyer(session, person.id):
            _require_administrator(session, settings, person.id, with_administrator, typed)
        reset_second_factors(session, person.id, clock.now())
        if settings.mail_server is not None:
            accounts_emails.send_account_email(session, person.email, accounts_emails.second_step_reset(), clock.now())
        _append_event(session, settings, "removed", ("person", person.id))
    click.echo("The second step is gone, every browser is signed out, and the owner is told by email.")


def _require_administrator(
    session: Session, settings: Settings, person_id: uuid.UUID, email: str | None, typed: str | None
) -> None:
    """Have another administrator show that they are here. Raises `click.ClickException`."""
    if email is None or typed is None:
        raise click.ClickException(
            "This person sees what belongs to many. Another administrator has to agree: --with-administrator EMAIL. "
            "If there is none, invite one: assess people invite-administrator EMAIL"
        )
    other = accounts_services.find_person(session, _clean_email(email))
    fit = (
        other is not None and other.id != person_id and other.desk is StaffRole.ADMINISTRATOR and not other.disabled_at
    )
    if other is None or not fit or not _use_code_of(session, settings, other.id, typed):
        raise click.ClickException("This is no code of another administrator. Nothing was changed.")


def _use_code_of(session: Session, settings: Settings, person_id: uuid.UUID, typed: str) -> bool:
    """Whether it is a code of this person, which is used up by it."""
    try:
        use_second_factor_code(session, person_id, typed, (settings.key, *settings.old_secret_keys), clock.now())
    except WrongCodeError:
        return False
    return True


def _clean_email(email: str) -> str:
    address, error = accounts_services.AccountEmailField().read(email)
    if error:
        raise click.ClickException("This is not an email address.")
    return address


def _append_event(
    session: Session, settings: Settings, verb: str, about: tuple[str, uuid.UUID] | None = None, **details: str
) -> None:
    event = NewAuditEvent(
        action="desk.administer", verb=verb, who=command_actor("people"), about=about, details=details
    )
    append_event(session, AuditKeys.of(settings), event, clock.now())


@click.group()
def organisations_command() -> None:
    """List the names of organisations that wait; confirm one."""


@organisations_command.command(name="waiting")
def show_waiting() -> None:
    """Print the organisations that asked to have their name confirmed, the longest first: id, name, number, domains of the managers."""
    with writing_session() as (session, _settings):
        wanted = select(Organisation).where(Organisation.name_state == NameState.WAITING)
        found = session.scalars(wanted.order_by(Organisation.name_changed_at, Organisation.id)).all()
        for one in found:
            domains = " ".join(sorted(manager_domains(session, one.id))) or "no domain"
            click.echo(f"{one.id}  {one.name}  {one.company_number or 'no number'}  {domains}")
    if not found:
        click.echo("No name waits.")


@organisations_command.command(name="confirm")
@click.argument("organisation")
@click.option("--reason", required=True, help="How you know that the name is true.")
@click.option("--domain", "domains", multiple=True, help="A domain that is theirs. Several may be given.")
def confirm_waiting(organisation: str, reason: str, domains: tuple[str, ...]) -> None:
    """Confirm the name of ORGANISATION (its id, or its name exactly) with its number and these domains, for two years."""
    words, error = TextField(MAX_REASON_LENGTH).read(reason)
    if error:
        raise click.ClickException(error)
    with writing_session() as (session, settings):
        found = _find_organisation(session, organisation)
        said = NameConfirmation(
            ConfirmationMethod.MACHINE, words, tuple(dict.fromkeys(domains)), None, settings.operator_name
        )
        try:
            confirm_organisation_name(session, found, said, clock.now())
        except WrongNameStateError:
            raise click.ClickException(
                "The name is suspended. An administrator has to lift that first, in the staff area."
            ) from None
        except MissingEvidenceError as error:
            raise click.ClickException(str(error)) from None
        event = NewAuditEvent(
            action="names.decide", verb="confirmed", who=command_actor("organisations"), organisation_id=found.id
        )
        append_event(session, AuditKeys.of(settings), event, clock.now())
        until = found.name_until
    click.echo(f"The name “{found.name}” is confirmed until {until}.")


def _find_organisation(session: Session, typed: str) -> Organisation:
    try:
        wanted = Organisation.id == uuid.UUID(typed)
    except ValueError:
        wanted = Organisation.name == " ".join(typed.split())
    # held, so that what is confirmed is what was found
    found = session.scalars(select(Organisation).where(wanted).order_by(Organisation.id).with_for_update()).all()
    if not found:
        raise click.ClickException(
            "There is no such organisation. “assess organisations waiting” lists those that asked."
        )
    if len(found) > 1:
        ids = "\n".join(str(one.id) for one in found)
        raise click.ClickException(f"Several are called so. Give the id of the one you mean:\n{ids}")
    return found[0]
