"""What a try-out comes to, in words: every figure, line, sign, action and duty, and the same from another edition beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assess.assessments.facts_form import given_facts
from assess.assessments.section_page import short
from assess.editor.trying.carrying import Tried, fitting
from assess.editor.trying.editions import ToTry
from assess.engine.assessing import Assessed, Given, assess
from assess.engine.bank import Edition, Priority
from assess.engine.result import BandReason, Finding, JudgedDuty, Line, PlannedAction, Result
from assess.engine.texts import fill
from assess.engine.wording import answer_text
from assess.kit.pages import day

BANDS: Mapping[str, str] = {
    "low": "Low",
    "medium": "Medium",
    "high": "High",
    "critical": "Act now",
    "not_rated": "Not rated",
}
REASONS: Mapping[BandReason, str] = {
    "sign": "signs",
    "unknown_sign": "a sign that nobody knows about",
    "breach": "an answer against the law",
    "gap": "thin safeguards",
    "points": "the points",
    "dont_know": "too many answers are not known",
    "quick": "a quick check asks too little to say low",
}
VERDICTS = {"applies": "Applies", "does_not_apply": "Does not apply", "to_check": "To check"}
EFFORTS = {"S": "half a day", "M": "three days", "L": "ten days"}
SIGNS = {"urgent": "Urgent", "serious": "Serious"}
NONE = "None"


@dataclass(frozen=True, slots=True)
class LineSaid:
    """One line of the explanation, ready for a table."""

    question: str
    ask: str
    answer: str
    points: str
    sign: str


@dataclass(frozen=True, slots=True)
class Beside:
    """One thing as two editions have it. None where one of them has no such thing."""

    name: str
    here: str | None
    there: str | None

    @property
    def differs(self) -> bool:
        """Whether they do not agree."""
        return self.here != self.there


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that an edition makes of a try-out, in words. `figures` keep the order of the page."""

    name: str
    figures: Mapping[str, str]
    lines: tuple[LineSaid, ...]
    findings: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    duties: Mapping[str, tuple[tuple[str, str, str], ...]]
    missing: tuple[str, ...]


def outcome_of(trial: ToTry, tried: Tried, today: date) -> Outcome:
    """What comes out. Answers that this edition cannot take are left out."""
    edition, said = trial.edition, fitting(tried, trial.edition)
    given = Given(
        answers=said.answers,
        facts=given_facts(edition.duty_book, said.sure_gates, said.facts),
        evidence=said.proofs,
        evidence_share=None if said.proofs else said.evidence_share,
        quick=said.quick,
    )
    made = assess(edition, given, trial.settings, today)
    asks = {question.id: fill(question.ask, trial.settings.texts) for question in edition.questions()}
    says = {check.id: fill(check.says, trial.settings.texts) for check in edition.checks}
    return Outcome(
        name=trial.name,
        figures=figures_of(made.result, {name: short(words) for name, words in {**says, **asks}.items()}),
        lines=lines_of(edition, made.result, trial.settings.texts),
        findings=tuple(_finding(one, says) for one in made.result.findings),
        actions=tuple(_action(one, edition, {**says, **asks}, trial.settings.texts) for one in made.plan.actions),
        duties=_duties(made, edition),
        missing=tuple(asks[name] for name in made.result.missing),
    )


def figures_of(result: Result, names: Mapping[str, str]) -> dict[str, str]:
    """Every figure of a result by its name. `names` are the words of questions and checks."""
    because = ", ".join(REASONS[one] for one in result.reasons)
    return {
        "Band": f"{BANDS[result.band]}{f' (because of: {because})' if because else ''}",
        "Score": _figure(result.score),
        "Range": f"{_figure(result.low)} to {_figure(result.high)}",
        "Exposure": _figure(result.exposure),
        "Gap": _figure(100 * result.gap),
        "Confidence": _figure(result.confidence),
        "Questions shown": str(result.shown),
        "Questions without an answer": str(len(result.missing)),
        "Urgent signs": _listed(result.urgent_signs, names),
        "Serious signs": _listed(result.serious_signs, names),
        "Signs nobody knows about": _listed(result.unknown_signs, names),
        "Notes": _listed(result.notes, names),
    }


def lines_of(edition: Edition, result: Result, texts: Mapping[str, str]) -> tuple[LineSaid, ...]:
    """Every line of the explanation."""
    questions = {question.id: question for question in edition.questions()}
    return tuple(
        LineSaid(
            line.question,
            fill(questions[line.question].ask, texts),
            _in_one(answer_text(questions[line.question], line.answer)),
            points_of(line),
            SIGNS.get(line.sign or "", ""),
        )
        for line in result.lines
    )


def points_of(line: Line) -> str:
    """“2 of 4” points."""
    return f"{line.points:g} of {line.possible:g}"


def figures_beside(here: Outcome, there: Outcome) -> list[Beside]:
    """Every figure of one outcome beside that of the other."""
    return [Beside(name, said, there.figures[name]) for name, said in here.figures.items()]


def lines_beside(here: Sequence[LineSaid], there: Sequence[LineSaid]) -> list[Beside]:
    """The lines that the two do not have alike: other points, another sign, or no such line."""
    mine, theirs = ({line.question: line for line in lines} for lines in (here, there))
    both = {**theirs, **mine}
    order = [*mine, *(name for name in theirs if name not in mine)]
    rows = [Beside(both[name].ask, _worth(mine.get(name)), _worth(theirs.get(name))) for name in order]
    return [row for row in rows if row.differs]


def _worth(line: LineSaid | None) -> str | None:
    if line is None:
        return None
    return f"{line.points}, {line.sign.lower()} sign" if line.sign else line.points


def _figure(value: float) -> str:
    return f"{value:.1f}"


def _listed(ids: tuple[str, ...], names: Mapping[str, str]) -> str:
    return "; ".join(names.get(one, one) for one in ids) or NONE


def _in_one(said: str | list[str]) -> str:
    return said if isinstance(said, str) else "; ".join(said)


def _finding(found: Finding, says: Mapping[str, str]) -> str:
    kind = f"{SIGNS[found.sign]} sign" if found.sign else "Note"
    return f"{kind}: {says.get(found.id, found.id)}"


def _action(
    action: PlannedAction, edition: Edition, names: Mapping[str, str], texts: Mapping[str, str]
) -> tuple[str, ...]:
    return (
        fill(action.do, texts),
        names.get(action.question, action.question),
        priority_words(action.priority),
        edition.owners.get(action.owner, action.owner),
        EFFORTS[action.effort],
        "" if action.gain is None else _figure(action.gain),
    )


def priority_words(priority: Priority) -> str:
    """“At once”, or “In 30 days”."""
    return "At once" if priority == "immediate" else f"In {priority} days"


def _duties(made: Assessed, edition: Edition) -> dict[str, tuple[tuple[str, str, str], ...]]:
    """The duties by verdict: title, when it is due, and what it still waits for."""
    asks = {fact.id: fact.ask for fact in edition.duty_book.facts}
    said: dict[str, list[tuple[str, str, str]]] = {words: [] for words in VERDICTS.values()}
    for one in made.duties:
        said[VERDICTS[one.verdict]].append(
            (one.duty.title, _due(one), "; ".join(asks.get(n, n) for n in one.waits_for))
        )
    return {words: tuple(rows) for words, rows in said.items()}


def _due(judged: JudgedDuty) -> str:
    if judged.due is None:
        return ""
    return f"{day(judged.due)}{' (overdue)' if judged.overdue else ''}"
