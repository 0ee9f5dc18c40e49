"""`assess banks`: publish, withdraw, pull and push question banks, print their JSON Schema."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy.orm import Session

from assess.cli.configured import writing_session
from assess.core import clock
from assess.core.audit.services import AuditKeys, NewAuditEvent, append_event, command_actor
from assess.core.edit_conflicts import NotSavedError
from assess.core.forms.fields import TextField
from assess.identity.accounts.services import AccountEmailField, find_person
from assess.identity.models import StaffRole
from assess.question_banks import folder_sync
from assess.question_banks.editions import EditionNotFoundError, seed_and_publish
from assess.question_banks.editions import withdraw_published as withdraw_edition
from assess.question_banks.files import BankFilesRefusedError, os_error_reason
from assess.question_banks.json_schema import json_schema
from assess.question_banks.models import LONGEST_DRAFT_TITLE


@click.group
def command() -> None:
    """Publish banks to the database, withdraw an edition, pull the banks to files, push files into a draft, or print how files look."""


@command.command
def publish() -> None:
    """Make a new edition of every bank that changed and has no problems."""
    try:
        with writing_session() as (session, settings):
            taken = seed_and_publish(session, clock.now())
            done = taken.banks
            if done.published:
                _append_event(session, AuditKeys.of(settings), "published", len(done.published))
    except BankFilesRefusedError as refused:
        _exit_with_problems(refused)
    for name in taken.files.kept:
        click.echo(f"Kept {name} as it was changed here; the file beside the code says something else.", err=True)
    for made in done.published:
        click.echo(f"Published {made.bank}, edition {made.number} ({made.digest[:12]}).")
    for bank, problems in done.refused.items():
        click.echo(f"Refused {bank}; its latest edition stays.", err=True)
        for problem in problems:
            click.echo(str(problem), err=True)
    if done.refused:
        sys.exit(1)
    if not done.published:
        click.echo("Nothing to publish: every bank is as its latest edition.")


@command.command
@click.argument("bank")
@click.argument("number", type=click.IntRange(min=1))
def withdraw(bank: str, number: int) -> None:
    """Let no new assessment start with edition NUMBER of BANK. Those under way keep it."""
    try:
        with writing_session() as (session, settings):
            withdraw_edition(session, bank, number, clock.now())
            _append_event(session, AuditKeys.of(settings), "ended", 1)
    except EditionNotFoundError:
        raise click.ClickException(f"There is no edition {number} of “{bank}”.") from None
    click.echo(f"Withdrew {bank}, edition {number}.")


@command.command
@click.option(
    "--into",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("questionnaires"),
    show_default=True,
)
@click.option("--force", is_flag=True, help="Write over files that were changed in the folder.")
def pull(folder: Path, force: bool) -> None:  # noqa: FBT001  # a flag of the command line
    """Write the banks in force to files, for a pull request. Only files that differ are touched."""
    try:
        with writing_session() as (session, _settings):
            done = folder_sync.pull(session, folder, force=force)
    except NotSavedError as refused:
        raise click.ClickException(str(refused)) from None
    except BankFilesRefusedError as refused:
        _exit_with_problems(refused)
    except OSError as fault:
        raise click.ClickException(f"{folder} cannot be written ({os_error_reason(fault)}).") from None
    for verb, names in (("Wrote", done.written), ("Took off", done.removed), ("Left, though not in force,", done.left)):
        for name in names:
            click.echo(f"{verb} {name}.")
    if not (done.written or done.removed):
        click.echo("Nothing to write: the files are those in force.")


@command.command
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--title", required=True, help="What the draft is called.")
@click.option("--by", "email", required=True, help="The email address of the coordinator whose draft it is.")
def push(folder: Path, title: str, email: str) -> None:
    """Begin a draft with the files of FOLDER that differ from the banks in force. It is reviewed and published in the browser."""
    title, error = TextField(LONGEST_DRAFT_TITLE, required="Write a title.").read(title)
    if error:
        raise click.BadParameter(error, param_hint="--title")
    try:
        folder_sync.require_readable(folder)
        with writing_session() as (session, settings):
            person = find_person(session, AccountEmailField().read(email)[0])
            if person is None or person.desk is not StaffRole.COORDINATOR or person.disabled_at is not None:
                raise click.BadParameter("No coordinator has this email address.", param_hint="--by")
            draft, names = folder_sync.push(session, folder, title, person.id, clock.now())
            if draft is not None:
                _append_event(session, AuditKeys.of(settings), "begun", len(names), action="banks.edit")
    except NotSavedError as refused:
        raise click.ClickException(str(refused)) from None
    except BankFilesRefusedError as refused:
        _exit_with_problems(refused)
    if draft is None:
        click.echo("Nothing to push: the files are those in force.")
        return
    click.echo(f"Began the draft “{title}” with {', '.join(names)}.")


def _exit_with_problems(refused: BankFilesRefusedError) -> NoReturn:
    for problem in refused.problems:
        click.echo(str(problem), err=True)
    sys.exit(1)


@command.command
def schema() -> None:
    """Print a JSON Schema of the files, for text editors that mark mistakes while you type."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def _append_event(session: Session, keys: AuditKeys, verb: str, count: int, *, action: str = "bank.edition") -> None:
    """Which edition it was stands in the history of editions; the audit log says that it was done."""
    event = NewAuditEvent(action=action, verb=verb, who=command_actor("banks"), details={"count": count})
    append_event(session, keys, event, clock.now())
