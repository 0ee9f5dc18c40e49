"""Answer a draft as a business would: its pages, its state (kept in the form only) and the results in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from marshmallow import ValidationError
from sqlalchemy.orm import Session

from assess.assessments.facts import (
    NOT_SURE,
    STORED_GATES,
    fact_as_question,
    fact_from_answer,
    fact_to_answer,
    gate_question,
    get_facts_state,
    given_facts,
)
from assess.assessments.forms import PostedSection
from assess.assessments.queries import Progress, is_shown
from assess.assessments.question_parts import short_title
from assess.bank_editor.draft_context import DraftContext
from assess.bank_editor.questions.presenters import with_form_repair
from assess.core.clock import uk_date
from assess.core.pages import day
from assess.engine.assessing import EngineInput, EngineOutput, assess
from assess.engine.bank import DONT_KNOW, AnswerValue, Edition, Fact, Priority, Question
from assess.engine.facts import FactValue
from assess.engine.in_words import fill_placeholders
from assess.engine.question_types import answer_text
from assess.engine.result import BandReason, Result
from assess.engine.settings import DatedSettings
from assess.engine.visibility import quick_edition, settle_visibility
from assess.question_banks.content_versions import files_in_force
from assess.question_banks.editions import EditionNotFoundError, current_edition
from assess.question_banks.files import ContentFile, ContentFiles, FileProblem
from assess.question_banks.question_types import field_for, field_for_fact
from assess.question_banks.settings import check_settings, settings_from
from assess.question_banks.validation import CheckedBank, check_bank, known_settings

FACTS_PAGE = "about-the-organisation"
"""The page after the last section: what the duties need to know besides. No section is called so: ids have no dashes."""


@dataclass(frozen=True, slots=True)
class PreviewPage:
    id: str
    title: str
    questions: tuple[Question, ...]
    answers: Mapping[str, AnswerValue]


def edition_as_asked(edition: Edition, state: PreviewState) -> Edition:
    """The edition with the questions that are asked: for a quick check only the quick ones."""
    return quick_edition(edition) if state.quick else edition


def preview_progress(edition: Edition, state: PreviewState) -> Progress:
    asked = edition_as_asked(edition, state)
    return Progress(asked, settle_visibility(asked, state.answers))


def preview_pages(edition: Edition, state: PreviewState) -> tuple[str, ...]:
    """The pages in order: the sections that show something now, then the facts."""
    shown = [part.section.id for part in preview_progress(edition, state).sections if part.shown]
    return (*shown, FACTS_PAGE)


def find_preview_page(edition: Edition, state: PreviewState, name: str) -> PreviewPage | None:
    if name == FACTS_PAGE:
        return _facts_page(edition, state)
    progress = preview_progress(edition, state)
    section = next((one for one in progress.edition.sections if one.id == name), None)
    if section is None:
        return None
    answers = progress.visibility.answers
    shown = tuple(question for question in section.questions if is_shown(answers, question.id))
    return PreviewPage(name, section.title, shown, state.answers)


def questions_possible_on(edition: Edition, state: PreviewState, name: str) -> tuple[Question, ...]:
    """Every question that the posted page may have held."""
    if name == FACTS_PAGE:
        book = edition.duty_book
        return (*map(gate_question, book.gates), *(fact_as_question(fact) for fact in book.facts))
    section = next((one for one in edition_as_asked(edition, state).sections if one.id == name), None)
    return section.questions if section else ()


def with_page_answers(edition: Edition, state: PreviewState, name: str, posted: PostedSection) -> PreviewState:
    if name == FACTS_PAGE:
        return _with_facts(edition, state, posted)
    answers = {key: value for key, value in {**state.answers, **posted.changes}.items() if value is not None}
    return replace(state, answers=answers, proofs=(state.proofs - set(posted.proof_asked)) | posted.proof_noted)


def newly_asked(edition: Edition, before: PreviewState, after: PreviewState, name: str) -> tuple[str, ...]:
    """The questions of the page that are asked since it was posted and have no answer yet."""
    old, new = find_preview_page(edition, before, name), find_preview_page(edition, after, name)
    if old is None or new is None:
        return ()
    known = {question.id for question in old.questions}
    return tuple(one.id for one in new.questions if one.id not in known and one.id not in new.answers)


def neighbour_page(way: tuple[str, ...], name: str, step: int) -> str | None:
    """The page before (-1) or after (1) this one; None past either end."""
    at = way.index(name) + step if name in way else 0
    return way[at] if 0 <= at < len(way) else None


def _facts_page(edition: Edition, state: PreviewState) -> PreviewPage:
    book = edition.duty_book
    now = get_facts_state(edition_as_asked(edition, state), state.answers, state.sure_gates, state.facts)
    shown = {*(fact.id for fact in now.to_ask), *state.facts}
    uk_only = state.gates.get("foreign") is False
    facts = [fact for fact in book.facts if fact.id in shown] if len(state.gates) == len(book.gates) else []
    said: dict[str, AnswerValue] = {
        name: DONT_KNOW if value is None else "yes" if value else "no" for name, value in state.gates.items()
    }
    for fact in facts:
        answer = fact_to_answer(fact, state.facts.get(fact.id))
        if answer is not None:
            said[fact.id] = answer
    asked = (*map(gate_question, book.gates), *(fact_as_question(fact, uk_only=uk_only) for fact in facts))
    return PreviewPage(FACTS_PAGE, "About the organisation", asked, said)


def _with_facts(edition: Edition, state: PreviewState, posted: PostedSection) -> PreviewState:
    book = edition.duty_book
    gates, facts = dict(state.gates), dict(state.facts)
    by_id: dict[str, Fact] = {fact.id: fact for fact in book.facts}
    for name, value in posted.changes.items():
        if name in STORED_GATES.values():
            gates.pop(name, None)
            if value is not None:
                gates[name] = None if value == DONT_KNOW else value == "yes"
        else:
            stored = fact_from_answer(by_id[name], value)
            facts.pop(name, None)
            if stored is not None:
                facts[name] = stored
    return replace(state, gates=gates, facts=facts)


DRAFT, IN_FORCE = "draft", "in_force"
LONGEST_STATE = 100_000
"""Characters of a preview that are read; all questions of a bank answered take a tenth of that."""


@dataclass(frozen=True, slots=True)
class PreviewState:
    """The answers, the proofs noted and the facts given so far, as an assessment would keep them.

    `which` is DRAFT or IN_FORCE. A gate that is None was answered “Not sure”. `evidence_share` (0 to 1) comes from a worked example and counts until a proof is noted.
    """

    which: str = DRAFT
    quick: bool = False
    answers: Mapping[str, AnswerValue] = field(default_factory=dict)
    proofs: frozenset[str] = frozenset()
    gates: Mapping[str, bool | None] = field(default_factory=dict)
    facts: Mapping[str, FactValue] = field(default_factory=dict)
    evidence_share: float | None = None

    @property
    def sure_gates(self) -> dict[str, bool]:
        return {name: value for name, value in self.gates.items() if value is not None}


def preview_state_to_json(state: PreviewState) -> str:
    said: dict[str, object] = {
        "which": state.which,
        "quick": state.quick,
        "answers": dict(state.answers),
        "proofs": sorted(state.proofs),
        "gates": dict(state.gates),
        "facts": dict(state.facts),
    }
    if state.evidence_share is not None:
        said["share"] = float(state.evidence_share)
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def preview_state_from_json(text: str) -> PreviewState:
    """What a form brought back. What cannot be read counts as nothing said."""
    try:
        said = json.loads(text[:LONGEST_STATE])
    except (ValueError, RecursionError):
        return PreviewState()
    if not isinstance(said, dict):
        return PreviewState()
    share, proofs = said.get("share"), said.get("proofs")
    return PreviewState(
        which=IN_FORCE if said.get("which") == IN_FORCE else DRAFT,
        quick=said.get("quick") is True,
        answers=_group(said, "answers"),
        proofs=frozenset(one for one in (proofs if isinstance(proofs, list) else ()) if isinstance(one, str)),
        gates={
            name: value for name, value in _group(said, "gates").items() if value is None or isinstance(value, bool)
        },
        facts=_group(said, "facts"),
        evidence_share=share if isinstance(share, float) and 0 <= share <= 1 else None,
    )


def fitting_state(state: PreviewState, edition: Edition) -> PreviewState:
    """Only what this edition can take: a preview may come from a text that said other things."""
    book = edition.duty_book
    questions = {question.id: field_for(question) for question in edition.questions()}
    facts = {fact.id: field_for_fact(fact) for fact in book.facts}
    unsure = {name: NOT_SURE for name, value in state.facts.items() if name in facts and value == NOT_SURE}
    gates = {STORED_GATES[gate.id] for gate in book.gates}
    return replace(
        state,
        answers=_cleaned(questions, state.answers),
        proofs=state.proofs & questions.keys(),
        gates={name: value for name, value in state.gates.items() if name in gates},
        facts={**_cleaned(facts, state.facts), **unsure},
    )


def _cleaned(fields: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    kept = {}
    for name, value in said.items():
        if name in fields:
            try:
                kept[name] = fields[name].deserialize(value)
            except ValidationError:
                continue
    return kept


def _group(said: Mapping[str, object], key: str) -> dict[str, Any]:
    value = said.get(key)
    return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class PreviewEdition:
    name: str
    edition: Edition
    settings: DatedSettings


@dataclass(frozen=True, slots=True)
class NotReady:
    problems: tuple[FileProblem, ...]


def edition_of_draft(draft_context: DraftContext, bank: str) -> PreviewEdition | NotReady:
    checked = without_faulty_examples(draft_context, bank)
    # a worked example no longer holds: that alone keeps nobody from trying
    problems = tuple(one for one in checked.errors if one.number != "BANK090")
    if problems or checked.edition is None:
        return NotReady(tuple(with_form_repair(draft_context.in_words(one)) for one in problems))
    today = uk_date(draft_context.now)
    settings = known_settings(draft_context.files, today)
    if settings is None:
        return NotReady(tuple(one for one in check_settings(draft_context.files, today) if not one.warning))
    return PreviewEdition("This draft", checked.edition, settings)


def without_faulty_examples(draft_context: DraftContext, bank: str) -> CheckedBank:
    """The bank as it was checked; without its worked examples where they alone keep it from being compiled."""
    checked, own = draft_context.report.banks[bank], draft_context.files.at("", bank)
    # what is wrong inside a worked example, so that the bank is not compiled with them
    if (
        checked.compiled is not None
        or own is None
        or not {one.number for one in checked.errors} <= {"BANK091", "BANK092"}
    ):
        return checked
    bare = {key: value for key, value in own.raw_data.items() if key != "worked_examples"}
    files = ContentFiles({**draft_context.files.files, own.name: ContentFile(own.name, json.dumps(bare).encode())})
    return check_bank(files, bank, known_settings(draft_context.files, uk_date(draft_context.now)))


def edition_in_use(session: Session, draft_context: DraftContext, bank: str) -> PreviewEdition | None:
    """The edition that new assessments begin with. None for a bank that was never published."""
    try:
        loaded = current_edition(session, bank)
    except EditionNotFoundError:
        return None
    return PreviewEdition(
        f"Edition {loaded.ref.number}",
        loaded.edition,
        settings_from(files_in_force(session), uk_date(draft_context.now)),
    )


BAND_LABELS: Mapping[str, str] = {
    "low": "Low",
    "medium": "Medium",
    "high": "High",
    "critical": "Act now",
    "not_rated": "Not rated",
}
REASON_LABELS: Mapping[BandReason, str] = {
    "sign": "signs",
    "unknown_sign": "a sign that nobody knows about",
    "breach": "an answer against the law",
    "gap": "thin safeguards",
    "points": "the points",
    "dont_know": "too many answers are not known",
    "quick": "a quick check asks too little to say low",
}
VERDICT_LABELS = {"applies": "Applies", "does_not_apply": "Does not apply", "to_check": "To check"}
EFFORT_LABELS = {"S": "half a day", "M": "three days", "L": "ten days"}
SIGN_LABELS = {"urgent": "Urgent", "serious": "Serious"}
NONE_WORD = "None"


@dataclass(frozen=True, slots=True)
class ResultLine:
    question: str
    ask: str
    answer: str
    points: str
    sign: str


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One thing as two editions have it. None where one of them has no such thing."""

    name: str
    here: str | None
    there: str | None

    @property
    def differs(self) -> bool:
        return self.here != self.there


