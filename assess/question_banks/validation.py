"""All problems of a bank, a file or a folder, sorted by file and line; and the readability remarks of the author checks, with their waivers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from assess.core.clock import uk_date
from assess.engine.author_checks import Remark, author_remarks
from assess.engine.bank import Edition, Question, RemarkRule
from assess.engine.bank_reader import read_edition
from assess.engine.bank_validation import check_edition, check_examples, problems_in_fact_sources, problems_in_sectors
from assess.engine.problems import Problem
from assess.engine.settings import DatedSettings
from assess.question_banks.contracts import check_contracts
from assess.question_banks.document_templates import check_document_templates
from assess.question_banks.files import (
    REFERENCE,
    SUBFOLDERS,
    YAML_ENDINGS,
    BankFilesRefusedError,
    BoundedCache,
    ContentFile,
    ContentFiles,
    FileProblem,
    file_problem,
    is_table,
    os_error_reason,
    read_content,
    read_folder,
    version_digest,
)
from assess.question_banks.reader import CompiledBank, compile_bank
from assess.question_banks.reference import check_reference
from assess.question_banks.settings import check_settings, settings_from


@dataclass(frozen=True, slots=True)
class CheckReport:
    problems: tuple[FileProblem, ...]
    files: int

    @property
    def errors(self) -> tuple[FileProblem, ...]:
        return tuple(one for one in self.problems if not one.warning)


@dataclass(frozen=True, slots=True)
class CheckedBank:
    compiled: CompiledBank | None
    edition: Edition | None
    problems: tuple[FileProblem, ...]

    @property
    def errors(self) -> tuple[FileProblem, ...]:
        return tuple(one for one in self.problems if not one.warning)


def check_bank(files: ContentFiles, bank: str, settings: DatedSettings | None) -> CheckedBank:
    """One bank with everything it rests on. Without settings, gaps in texts and worked examples are not judged."""
    try:
        compiled = compile_bank(files, bank)
    except BankFilesRefusedError as refused:
        return CheckedBank(None, None, refused.problems)
    edition = read_edition(compiled.document)
    problems = check_edition(edition, settings)
    if settings is not None and all(problem.warning for problem in problems):
        problems += check_examples(edition, compiled.examples, settings)
    places = compiled.source_lines
    return CheckedBank(compiled, edition, tuple(sorted({file_problem(*places.at(one.place), one) for one in problems})))


def known_settings(files: ContentFiles, today: date) -> DatedSettings | None:
    """The settings of this day, None when they cannot be used."""
    try:
        return settings_from(files, today)
    except BankFilesRefusedError:
        return None


def check_files(files: ContentFiles, today: date) -> CheckReport:
    settings = known_settings(files, today)
    return report_on(files, today, settings, [check_bank(files, bank, settings) for bank in files.banks()])


def report_on(
    files: ContentFiles, today: date, settings: DatedSettings | None, checked: Sequence[CheckedBank]
) -> CheckReport:
    """Every problem of every file of a folder whose banks are checked already."""
    if not files.banks():
        problem = Problem("BANK013", (), "There is no bank in this folder.")
        return CheckReport((file_problem("", 1, problem),), len(files.files))
    problems = {problem for bank in checked for problem in bank.problems}
    problems |= {problem for content_file in files.files.values() for problem in content_file.problems}
    problems |= {file_problem(name, 1, Problem("BANK016", (), f"{name} has a twin.")) for name in files.twins()}
    problems |= set(check_settings(files, today))
    editions = [bank.edition for bank in checked if bank.edition]
    asked = (
        {question.id for each in editions for question in each.questions()} if len(editions) == len(checked) else None
    )
    problems |= set(check_document_templates(files, today, asked, settings.texts if settings else None))
    problems |= set(check_reference(files, today))
    problems |= set(check_contracts(files, today))
    compiled = [bank.compiled for bank in checked if bank.compiled]
    if len(compiled) == len(checked):
        problems |= _fact_problems(compiled[0], editions)
    return CheckReport(tuple(sorted(problems)), len(files.files))


def _fact_problems(one: CompiledBank, editions: list[Edition]) -> set[FileProblem]:
    """All banks rest on the same facts, which may be read from questions of any of them and hold in any of their sectors."""
    # the duty book is the same for all: the places of the first bank are those of every other
    questions: dict[str, Question] = {question.id: question for each in editions for question in each.questions()}
    book = editions[0].duty_book
    errors = [*problems_in_fact_sources(book, questions), *problems_in_sectors(book, [each.bank for each in editions])]
    return {file_problem(*one.source_lines.at(error.place), error) for error in errors}


def check_banks(files: ContentFiles, now: datetime) -> dict[str, CheckedBank]:
    """By the settings of this day. Raises BankFilesRefusedError when they cannot be read."""
    settings = settings_from(files, uk_date(now))
    return {bank: check_bank(files, bank, settings) for bank in files.banks()}


@dataclass(frozen=True, slots=True)
class CheckedFiles:
    """Every bank as it would be, and what is wrong: `errors` refuse, `warnings` are told."""

    banks: Mapping[str, CheckedBank]
    errors: tuple[FileProblem, ...]
    warnings: tuple[FileProblem, ...]


def check_files_cached(files: ContentFiles, now: datetime) -> CheckedFiles:
    """Check all files by the settings of this day. What was found is kept: pages ask for the same files again and again."""
    return _checks_cache.get((files.digest, uk_date(now)), lambda: _check_all(files, uk_date(now)))


_checks_cache: BoundedCache[CheckedFiles] = BoundedCache(8)


def _check_all(files: ContentFiles, today: date) -> CheckedFiles:
    settings = known_settings(files, today)
    checked = {bank: _check_bank_cached(files, bank, settings, today) for bank in files.banks()}
    found = report_on(files, today, settings, list(checked.values())).problems
    return CheckedFiles(
        checked, tuple(one for one in found if not one.warning), tuple(one for one in found if one.warning)
    )


_bank_checks: BoundedCache[CheckedBank] = BoundedCache(12)


def _check_bank_cached(files: ContentFiles, bank: str, settings: DatedSettings | None, today: date) -> CheckedBank:
    """A bank does not rest on the texts of other banks, nor on tables and templates: what was found while those were others still holds."""
    others = {*files.banks()} - {bank}
    digests = {
        name: "" if name.startswith(_NOT_BENEATH_BANKS) or ("/" not in name and one.stem in others) else one.digest
        for name, one in files.files.items()
    }
    return _bank_checks.get((bank, version_digest(digests), today), lambda: check_bank(files, bank, settings))


_NOT_BENEATH_BANKS = ("papers/", "buyers/", f"{REFERENCE}/")


def check_path(path: Path, today: date) -> CheckReport:
    """Named as the caller named them. A bank with all it rests on; of another file only what is wrong in itself."""
    try:
        if path.is_dir():
            if path.name in SUBFOLDERS and not any((path / name).is_dir() for name in SUBFOLDERS):
                files = read_folder(path.parent)
                inside = tuple(
                    one for one in check_files(files, today).problems if one.file.startswith(f"{path.name}/")
                )
                return _with_file_names(CheckReport(inside, len(files.inside(path.name))), path.parent)
            return _with_file_names(check_files(read_folder(path), today), path)
        return _check_file(path, today)
    except BankFilesRefusedError as refused:
        return CheckReport(refused.problems, 1)
    except OSError as fault:
        problem = Problem("BANK001", (), f"This cannot be read ({os_error_reason(fault)}).")
        return CheckReport((file_problem(str(path), 1, problem),), 1)


def _check_file(path: Path, today: date) -> CheckReport:
    if path.suffix.lower() not in YAML_ENDINGS and not (path.parent.name == REFERENCE and is_table(path.name)):
        content = read_content(path)
        error = content.problem if not isinstance(content, bytes) else None
        problem = error or Problem("BANK014", (), "The name of this file does not end in .yaml.")
        return CheckReport((file_problem(str(path), 1, problem),), 1)
    inside = path.parent.name in SUBFOLDERS
    root = path.parent.parent if inside else path.parent
    name = f"{path.parent.name}/{path.name}" if inside else path.name
    files = read_folder(root)
    if name not in files.files:
        return _with_file_names(CheckReport(ContentFile(name, read_content(path)).problems, 1), root)
    if not inside and path.stem in files.banks():
        settings = known_settings(files, today)
        return _with_file_names(CheckReport(check_bank(files, path.stem, settings).problems, 1), root)
    whole = check_files(files, today)
    return _with_file_names(CheckReport(tuple(one for one in whole.problems if one.file == name), 1), root)


def _with_file_names(report: CheckReport, root: Path) -> CheckReport:
    return replace(report, problems=tuple(replace(one, file=str(root / one.file)) for one in report.problems))


def join_reports(reports: Iterable[CheckReport]) -> CheckReport:
    """Several reports as one; what two of them found alike is told once."""
    several = list(reports)
    problems = {problem for report in several for problem in report.problems}
    return CheckReport(tuple(sorted(problems)), sum(report.files for report in several))


@dataclass(frozen=True, slots=True)
class LocatedRemark:
    """A remark at its file and line. `question` is an id, and `ask` its words; "" where it is about something else. `waived` is the reason."""

    file: str
    line: int
    question: str
    ask: str
    remark: Remark
    waived: str | None = None

    @property
    def said(self) -> FileProblem:
        message = f"“{self.remark.found}”. {self.remark.repair}"
        return FileProblem(self.file, self.line, self.remark.rule.value, message, warning=True)


@dataclass(frozen=True, slots=True)
class IdleWaiver:
    """A waiver of something that is not remarked upon any more."""

    question: str
    ask: str
    rule: str
    reason: str


def remarks_on_bank(checked: CheckedBank) -> tuple[LocatedRemark, ...]:
    """Every remark on one bank, in the order of asking; none while it cannot be compiled."""
    if checked.compiled is None or checked.edition is None:
        return ()
    questions = {question.id: question for question in checked.edition.questions()}
    found = []
    for one in author_remarks(checked.edition):
        question = questions.get(one.question)
        file, line = checked.compiled.source_lines.at(one.place)
        waived = question.waived.get(one.remark.rule) if question else None
        found.append(LocatedRemark(file, line, one.question, question.ask if question else "", one.remark, waived))
    return tuple(found)


def remarks_on_banks(checked: Mapping[str, CheckedBank]) -> tuple[LocatedRemark, ...]:
    """Every remark on all banks; what several banks share is told once."""
    return tuple(dict.fromkeys(one for bank in checked.values() for one in remarks_on_bank(bank)))


def idle_waivers(checked: Mapping[str, CheckedBank]) -> tuple[IdleWaiver, ...]:
    idle = {}
    for bank in checked.values():
        needed = {(one.question, one.remark.rule) for one in remarks_on_bank(bank)}
        for question in bank.edition.questions() if bank.edition else ():
            for rule, reason in question.waived.items():
                if (question.id, rule) not in needed:
                    idle[question.id, rule] = IdleWaiver(question.id, question.ask, rule, reason)
    return tuple(idle.values())


def remarks_on_path(path: Path) -> tuple[FileProblem, ...]:
    """Those not waived, named as the caller named the path; none of what cannot be compiled (see `check_path`)."""
    inside = path.is_dir() and path.name in SUBFOLDERS
    root = path.parent.parent if path.parent.name in SUBFOLDERS else path.parent
    root = path if path.is_dir() and not inside else path.parent if inside else root
    try:
        files = read_folder(root)
        checked = {bank: _compiled(files, bank) for bank in files.banks()}
    except BankFilesRefusedError:
        return ()
    said = [one.said for one in remarks_on_banks(checked) if one.waived is None]
    begins = "" if root == path else path.relative_to(root).as_posix()
    return tuple(
        sorted(
            FileProblem(str(root / one.file), one.line, one.number, one.message, one.warning)
            for one in said
            if one.file.startswith(begins)
        )
    )


def _compiled(files: ContentFiles, bank: str) -> CheckedBank:
    try:
        compiled = compile_bank(files, bank)
    except BankFilesRefusedError as refused:
        return CheckedBank(None, None, refused.problems)
    return CheckedBank(compiled, read_edition(compiled.document), ())


def find_rule(word: str) -> RemarkRule | None:
    return next((rule for rule in RemarkRule if rule.value == word), None)
