"""`assess banks`: publish or withdraw editions, write the banks in force to files, take files into a draft, and say how files look."""

from __future__ import annotations

import json
import sys
import uuid
from pathlib import Path
from typing import NoReturn

import click
from sqlalchemy.orm import Session

from assess.banks.drafts import on_disk
from assess.banks.drafts.keeping import DraftError
from assess.banks.drafts.models import LONGEST_TITLE
from assess.banks.editions import EditionUnknownError
from assess.banks.editions import withdraw as withdraw_edition
from assess.banks.json_schema import json_schema
from assess.banks.sheets import RefusedError, reason
from assess.banks.starting import take_over
from assess.cli.configured import writing_session
from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_command, record
from assess.kit.clock import now
from assess.people.accounts.people import find_person
from assess.people.models import Desk


@click.group
def command() -> None:
    """Publish banks to the database, withdraw an edition, pull the banks to files, push files into a draft, or print how files look."""


@command.command
def publish() -> None:
    """Make a new edition of every bank that changed and has no problems."""
    try:
        with writing_session() as (session, settings):
            taken = take_over(session, now())
            done = taken.banks
            if done.published:
                _record(session, Keys.of(settings), "published", len(done.published))
    except RefusedError as refused:
        _refuse(refused)
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
            withdraw_edition(session, bank, number, now())
            _record(session, Keys.of(settings), "ended", 1)
    except EditionUnknownError:
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
            done = on_disk.pull(session, folder, force=force)
    except DraftError as refused:
        raise click.ClickException(str(refused)) from None
    except RefusedError as refused:
        _refuse(refused)
    except OSError as fault:
        raise click.ClickException(f"{folder} cannot be written ({reason(fault)}).") from None
    for verb, names in (("Wrote", done.written), ("Took off", done.removed), ("Left, though not in force,", done.left)):
        for name in names:
            click.echo(f"{verb} {name}.")
    if not (done.written or done.removed):
        click.echo("Nothing to write: the files are those in force.")


@command.command
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--title", required=True, help="What the draft is called.")
@click.option("--by", "email", required=True, help="The e-mail address of the coordinator whose draft it is.")
def push(folder: Path, title: str, email: str) -> None:
    """Begin a draft with the files of FOLDER that differ from the banks in force. It is reviewed and published in the browser."""
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE:
        raise click.BadParameter(f"Write a title of at most {LONGEST_TITLE} characters.", param_hint="--title")
    try:
        on_disk.see_readable(folder)
        with writing_session() as (session, settings):
            draft, names = on_disk.push(session, folder, title, _coordinator(session, email), now())
            if draft is not None:
                _record(session, Keys.of(settings), "begun", len(names), action="banks.edit")
    except DraftError as refused:
        raise click.ClickException(str(refused)) from None
    except RefusedError as refused:
        _refuse(refused)
    if draft is None:
        click.echo("Nothing to push: the files are those in force.")
        return
    click.echo(f"Began the draft “{title}” with {', '.join(names)}.")


def _coordinator(session: Session, email: str) -> uuid.UUID:
    person = find_person(session, email.strip().lower())
    if person is None or person.desk is not Desk.COORDINATOR or person.disabled_at is not None:
        raise click.BadParameter("No coordinator has this e-mail address.", param_hint="--by")
    return person.id


def _refuse(refused: RefusedError) -> NoReturn:
    for problem in refused.problems:
        click.echo(str(problem), err=True)
    sys.exit(1)


@command.command
def schema() -> None:
    """Print a JSON Schema of the files, for text editors that mark mistakes while you type."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def _record(session: Session, keys: Keys, verb: str, count: int, *, action: str = "bank.edition") -> None:
    """Which edition it was stands in the history of editions; the audit log says that somebody did it."""
    deed = Deed(action=action, verb=verb, who=by_command("banks"), details={"count": count})
    record(session, keys, deed, now())