@dataclass(frozen=True, slots=True)
class PreviewResult:
    name: str
    figures: Mapping[str, str]
    lines: tuple[ResultLine, ...]
    findings: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    duties: Mapping[str, tuple[tuple[str, str, str], ...]]
    missing: tuple[str, ...]


def preview_result(previewed: PreviewEdition, state: PreviewState, today: date) -> PreviewResult:
    """What comes out. Answers that this edition cannot take are left out."""
    edition, said = previewed.edition, fitting_state(state, previewed.edition)
    given = EngineInput(
        answers=said.answers,
        facts=given_facts(edition.duty_book, said.sure_gates, said.facts),
        evidence=said.proofs,
        evidence_share=None if said.proofs else said.evidence_share,
        quick=said.quick,
    )
    made = assess(edition, given, previewed.settings, today)
    asks = {question.id: fill_placeholders(question.ask, previewed.settings.texts) for question in edition.questions()}
    says = {check.id: fill_placeholders(check.says, previewed.settings.texts) for check in edition.checks}
    names = {**says, **asks}
    titles = {name: short_title(words) for name, words in names.items()}
    because = ", ".join(REASON_LABELS[one] for one in made.result.reasons)
    return PreviewResult(
        name=previewed.name,
        figures={
            "Band": f"{BAND_LABELS[made.result.band]}{f' (because of: {because})' if because else ''}",
            "Score": _figure(made.result.score),
            "Range": f"{_figure(made.result.range_low)} to {_figure(made.result.range_high)}",
            "Exposure": _figure(made.result.exposure),
            "Gap": _figure(100 * made.result.gap),
            "Confidence": _figure(made.result.confidence),
            "Questions shown": str(made.result.shown),
            "Questions without an answer": str(len(made.result.missing)),
            "Urgent signs": _listed(made.result.urgent_signs, titles),
            "Serious signs": _listed(made.result.serious_signs, titles),
            "Signs nobody knows about": _listed(made.result.unknown_signs, titles),
            "Notes": _listed(made.result.notes, titles),
        },
        lines=result_lines(edition, made.result, previewed.settings.texts),
        findings=tuple(
            f"{f'{SIGN_LABELS[one.sign]} sign' if one.sign else 'Note'}: {says.get(one.id, one.id)}"
            for one in made.result.fired_checks
        ),
        actions=tuple(
            (
                fill_placeholders(one.do, previewed.settings.texts),
                names.get(one.tracking_id, one.tracking_id),
                priority_words(one.priority),
                edition.owners.get(one.owner, one.owner),
                EFFORT_LABELS[one.effort],
                "" if one.gain is None else _figure(one.gain),
            )
            for one in made.plan.actions
        ),
        duties=_duties(made, edition),
        missing=tuple(asks[name] for name in made.result.missing),
    )


