"""`assess audit`, `assess keys` and `assess jobs`: verify the audit log, re-encrypt data, retry or delete failed jobs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import click
from sqlalchemy import inspect
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from assess.cli.configured import configured_database, writing_session
from assess.core import clock
from assess.core.audit import verify as log_verification
from assess.core.audit.services import AuditKeys, NewAuditEvent, append_event, command_actor
from assess.core.clock import UK_ZONE
from assess.core.config import Settings
from assess.core.data_keys import KeyUsage, check_keys, count_key_usage, rotate
from assess.core.db import reading_engine
from assess.core.jobs import services as job_services
from assess.core.jobs.worker import worker_seen_at
from assess.core.migrations import current, head
from assess.core.models import AuditEvent, Job, JobState


@click.group()
def audit_command() -> None:
    """See whether the audit log is whole, or write down where it stands."""


def _parse_gap(words: str) -> tuple[int, date]:
    line, _, day = words.partition(":")
    try:
        return int(line), date.fromisoformat(day)
    except ValueError:
        raise click.BadParameter(f"{words} is not a line and a day, like 5:2026-01-10.") from None


@audit_command.command
@click.option(
    "--anchor",
    "anchors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of anchors kept elsewhere. Without it: the one in the data folder.",
)
@click.option(
    "--known-gap",
    "known_gaps",
    callback=lambda _context, _option, given: [_parse_gap(words) for words in given],
    multiple=True,
    metavar="LINE:DAY",
    help="An anchor before which the service stood still for more than two days, by its line and day, like 5:2026-01-10. "
    "May be given again.",
)
def verify(anchors: Path | None, known_gaps: Sequence[tuple[int, date]]) -> None:
    """Look through the whole log. Exit 1 and the first bad event if anything was changed, added, moved or cut off."""
    with _reading() as (session, settings):
        keys = AuditKeys.of(settings)
        try:
            seen = log_verification.read_anchors(anchors or log_verification.anchors_file(settings), keys)
            whole = log_verification.verify_log(session, keys, seen, clock.now(), known_gaps)
        except (log_verification.InvalidAnchorsError, log_verification.TamperedError) as error:
            raise click.ClickException(f"The audit log is not whole. {error}") from None
    click.echo(f"The audit log is whole: {whole.events} events, {whole.anchors} anchors.")
    for gap in whole.gaps:
        click.echo(f"Known gap before line {gap.line}: no anchor from {gap.since:%d %B %Y} to {gap.until:%d %B %Y}.")
    if not whole.anchors:
        click.echo("There is no anchor yet, so a cut tail could not be seen. Write one: assess audit anchor")


@audit_command.command
def anchor() -> None:
    """Write one anchor now."""
    with _reading() as (session, settings):
        try:
            made = log_verification.write_anchor(
                session, AuditKeys.of(settings), log_verification.anchors_file(settings), clock.now()
            )
        except log_verification.InvalidAnchorsError as error:
            raise click.ClickException(f"Nothing was written. {error}") from None
    click.echo(f"Anchor {made.line}: event {made.head.number}, {made.head.hash}")


@contextmanager
def _reading() -> Iterator[tuple[Session, Settings]]:
    """A session of the configured database that cannot write: looking must not repair anything, not even the tables."""
    with configured_database() as (database, settings), database.reading() as session:
        if not inspect(session.connection()).has_table(AuditEvent.__tablename__):
            raise click.ClickException("This database has no audit log yet. It is made when the site starts.")
        yield session, settings


_NAME = re.compile("[0-9a-f]{8}")


@click.group(invoke_without_command=True)
@click.pass_context
def keys_command(context: click.Context) -> None:
    """Say how many values each data key encrypts. A key is called by eight digits that tell nothing of it."""
    if context.invoked_subcommand is None:
        with _checked_engine() as engine, reading_engine(engine).connect() as connection:
            _print_usage(count_key_usage(connection))


def _print_usage(now: KeyUsage) -> None:
    for name, values in sorted(now.values.items()):
        # what was written past the layer must not be shown
        called = name if _NAME.fullmatch(name) else "not encrypted"
        click.echo(f"{called}: {values} values{', the current key' if name == now.current else ''}")
    if now.current not in now.values:
        click.echo(f"{now.current}: 0 values, the current key")


@contextmanager
def _checked_engine() -> Iterator[Engine]:
    with configured_database() as (database, _settings):
        if current(database.engine) != head():
            raise click.ClickException("The tables are of another release. Start the site first.")
        check_keys(database.engine)
        yield database.engine


@keys_command.command("rotate")
def rotate_command() -> None:
    """Encrypt everything anew with the current data key.

    Set the new key as ASSESS_DATA_KEY and the one before as ASSESS_DATA_KEY_OLD, start every process of the site again, and then run this. The
    site goes on meanwhile. It can be stopped and run again at any time.
    """
    with _checked_engine() as engine:
        after = rotate(engine, lambda table, values: click.echo(f"{table}: {values} encrypted anew"))
    _print_usage(after)
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


_STATE_LABELS = {JobState.WAITING: "waits", JobState.RUNNING: "runs", JobState.FAILED: "failed"}


@click.group(invoke_without_command=True)
@click.pass_context
def jobs_command(context: click.Context) -> None:
    """List background work, or decide over jobs that were set aside."""
    if context.invoked_subcommand is not None:
        return
    with writing_session() as (session, _settings):
        seen = worker_seen_at(session)
        rows = job_services.unfinished_jobs(session)
        for row in rows:
            click.echo(_job_line(row))
    if not rows:
        click.echo("Nothing waits, nothing runs, nothing failed.")
    click.echo(
        f"A worker was last seen {seen.astimezone(UK_ZONE):%d %B %Y at %H:%M:%S}."
        if seen
        else "No worker was seen yet."
    )


def _job_line(row: Job) -> str:
    parts = [f"{row.id:>6}  {_STATE_LABELS.get(row.state, row.state):<9}  {row.name}"]
    if row.arguments:
        parts.append(" ".join(f"{name}={value}" for name, value in row.arguments.items()))
    if row.total:
        parts.append(f"{row.done} of {row.total}")
    if row.state == JobState.WAITING:
        parts.append(f"due {row.due_at.astimezone(UK_ZONE):%d %B at %H:%M:%S}")
    if row.error:
        parts.append(f"begun {row.attempts} times: {job_services.failure_reason(row)}")
    return ", ".join(parts)


@jobs_command.command
@click.argument("number", type=int)
def retry(number: int) -> None:
    """Try job NUMBER again, which was set aside."""
    try:
        with writing_session() as (session, settings):
            job_services.retry_job(session, number, clock.now())
            _append_event(session, AuditKeys.of(settings), "tried again")
    except job_services.NoSuchJobError:
        raise click.ClickException(f"There is no failed job {number}.") from None
    except job_services.DuplicateJobError:
        raise click.ClickException(
            f"The same as job {number} was ordered again and is under way. Forget this one."
        ) from None
    click.echo(f"Job {number} waits again.")


@jobs_command.command(name="forget")
@click.argument("number", type=int)
def forget_failed(number: int) -> None:
    """Remove job NUMBER, which was set aside."""
    try:
        with writing_session() as (session, settings):
            job_services.delete_failed_job(session, number)
            _append_event(session, AuditKeys.of(settings), "removed")
    except job_services.NoSuchJobError:
        raise click.ClickException(f"There is no failed job {number}.") from None
    click.echo(f"Job {number} is forgotten.")


def _append_event(session: Session, keys: AuditKeys, verb: str) -> None:
    append_event(session, keys, NewAuditEvent(action="job.decide", verb=verb, who=command_actor("jobs")), clock.now())
