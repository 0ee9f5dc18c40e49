"""`assess report FILE -o plan.pdf`: the plan of one answers file as a PDF, in one of its copies.

The file is written whole or not at all. A fault in the answers is said on the other stream, one sentence a line, and the
command ends with 2; it ends with 1 when the answers are sound and the machine cannot print.
"""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

import click

from assess.assessments.answers_file import AnswersFile, AnswersFileError, read_answers_file
from assess.banks.folder import QUESTIONNAIRES
from assess.banks.sheets import RefusedError
from assess.cli.score import BAD_INPUT, Rules, known_areas, rules_on
from assess.engine.assessing import assess
from assess.engine.purchase_data import Bought
from assess.engine.record import Operator, Organisation, make_record
from assess.kit.clock import today as this_day
from assess.kit.config import Settings
from assess.plans.copies import COPIES, Record
from assess.plans.printing.fonts import FontsUnavailableError
from assess.plans.printing.render import PressBusyError, PressUnfitError, PrintingFailedError, render

CANNOT_PRINT = 1
NOBODY = "Your business"
"""What a plan calls a business whose file gives no name."""
ELSEWHERE = "other"
BUSY = "Two plans are being printed on this machine already. Try again in a minute."


@click.command
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="PLAN.PDF",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write the PDF.",
)
@click.option(
    "--copy",
    type=click.Choice(COPIES),
    default="business",
    show_default=True,
    help="For whom: the business, the same in large print, a wall, a buyer, or a coordinator.",
)
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Date the plan as of this day, for example 2026-11-24. Without it: today.",
)
def command(file: Path, output: Path, copy: str, today: datetime | None) -> None:
    """Print the plan of an answers file as a PDF.

    FILE is one business in JSON or YAML.
    """
    day: date = today.date() if today else this_day()
    record = _record_of(file, day)
    wanted = next(one for one in COPIES if one == copy)
    try:
        made = render(record, wanted)
        _write_whole(output, made)
    except PressBusyError:
        _stop([BUSY], CANNOT_PRINT)
    except (PressUnfitError, PrintingFailedError, FontsUnavailableError) as error:
        _stop([str(error)], CANNOT_PRINT)
    except (OSError, ValueError) as error:
        _stop(
            [f"{output}: the file cannot be written: {getattr(error, 'strerror', None) or 'give the name of a file'}."],
            BAD_INPUT,
        )


def _record_of(file: Path, day: date) -> Record:
    try:
        rules = rules_on(QUESTIONNAIRES, day)
        editions = {bank: loaded.edition for bank, loaded in rules.banks.items()}
        read = read_answers_file(file, editions, known_areas(), rules.countries)
    except RefusedError as refused:
        _stop([str(problem) for problem in refused.problems], BAD_INPUT)
    except AnswersFileError as refused:
        _stop([f"{file}: {fault}" for fault in refused.faults], BAD_INPUT)
    return recorded(read, rules, day)


def recorded(read: AnswersFile, rules: Rules, day: date) -> Record:
    """The record of an answers file as if it were submitted on this day."""
    loaded = rules.banks[read.sector]
    return make_record(
        loaded.edition,
        loaded.ref,
        read.given,
        assess(loaded.edition, read.given, rules.settings, day),
        rules.settings,
        Organisation(read.name or NOBODY, read.area or ELSEWHERE, read.postcode, read.company_number),
        _operator(),
        day,
        Bought(read.purchases, rules.reference),
    )


def _operator() -> Operator:
    """Who runs this installation, as far as the environment says."""
    name = os.environ.get("ASSESS_OPERATOR_NAME", "")
    told = Settings(env="development", operator_name=name)
    contact = os.environ.get("ASSESS_OPERATOR_CONTACT", "")
    return Operator(told.operator, contact, os.environ.get("ASSESS_OPERATOR_COMPLAINTS", ""))


def _write_whole(output: Path, made: bytes) -> None:
    fresh = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        fresh.write_bytes(made)
        fresh.replace(output)
    finally:
        fresh.unlink(missing_ok=True)


def _stop(sentences: list[str], code: int) -> NoReturn:
    for sentence in sentences:
        click.echo(sentence, err=True)
    sys.exit(code)
