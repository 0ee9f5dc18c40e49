"""`assess check` and `assess score`: check bank files, score answers files as JSON lines. The score output is the coordinator's view and names signs."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NoReturn

import click

from assess.assessments.answers_file import AnswersFile, AnswersFileError, read_answers_file
from assess.core import clock
from assess.core.config import Settings
from assess.engine.assessing import assess
from assess.engine.reference import Reference
from assess.engine.result_json import PurchaseList, purchases_as_data, result_as_data
from assess.engine.settings import DatedSettings
from assess.question_banks.files import QUESTIONNAIRES, BankFilesRefusedError, read_folder
from assess.question_banks.reader import LoadedEdition, load_bank
from assess.question_banks.reference import reference_from
from assess.question_banks.settings import settings_from
from assess.question_banks.validation import CheckReport, check_path, join_reports, remarks_on_path


@click.command
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Check as of this day, for example 2026-11-24. Without it: today.",
)
@click.option("--remarks", is_flag=True, help="Also say what an author may want to look at again. Remarks do not fail.")
def check_command(paths: tuple[Path, ...], today: datetime | None, *, remarks: bool) -> None:
    """Say what is wrong with bank files.

    PATH is the questionnaires folder, one bank (checked with everything it uses), or any other file of the folder. Each problem is one
    line: file, line, number, what is wrong and how to repair it. Warnings do not fail.
    """
    day: date = today.date() if today else clock.today()
    report = join_reports(check_path(path, day) for path in paths)
    for problem in report.problems:
        click.echo(str(problem))
    for remark in sorted({one for path in paths for one in remarks_on_path(path)}) if remarks else ():
        click.echo(f"{remark.file}:{remark.line}: {remark.number} remark: {remark.message}")
    if report.errors:
        sys.exit(1)
    click.echo(_success_message(report))


def _success_message(report: CheckReport) -> str:
    files = "1 file" if report.files == 1 else f"{report.files} files"
    warnings = len(report.problems)
    if not warnings:
        return f"No problems in {files}."
    return f"No problems in {files}, but {'1 warning' if warnings == 1 else f'{warnings} warnings'}."


BAD_INPUT = 2
NO_VALUE_YET = "BANK075"
"""The number of the problem that a setting has no value on a day."""


@click.command
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="Score as of this day, for example 2026-11-24. Without it: today.",
)
def score_command(files: tuple[Path, ...], today: datetime | None) -> None:
    """Score answers files.

    FILE is one business in JSON or YAML. One line of JSON is printed for each file.
    """
    day: date = today.date() if today else clock.today()
    rules = _load_rules_or_exit(day)
    sound = [_score_one(file, rules, day) for file in files]
    if not all(sound):
        sys.exit(BAD_INPUT)


@dataclass(frozen=True, slots=True)
class Rules:
    """All that answers are held against on one day."""

    banks: Mapping[str, LoadedEdition]
    settings: DatedSettings
    reference: Reference

    @property
    def countries(self) -> dict[str, str]:
        """The names of countries by two letters."""
        return {code: country.name for code, country in self.reference.countries.items()}


def load_rules(folder: Path, day: date) -> Rules:
    """Banks, settings and reference of a folder as they stand on this day.

    Raises `BankFilesRefusedError` when a file is broken, or a setting has no value yet.
    """
    files = read_folder(folder)
    banks = {bank: load_bank(files, bank) for bank in files.banks()}
    return Rules(banks, settings_from(files, day), reference_from(files, day))


def _load_rules_or_exit(day: date) -> Rules:
    """The rules of this day; otherwise the end, with what is wrong."""
    try:
        return load_rules(QUESTIONNAIRES, day)
    except BankFilesRefusedError as refused:
        if all(problem.number == NO_VALUE_YET for problem in refused.problems):
            exit_with([f"No wage is known for {day.isoformat()}: choose a later day."], BAD_INPUT)
        exit_with([str(problem) for problem in refused.problems], BAD_INPUT)


def exit_with(sentences: Sequence[str], code: int) -> NoReturn:
    for sentence in sentences:
        click.echo(sentence, err=True)
    sys.exit(code)


def _score_one(file: Path, rules: Rules, day: date) -> bool:
    editions = {bank: loaded.edition for bank, loaded in rules.banks.items()}
    try:
        read = read_answers_file(file, editions, known_areas(), rules.countries)
    except AnswersFileError as refused:
        for error in refused.errors:
            click.echo(f"{file}: {error}", err=True)
        return False
    click.echo(json.dumps(score_answers(read, rules, day), ensure_ascii=False, allow_nan=False))
    return True


def score_answers(read: AnswersFile, rules: Rules, day: date) -> dict[str, object]:
    """The result of an answers file as data, actions, duties and purchases included."""
    loaded = rules.banks[read.sector]
    assessed = assess(loaded.edition, read.given, rules.settings, day)
    texts = rules.settings.texts_in(read.area or known_areas()[0])
    result = result_as_data(assessed.result, assessed.plan, assessed.duties, loaded.ref, texts)
    return {**result, "purchases": purchases_as_data(PurchaseList(read.purchases, rules.reference))}


def known_areas() -> tuple[str, ...]:
    named = tuple(area.strip() for area in os.environ.get("ASSESS_AREAS", "").split(",") if area.strip())
    return named or Settings(env="development").areas
