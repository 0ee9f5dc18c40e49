"""`assess banks publish` and `assess banks withdraw`: which editions of the banks a database offers."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from assess.banks.editions import EditionUnknownError, publish_changed
from assess.banks.editions import withdraw as withdraw_edition
from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import RefusedError
from assess.kit.clock import now
from assess.kit.config import BadSettingsError, read_settings
from assess.kit.db import Database
from assess.kit.migrations import upgrade_to_head


@click.group
def command() -> None:
    """Publish banks to the database, or withdraw an edition."""


@command.command
def publish() -> None:
    """Make a new edition of every bank that changed and has no problems."""
    try:
        with _writing() as session:
            done = publish_changed(session, QUESTIONNAIRES, now())
    except RefusedError as refused:
        for problem in refused.problems:
            click.echo(str(problem), err=True)
        sys.exit(1)
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
        with _writing() as session:
            withdraw_edition(session, bank, number, now())
    except EditionUnknownError:
        raise click.ClickException(f"There is no edition {number} of “{bank}”.") from None
    click.echo(f"Withdrew {bank}, edition {number}.")


@contextmanager
def _writing() -> Iterator[Session]:
    """A session of the configured database, its tables brought up to date first."""
    try:
        settings = read_settings(os.environ)
    except BadSettingsError as error:
        raise click.ClickException("The settings do not hold together.\n" + "\n".join(error.faults)) from error
    database = Database(settings.database)
    try:
        upgrade_to_head(database.engine)
        with database.writing() as session:
            yield session
    finally:
        database.close()
