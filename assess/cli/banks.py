"""`assess banks publish` and `assess banks withdraw`: which editions of the banks a database offers. `assess banks schema`: how files look."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from assess.banks.editions import EditionUnknownError
from assess.banks.editions import withdraw as withdraw_edition
from assess.banks.json_schema import json_schema
from assess.banks.sheets import RefusedError
from assess.banks.starting import take_over
from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_command, record
from assess.kit.clock import now
from assess.kit.config import BadSettingsError, read_settings
from assess.kit.db import Database
from assess.kit.migrations import upgrade_to_head


@click.group
def command() -> None:
    """Publish banks to the database, withdraw an edition, or print how files look."""


@command.command
def publish() -> None:
    """Make a new edition of every bank that changed and has no problems."""
    try:
        with _writing() as (session, keys):
            taken = take_over(session, now())
            done = taken.banks
            if done.published:
                _record(session, keys, "published", len(done.published))
    except RefusedError as refused:
        for problem in refused.problems:
            click.echo(str(problem), err=True)
        sys.exit(1)
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
        with _writing() as (session, keys):
            withdraw_edition(session, bank, number, now())
            _record(session, keys, "ended", 1)
    except EditionUnknownError:
        raise click.ClickException(f"There is no edition {number} of “{bank}”.") from None
    click.echo(f"Withdrew {bank}, edition {number}.")


@command.command
def schema() -> None:
    """Print a JSON Schema of the files, for text editors that mark mistakes while you type."""
    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def _record(session: Session, keys: Keys, verb: str, count: int) -> None:
    """Which edition it was stands in the history of editions; the audit log says that somebody did it."""
    deed = Deed(action="bank.edition", verb=verb, who=by_command("banks"), details={"count": count})
    record(session, keys, deed, now())


@contextmanager
def _writing() -> Iterator[tuple[Session, Keys]]:
    """A session of the configured database, its tables brought up to date first, and the keys of its audit log."""
    try:
        settings = read_settings(os.environ)
    except BadSettingsError as error:
        raise click.ClickException("The settings do not hold together.\n" + "\n".join(error.faults)) from error
    database = Database(settings.database)
    try:
        upgrade_to_head(database.engine)
        with database.writing() as session:
            yield session, Keys.of(settings)
    finally:
        database.close()
