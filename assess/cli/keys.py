"""`assess keys`: which keys the data is encrypted with. `assess keys rotate`: encrypt it anew with the current one, while the site is served."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.engine import Engine

from assess.cli.configured import configured_database
from assess.kit.data_keys import Standing, rotate, see_keys, standing
from assess.kit.engines import reading_engine
from assess.kit.migrations import current, head

_NAME = re.compile("[0-9a-f]{8}")


@click.group(invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Say how many values each data key encrypts. A key is called by eight digits that tell nothing of it."""
    if context.invoked_subcommand is None:
        with _engine() as engine, reading_engine(engine).connect() as connection:
            _say(standing(connection))


@command.command("rotate")
def rotate_command() -> None:
    """Encrypt everything anew with the current data key.

    Set the new key as ASSESS_DATA_KEY and the one before as ASSESS_DATA_KEY_OLD, start every process of the site again, and then run this. The
    site goes on meanwhile. It can be stopped and run again at any time.
    """
    with _engine() as engine:
        after = rotate(engine, lambda table, values: click.echo(f"{table}: {values} encrypted anew"))
    _say(after)
    for value in after.damaged:
        click.echo(value, err=True)
    if after.damaged:
        raise click.ClickException(
            f"{len(after.damaged)} values cannot be decrypted and were left as they are; all others were encrypted anew. Take "
            "these rows from a backup or delete them, and run this once more. Until then, remove no earlier key."
        )
    if after.older:
        raise click.ClickException(
            "Some process still writes with an older key. Start it again, and run this once more."
        )
    click.echo("Earlier keys may be removed from ASSESS_DATA_KEY_OLD. Backups made before today still need them.")


def _say(now: Standing) -> None:
    for name, values in sorted(now.values.items()):
        # what was written past the layer must not be shown
        called = name if _NAME.fullmatch(name) else "not encrypted"
        click.echo(f"{called}: {values} values{', the current key' if name == now.current else ''}")
    if now.current not in now.values:
        click.echo(f"{now.current}: 0 values, the current key")


@contextmanager
def _engine() -> Iterator[Engine]:
    with configured_database() as (database, _settings):
        if current(database.engine) != head():
            raise click.ClickException("The tables are of another release. Start the site first.")
        see_keys(database.engine)
        yield database.engine
