"""`assess check PATH…`: what is wrong with bank files, one line for each problem."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click

from assess.banks.checking import Report, check_path, joined
from assess.banks.remarks import remarks_at
from assess.kit.clock import today as this_day


@click.command
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Check as of this day, for example 2026-11-24. Without it: today.",
)
@click.option("--remarks", is_flag=True, help="Also say what an author may want to look at again. Remarks do not fail.")
def command(paths: tuple[Path, ...], today: datetime | None, *, remarks: bool) -> None:
    """Say what is wrong with bank files.

    PATH is the questionnaires folder, one bank (checked with everything it uses), or any other file of the folder. Each problem is one
    line: file, line, number, what is wrong and how to repair it. Warnings do not fail.
    """
    day: date = today.date() if today else this_day()
    report = joined(check_path(path, day) for path in paths)
    for problem in report.problems:
        click.echo(str(problem))
    for remark in sorted({one for path in paths for one in remarks_at(path)}) if remarks else ():
        click.echo(f"{remark.file}:{remark.line}: {remark.number} remark: {remark.message}")
    if report.errors:
        sys.exit(1)
    click.echo(_all_well(report))


def _all_well(report: Report) -> str:
    files = "1 file" if report.files == 1 else f"{report.files} files"
    warnings = len(report.problems)
    if not warnings:
        return f"No problems in {files}."
    return f"No problems in {files}, but {'1 warning' if warnings == 1 else f'{warnings} warnings'}."
