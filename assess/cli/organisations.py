"""`assess organisations`: which names wait, and confirming one at the machine, for a buyer that runs its own installation."""

from __future__ import annotations

import uuid

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.cli.configured import writing_session
from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_command, record
from assess.kit.clock import now
from assess.people.models import Method, NameState, Organisation
from assess.people.organisations.models import LONGEST_WORDS
from assess.people.organisations.names import (
    Confirmation,
    EvidenceError,
    NotNowError,
    confirm,
    domains_of_managers,
)


@click.group()
def command() -> None:
    """List the names of organisations that wait; confirm one."""


@command.command(name="waiting")
def show_waiting() -> None:
    """Print the organisations that asked to have their name confirmed, the longest first: id, name, number, domains of the managers."""
    with writing_session() as (session, _settings):
        wanted = select(Organisation).where(Organisation.name_state == NameState.WAITING)
        found = session.scalars(wanted.order_by(Organisation.name_changed_at, Organisation.id)).all()
        for one in found:
            domains = " ".join(sorted(domains_of_managers(session, one.id))) or "no domain"
            click.echo(f"{one.id}  {one.name}  {one.company_number or 'no number'}  {domains}")
    if not found:
        click.echo("No name waits.")


@command.command(name="confirm")
@click.argument("organisation")
@click.option("--reason", required=True, help="How you know that the name is true.")
@click.option("--domain", "domains", multiple=True, help="A domain that is theirs. Several may be given.")
def confirm_one(organisation: str, reason: str, domains: tuple[str, ...]) -> None:
    """Confirm the name of ORGANISATION (its id, or its name exactly) with its number and these domains, for two years."""
    words = " ".join(reason.split())
    if len(words) > LONGEST_WORDS:
        raise click.ClickException(f"Say the reason in {LONGEST_WORDS} characters or fewer.")
    with writing_session() as (session, settings):
        found = _found(session, organisation)
        said = Confirmation(Method.MACHINE, words, tuple(dict.fromkeys(domains)), None, settings.operator_name)
        try:
            confirm(session, found, said, now())
        except NotNowError:
            raise click.ClickException(
                "The name is suspended. An administrator has to lift that first, at their desk."
            ) from None
        except EvidenceError as error:
            raise click.ClickException(str(error)) from None
        deed = Deed(action="names.decide", verb="confirmed", who=by_command("organisations"), organisation_id=found.id)
        record(session, Keys.of(settings), deed, now())
        until = found.name_until
    click.echo(f"The name “{found.name}” is confirmed until {until}.")


def _found(session: Session, typed: str) -> Organisation:
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