def result_lines(edition: Edition, result: Result, texts: Mapping[str, str]) -> tuple[ResultLine, ...]:
    questions = {question.id: question for question in edition.questions()}
    return tuple(
        ResultLine(
            line.question,
            fill_placeholders(questions[line.question].ask, texts),
            _answer_text(answer_text(questions[line.question], line.answer)),
            f"{line.points:g} of {line.possible:g}",
            SIGN_LABELS.get(line.sign or "", ""),
        )
        for line in result.lines
    )


def figures_side_by_side(here: PreviewResult, there: PreviewResult) -> list[SideBySide]:
    return [SideBySide(name, said, there.figures[name]) for name, said in here.figures.items()]


def lines_side_by_side(here: Sequence[ResultLine], there: Sequence[ResultLine]) -> list[SideBySide]:
    """The lines that the two do not have alike: other points, another sign, or no such line."""
    mine, theirs = ({line.question: line for line in lines} for lines in (here, there))
    both = {**theirs, **mine}
    rows = [
        SideBySide(both[name].ask, _points_and_sign(mine.get(name)), _points_and_sign(theirs.get(name)))
        for name in [*mine, *(name for name in theirs if name not in mine)]
    ]
    return [row for row in rows if row.differs]


def _points_and_sign(line: ResultLine | None) -> str | None:
    if line is None:
        return None
    return f"{line.points}, {line.sign.lower()} sign" if line.sign else line.points


def _figure(value: float) -> str:
    return f"{value:.1f}"


def _listed(ids: tuple[str, ...], names: Mapping[str, str]) -> str:
    return "; ".join(names.get(one, one) for one in ids) or NONE_WORD


def _answer_text(said: str | list[str]) -> str:
    return said if isinstance(said, str) else "; ".join(said)


def priority_words(priority: Priority) -> str:
    return "At once" if priority == "immediate" else f"In {priority} days"


def _duties(made: EngineOutput, edition: Edition) -> dict[str, tuple[tuple[str, str, str], ...]]:
    asks = {fact.id: fact.ask for fact in edition.duty_book.facts}
    said: dict[str, list[tuple[str, str, str]]] = {words: [] for words in VERDICT_LABELS.values()}
    for one in made.duties:
        said[VERDICT_LABELS[one.verdict]].append(
            (
                one.duty.title,
                f"{day(one.due)}{' (overdue)' if one.overdue else ''}" if one.due else "",
                "; ".join(asks.get(n, n) for n in one.waits_for),
            )
        )
    return {words: tuple(rows) for words, rows in said.items()}
