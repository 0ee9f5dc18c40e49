"""`assess score FILE…`: the result of each answers file as one line of JSON, as decisions.md 5 lists it.

This is the coordinator's view: it names signs. A fault in a file is said on the other stream, one sentence a line, and the
command ends with 2; the files that are sound are scored all the same.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from assess.assessments.answers_file import AnswersFile, AnswersFileError, read_answers_file
from assess.banks.folder import QUESTIONNAIRES
from assess.banks.reader import LoadedEdition, bank_names, load_bank
from assess.banks.reference import reference_on
from assess.banks.settings import settings_on
from assess.banks.sheets import RefusedError
from assess.engine.assessing import assess
from assess.engine.exported import result_as_data
from assess.engine.purchase_data import Bought, purchases_as_data
from assess.engine.reference import Reference
from assess.engine.settings import DatedSettings
from assess.kit.clock import today as this_day
from assess.kit.config import Settings

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
def command(files: tuple[Path, ...], today: datetime | None) -> None:
    """Score answers files.

    FILE is one business in JSON or YAML. One line of JSON is printed for each file.
    """
    day: date = today.date() if today else this_day()
    rules = _rules_of(day)
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


def rules_on(folder: Path, day: date) -> Rules:
    """Banks, settings and reference of a folder as they stand on this day.

    Raises:
        RefusedError: when a file is broken, or a setting has no value yet.
    """
    banks = {bank: load_bank(folder, bank) for bank in bank_names(folder)}
    return Rules(banks, settings_on(folder, day), reference_on(folder, day))


def _rules_of(day: date) -> Rules:
    """The rules of this day; otherwise the end, with what is wrong."""
    try:
        return rules_on(QUESTIONNAIRES, day)
    except RefusedError as refused:
        if all(problem.number == NO_VALUE_YET for problem in refused.problems):
            click.echo(f"No wage is known for {day.isoformat()}: choose a later day.", err=True)
        else:
            for problem in refused.problems:
                click.echo(str(problem), err=True)
        sys.exit(BAD_INPUT)


def _score_one(file: Path, rules: Rules, day: date) -> bool:
    editions = {bank: loaded.edition for bank, loaded in rules.banks.items()}
    try:
        read = read_answers_file(file, editions, known_areas(), rules.countries)
    except AnswersFileError as refused:
        for fault in refused.faults:
            click.echo(f"{file}: {fault}", err=True)
        return False
    click.echo(json.dumps(scored(read, rules, day), ensure_ascii=False, allow_nan=False))
    return True


def scored(read: AnswersFile, rules: Rules, day: date) -> dict[str, object]:
    """The result of an answers file as data, actions, duties and purchases included."""
    loaded = rules.banks[read.sector]
    assessed = assess(loaded.edition, read.given, rules.settings, day)
    texts = rules.settings.texts_in(read.area or known_areas()[0])
    result = result_as_data(assessed.result, assessed.plan, assessed.duties, loaded.ref, texts)
    return {**result, "purchases": purchases_as_data(Bought(read.purchases, rules.reference))}


def known_areas() -> tuple[str, ...]:
    """The areas this installation serves."""
    named = tuple(area.strip() for area in os.environ.get("ASSESS_AREAS", "").split(",") if area.strip())
    return named or Settings(env="development").areas
