"""`assess report`: prints the plan of an answers file as PDF, in one of its copies. The file is written whole or not at all."""

from __future__ import annotations

import os
from datetime import date, datetime
from pathlib import Path

import click

from assess.assessments.answers_file import AnswersFileError, read_answers_file
from assess.cli.score import BAD_INPUT, exit_with, known_areas, load_rules
from assess.core import clock
from assess.core.config import Settings
from assess.core.documents.printing import PdfRendererBusyError, PdfRenderError, PdfRendererUnavailableError, render_pdf
from assess.core.fonts import FontsUnavailableError
from assess.engine.assessing import assess
from assess.engine.record import Operator, RecordOrganisation, make_record
from assess.engine.result_json import PurchaseList
from assess.plans.copies import COPIES, Record
from assess.plans.print_html import attached_files, copy_html
from assess.question_banks.files import QUESTIONNAIRES, BankFilesRefusedError

CANNOT_PRINT = 1
BUSY_MESSAGE = "Two plans are being printed on this machine already. Try again in a minute."


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
    help="For whom: the business, the same in large print, its annex, a wall, a buyer, or a coordinator.",
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
    day: date = today.date() if today else clock.today()
    record = _read_record(file, day)
    wanted = next(one for one in COPIES if one == copy)
    try:
        _write_atomically(output, render_pdf(copy_html(record, wanted), attached_files(record, wanted)))
    except PdfRendererBusyError:
        exit_with([BUSY_MESSAGE], CANNOT_PRINT)
    except (PdfRendererUnavailableError, PdfRenderError, FontsUnavailableError) as error:
        exit_with([str(error)], CANNOT_PRINT)
    except (OSError, ValueError) as error:
        exit_with(
            [f"{output}: the file cannot be written: {getattr(error, 'strerror', None) or 'give the name of a file'}."],
            BAD_INPUT,
        )


def _read_record(file: Path, day: date) -> Record:
    try:
        rules = load_rules(QUESTIONNAIRES, day)
        editions = {bank: loaded.edition for bank, loaded in rules.banks.items()}
        read = read_answers_file(file, editions, known_areas(), rules.countries)
    except BankFilesRefusedError as refused:
        exit_with([str(problem) for problem in refused.problems], BAD_INPUT)
    except AnswersFileError as refused:
        exit_with([f"{file}: {error}" for error in refused.errors], BAD_INPUT)
    loaded = rules.banks[read.sector]
    return make_record(
        loaded.edition,
        loaded.ref,
        read.given,
        assess(loaded.edition, read.given, rules.settings, day),
        settings=rules.settings,
        organisation=RecordOrganisation(
            read.name or "Your business", read.area or "other", read.postcode, read.company_number
        ),
        operator=_operator(),
        today=day,
        bought=PurchaseList(read.purchases, rules.reference),
    )


def _operator() -> Operator:
    """Who runs this installation, as far as the environment says."""
    told = Settings(env="development", operator_name=os.environ.get("ASSESS_OPERATOR_NAME", ""))
    return Operator(
        told.operator, os.environ.get("ASSESS_OPERATOR_CONTACT", ""), os.environ.get("ASSESS_OPERATOR_COMPLAINTS", "")
    )


def _write_atomically(output: Path, made: bytes) -> None:
    fresh = output.with_name(f".{output.name}.{os.getpid()}")
    try:
        fresh.write_bytes(made)
        fresh.replace(output)
    finally:
        fresh.unlink(missing_ok=True)
