"""`assess jobs`: the background work that waits, runs or was set aside; `retry` and `forget` decide over what was set aside."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

from assess.cli.configured import writing_session
from assess.kit.audit.keys import Keys
from assess.kit.audit.recording import Deed, by_command, record
from assess.kit.clock import HOME, now
from assess.kit.jobs.left import KeyTakenError, NoSuchJobError, forget, left_to_do, reason_of, try_again
from assess.kit.jobs.models import Job, JobState
from assess.kit.jobs.ticking import worker_seen_at

_WORDS = {JobState.WAITING: "waits", JobState.RUNNING: "runs", JobState.SET_ASIDE: "set aside"}


@click.group(invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List background work, or decide over jobs that were set aside."""
    if context.invoked_subcommand is not None:
        return
    with writing_session() as (session, _settings):
        seen = worker_seen_at(session)
        rows = left_to_do(session)
        for row in rows:
            click.echo(_line(row))
    if not rows:
        click.echo("Nothing waits, nothing runs, nothing was set aside.")
    click.echo(
        f"A worker was last seen {seen.astimezone(HOME):%d %B %Y at %H:%M:%S}." if seen else "No worker was seen yet."
    )


@command.command
@click.argument("number", type=int)
def retry(number: int) -> None:
    """Try job NUMBER again, which was set aside."""
    try:
        with writing_session() as (session, settings):
            try_again(session, number, now())
            _record(session, Keys.of(settings), "tried again")
    except NoSuchJobError:
        raise click.ClickException(f"No job {number} was set aside.") from None
    except KeyTakenError:
        raise click.ClickException(
            f"The same as job {number} was ordered again and is under way. Forget this one."
        ) from None
    click.echo(f"Job {number} waits again.")


@command.command(name="forget")
@click.argument("number", type=int)
def forget_one(number: int) -> None:
    """Remove job NUMBER, which was set aside."""
    try:
        with writing_session() as (session, settings):
            forget(session, number)
            _record(session, Keys.of(settings), "removed")
    except NoSuchJobError:
        raise click.ClickException(f"No job {number} was set aside.") from None
    click.echo(f"Job {number} is forgotten.")


def _line(row: Job) -> str:
    parts = [f"{row.id:>6}  {_WORDS.get(row.state, row.state):<9}  {row.name}"]
    if row.arguments:
        parts.append(" ".join(f"{name}={value}" for name, value in row.arguments.items()))
    if row.total:
        parts.append(f"{row.done} of {row.total}")
    if row.state == JobState.WAITING:
        parts.append(f"due {row.due_at.astimezone(HOME):%d %B at %H:%M:%S}")
    if row.error:
        parts.append(f"begun {row.attempts} times: {reason_of(row)}")
    return ", ".join(parts)


def _record(session: Session, keys: Keys, verb: str) -> None:
    record(session, keys, Deed(action="job.decide", verb=verb, who=by_command("jobs")), now())
