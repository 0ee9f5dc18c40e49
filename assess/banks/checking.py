"""Everything that is wrong with a bank, a file or a whole folder, file by file and line by line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from assess.banks.contracts import check_contracts
from assess.banks.papers_check import check_papers
from assess.banks.reader import Compiled, compile_from
from assess.banks.reference_check import check_reference
from assess.banks.settings import settings_from
from assess.banks.settings_check import check_settings
from assess.banks.sheets import (
    ENDINGS,
    REFERENCE,
    SUBFOLDERS,
    Found,
    RefusedError,
    Sheet,
    Shelf,
    content_of,
    found,
    is_table,
    read_folder,
    reason,
)
from assess.engine.bank import Edition, Question
from assess.engine.checker import check_edition, check_examples
from assess.engine.document import read_edition
from assess.engine.faults_in_duties import faults_in_fact_sources, faults_in_sectors
from assess.engine.problems import Problem
from assess.engine.settings import DatedSettings


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at and what was found there, sorted by file and line."""

    problems: tuple[Found, ...]
    files: int

    @property
    def errors(self) -> tuple[Found, ...]:
        """The problems that refuse; the others are warnings."""
        return tuple(one for one in self.problems if not one.warning)


@dataclass(frozen=True, slots=True)
class CheckedBank:
    """One bank, compiled if that was possible, with all its problems."""

    compiled: Compiled | None
    edition: Edition | None
    problems: tuple[Found, ...]

    @property
    def errors(self) -> tuple[Found, ...]:
        """The problems that refuse; the others are warnings."""
        return tuple(one for one in self.problems if not one.warning)


def check_bank(shelf: Shelf, bank: str, settings: DatedSettings | None) -> CheckedBank:
    """One bank with everything it rests on. Without settings, gaps in texts and worked examples are not judged."""
    try:
        compiled = compile_from(shelf, bank)
    except RefusedError as refused:
        return CheckedBank(None, None, refused.problems)
    edition = read_edition(compiled.document)
    problems = check_edition(edition, settings)
    if settings is not None and all(problem.warning for problem in problems):
        problems += check_examples(edition, compiled.examples, settings)
    places = compiled.places
    return CheckedBank(compiled, edition, tuple(sorted({found(*places.at(one.place), one) for one in problems})))


def known_settings(shelf: Shelf, today: date) -> DatedSettings | None:
    """The settings of this day, None when they cannot be used."""
    try:
        return settings_from(shelf, today)
    except RefusedError:
        return None


def check_shelf(shelf: Shelf, today: date) -> Report:
    """Every problem of every file of a folder."""
    settings = known_settings(shelf, today)
    checked = [check_bank(shelf, bank, settings) for bank in shelf.banks()]
    return report_on(shelf, today, settings, checked)


def report_on(shelf: Shelf, today: date, settings: DatedSettings | None, checked: Sequence[CheckedBank]) -> Report:
    """Every problem of every file of a folder whose banks are checked already."""
    if not shelf.banks():
        problem = Problem("BANK013", (), "There is no bank in this folder.")
        return Report((found("", 1, problem),), len(shelf.sheets))
    problems = {problem for bank in checked for problem in bank.problems}
    problems |= {problem for sheet in shelf.sheets.values() for problem in sheet.problems}
    problems |= {found(name, 1, Problem("BANK016", (), f"{name} has a twin.")) for name in shelf.twins()}
    problems |= set(check_settings(shelf, today))
    editions = [bank.edition for bank in checked if bank.edition]
    asked = (
        {question.id for each in editions for question in each.questions()} if len(editions) == len(checked) else None
    )
    problems |= set(check_papers(shelf, today, asked, settings.texts if settings else None))
    problems |= set(check_reference(shelf, today))
    problems |= set(check_contracts(shelf, today))
    compiled = [bank.compiled for bank in checked if bank.compiled]
    if len(compiled) == len(checked):
        problems |= _facts(compiled[0], editions)
    return Report(tuple(sorted(problems)), len(shelf.sheets))


def _facts(one: Compiled, editions: list[Edition]) -> set[Found]:
    """All banks rest on the same facts, which may be read from questions of any of them and hold in any of their sectors."""
    questions: dict[str, Question] = {question.id: question for each in editions for question in each.questions()}
    book = editions[0].duty_book
    faults = [*faults_in_fact_sources(book, questions), *faults_in_sectors(book, [each.bank for each in editions])]
    return {found(*one.places.at(fault.place), fault) for fault in faults}


def check_path(path: Path, today: date) -> Report:
    """Every problem of a folder or of one file, with files named as the caller named them.

    A bank is checked with everything it rests on; of another file only what is wrong in that file itself is reported.
    """
    try:
        if path.is_dir():
            return _check_folder(path, today)
        return _check_file(path, today)
    except RefusedError as refused:
        return Report(refused.problems, 1)
    except OSError as fault:
        problem = Problem("BANK001", (), f"This cannot be read ({reason(fault)}).")
        return Report((found(str(path), 1, problem),), 1)


def _check_folder(folder: Path, today: date) -> Report:
    if folder.name in SUBFOLDERS and not any((folder / name).is_dir() for name in SUBFOLDERS):
        shelf = read_folder(folder.parent)
        inside = tuple(one for one in check_shelf(shelf, today).problems if one.file.startswith(f"{folder.name}/"))
        return _named(Report(inside, len(shelf.inside(folder.name))), folder.parent)
    return _named(check_shelf(read_folder(folder), today), folder)


def _check_file(path: Path, today: date) -> Report:
    if path.suffix.lower() not in ENDINGS and not (path.parent.name == REFERENCE and is_table(path.name)):
        content = content_of(path)
        fault = content.problem if not isinstance(content, bytes) else None
        problem = fault or Problem("BANK014", (), "The name of this file does not end in .yaml.")
        return Report((found(str(path), 1, problem),), 1)
    inside = path.parent.name in SUBFOLDERS
    root = path.parent.parent if inside else path.parent
    name = f"{path.parent.name}/{path.name}" if inside else path.name
    shelf = read_folder(root)
    if name not in shelf.sheets:
        alone = Sheet(name, content_of(path))
        return _named(Report(alone.problems, 1), root)
    if not inside and path.stem in shelf.banks():
        settings = known_settings(shelf, today)
        return _named(Report(check_bank(shelf, path.stem, settings).problems, 1), root)
    whole = check_shelf(shelf, today)
    return _named(Report(tuple(one for one in whole.problems if one.file == name), 1), root)


def _named(report: Report, root: Path) -> Report:
    """The report with each file named from where the caller stands."""
    return replace(report, problems=tuple(replace(one, file=str(root / one.file)) for one in report.problems))


def joined(reports: Iterable[Report]) -> Report:
    """Several reports as one; what two of them found alike is told once."""
    several = list(reports)
    problems = {problem for report in several for problem in report.problems}
    return Report(tuple(sorted(problems)), sum(report.files for report in several))
