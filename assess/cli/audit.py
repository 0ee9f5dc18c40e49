"""`assess audit`: see whether the audit log is whole, and write down where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from assess.cli.configured import configured_database
from assess.kit.audit.anchoring import AnchorsUnfitError, anchors_file, read_anchors
from assess.kit.audit.anchoring import anchor as write_anchor
from assess.kit.audit.keys import Keys
from assess.kit.audit.models import AuditEvent
from assess.kit.audit.verifying import TamperedError
from assess.kit.audit.verifying import verify as verify_log
from assess.kit.clock import now
from assess.kit.config import Settings


@click.group()
def command() -> None:
    """See whether the audit log is whole, or write down where it stands."""


@command.command
@click.option(
    "--anchor",
    "anchors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of anchors kept elsewhere. Without it: the one in the data folder.",
)
@click.option(
    "--known-gap",
    "known_gaps",
    callback=lambda _context, _option, given: [_gap_of(words) for words in given],
    multiple=True,
    metavar="LINE:DAY",
    help="An anchor before which the service stood still for more than two days, by its line and day, like 5:2026-01-10. "
    "May be given again.",
)
def verify(anchors: Path | None, known_gaps: Sequence[tuple[int, date]]) -> None:
    """Look through the whole log. Exit 1 and the first bad event if anything was changed, added, moved or cut off."""
    with _reading() as (session, settings):
        keys = Keys.of(settings)
        try:
            seen = read_anchors(anchors or anchors_file(settings), keys)
            whole = verify_log(session, keys, seen, now(), known_gaps)
        except (AnchorsUnfitError, TamperedError) as error:
            raise click.ClickException(f"The audit log is not whole. {error}") from None
    click.echo(f"The audit log is whole: {whole.events} events, {whole.anchors} anchors.")
    for gap in whole.gaps:
        click.echo(f"Known gap before line {gap.line}: no anchor from {gap.since:%d %B %Y} to {gap.until:%d %B %Y}.")
    if not whole.anchors:
        click.echo("There is no anchor yet, so a cut tail could not be seen. Write one: assess audit anchor")


@command.command
def anchor() -> None:
    """Write one anchor now."""
    with _reading() as (session, settings):
        try:
            made = write_anchor(session, Keys.of(settings), anchors_file(settings), now())
        except AnchorsUnfitError as error:
            raise click.ClickException(f"Nothing was written. {error}") from None
    click.echo(f"Anchor {made.line}: event {made.head.number}, {made.head.hash}")


def _gap_of(words: str) -> tuple[int, date]:
    line, _, day = words.partition(":")
    try:
        return int(line), date.fromisoformat(day)
    except ValueError:
        raise click.BadParameter(f"{words} is not a line and a day, like 5:2026-01-10.") from None


@contextmanager
def _reading() -> Iterator[tuple[Session, Settings]]:
    """A session of the configured database that cannot write: looking must not mend anything, not even the tables."""
    with configured_database() as (database, settings), database.reading() as session:
        if not inspect(session.connection()).has_table(AuditEvent.__tablename__):
            raise click.ClickException("This database has no audit log yet. It is made when the site starts.")
        yield session, settings
