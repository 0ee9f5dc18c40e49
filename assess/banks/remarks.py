"""The remarks of the author checks, each at its file and line, with the reason where it was waived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assess.banks.checking import CheckedBank
from assess.banks.reader import compile_from
from assess.banks.sheets import SUBFOLDERS, Found, RefusedError, Shelf, read_folder
from assess.engine.author_remarks import author_remarks
from assess.engine.document import read_edition
from assess.engine.wording_remarks import Remark, Rule


@dataclass(frozen=True, slots=True)
class Remarked:
    """A remark at its file and line. `question` is an id, and `ask` its words; "" where it is about something else. `waived` is the reason."""

    file: str
    line: int
    question: str
    ask: str
    remark: Remark
    waived: str | None = None

    @property
    def said(self) -> Found:
        """As `assess check` prints it."""
        message = f"“{self.remark.found}”. {self.remark.repair}"
        return Found(self.file, self.line, self.remark.rule.value, message, warning=True)


@dataclass(frozen=True, slots=True)
class Idle:
    """A waiver of something that is not remarked upon any more."""

    question: str
    ask: str
    rule: str
    reason: str


def remarked(checked: CheckedBank) -> tuple[Remarked, ...]:
    """Every remark on one bank, in the order of asking; none while it cannot be compiled."""
    if checked.compiled is None or checked.edition is None:
        return ()
    questions = {question.id: question for question in checked.edition.questions()}
    found = []
    for one in author_remarks(checked.edition):
        question = questions.get(one.question)
        file, line = checked.compiled.places.at(one.place)
        waived = question.waived.get(one.remark.rule) if question else None
        found.append(Remarked(file, line, one.question, question.ask if question else "", one.remark, waived))
    return tuple(found)


def remarked_in_all(checked: Mapping[str, CheckedBank]) -> tuple[Remarked, ...]:
    """Every remark on all banks; what several banks share is told once."""
    return tuple(dict.fromkeys(one for bank in checked.values() for one in remarked(bank)))


def idle_waivers(checked: Mapping[str, CheckedBank]) -> tuple[Idle, ...]:
    """The waivers that nothing needs any more."""
    idle = {}
    for bank in checked.values():
        needed = {(one.question, one.remark.rule) for one in remarked(bank)}
        for question in bank.edition.questions() if bank.edition else ():
            for rule, reason in question.waived.items():
                if (question.id, rule) not in needed:
                    idle[question.id, rule] = Idle(question.id, question.ask, rule, reason)
    return tuple(idle.values())


def remarks_at(path: Path) -> tuple[Found, ...]:
    """The remarks on a folder, or on one file of it, that nobody waived, named as the caller named the path.

    What cannot be compiled has none: `check_path` says why.
    """
    inside = path.is_dir() and path.name in SUBFOLDERS
    root = path.parent.parent if path.parent.name in SUBFOLDERS else path.parent
    root = path if path.is_dir() and not inside else path.parent if inside else root
    try:
        shelf = read_folder(root)
        checked = {bank: _compiled(shelf, bank) for bank in shelf.banks()}
    except RefusedError:
        return ()
    said = [one.said for one in remarked_in_all(checked) if one.waived is None]
    begins = "" if root == path else path.relative_to(root).as_posix()
    return tuple(
        sorted(
            Found(str(root / one.file), one.line, one.number, one.message, one.warning)
            for one in said
            if one.file.startswith(begins)
        )
    )


def _compiled(shelf: Shelf, bank: str) -> CheckedBank:
    try:
        compiled = compile_from(shelf, bank)
    except RefusedError as refused:
        return CheckedBank(None, None, refused.problems)
    return CheckedBank(compiled, read_edition(compiled.document), ())


def rule_called(word: str) -> Rule | None:
    """The rule with this name."""
    return next((rule for rule in Rule if rule.value == word), None)
