"""Settings and database for commands, read from the environment."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

import assess.models  # noqa: F401  # foreign keys name tables of all packages
from assess.core.config import BadSettingsError, Settings, read_settings
from assess.core.db import Database
from assess.core.migrations import upgrade_to_head


def settings_for(environ: Mapping[str, str], port: int | None) -> Settings:
    """The settings of this environment, with the port of the command line. Raises `click.ClickException` with all that has to be repaired."""
    try:
        settings = read_settings(environ)
        return settings if port is None else dataclasses.replace(settings, port=port)
    except BadSettingsError as error:
        raise click.ClickException("The settings do not hold together.\n" + "\n".join(error.errors)) from error


@contextmanager
def configured_database() -> Iterator[tuple[Database, Settings]]:
    """The database as it is, with the settings; closed at the end. Raises `click.ClickException` when the settings do not hold together."""
    settings = settings_for(os.environ, None)
    database = Database(settings.database, settings.data_keys)
    try:
        yield database, settings
    finally:
        database.close()


@contextmanager
def writing_session() -> Iterator[tuple[Session, Settings]]:
    """A session that may write, its tables brought up to date first, and the settings."""
    from assess.subscriptions import install  # noqa: PLC0415  # it reads every package, which a command that only looks can spare

    install()
    with configured_database() as (database, settings):
        upgrade_to_head(database.engine)
        with database.writing() as session:
            yield session, settings
