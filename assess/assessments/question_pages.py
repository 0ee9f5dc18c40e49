"""The page of a section, the rows of “Check your answers”, and the printable list of every question with its condition in words. Nothing here tells of a sign."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from jinja2 import Environment
from markupsafe import Markup, escape

from assess.assessments.facts import FactsState, stored_fact_text
from assess.assessments.forms import AnswerErrors, FormAnswer, form_answer_from_stored
from assess.assessments.personal_data.services import PersonalDataWarning
from assess.assessments.queries import Progress, is_shown, remaining_text
from assess.assessments.question_parts import FragmentTemplate, QuestionFragment, make_question_fragment, placeholder
from assess.engine.bank import Answers, AnswerValue, Column, Edition, Question, Section
from assess.engine.conditions import AllOf, AnyOf, Asked, AtLeastOf, Condition, Leaf, Not
from assess.engine.in_words import answer_text, fill_placeholders
from assess.engine.visibility import SettledAnswers

FROM_TASKS = {"back": b"../", "next": b"Save and continue", "carried": b""}
FROM_CHECK = {
    "back": b"../check",
    "next": b"Save and go back to your answers",
    "carried": b'<input type="hidden" name="back" value="check">',
}

REOPEN_FIELD = "reopen"
REOPEN_BUTTON = b"Open the answers again and save this page"

_NO_MARKUP = Markup("")
MAX_CACHED_FRAMES = 200
"""Frames and questions of a handful of editions; past it everything is rendered anew."""


@dataclass(slots=True)
class ShownQuestion:
    """One question as the page shows it now. `typed` is what a form said, where that is not what is stored."""

    id: str
    revision: int
    value: AnswerValue | None = None
    proof: bool = False
    typed: FormAnswer | None = None
    errors: AnswerErrors = ()
    confirm_reason: str = ""
    """Why its answer waits to be confirmed, in words; empty where it does not."""

    def to_html(self, part: QuestionFragment) -> bytes:
        if self.confirm_reason:
            typed = self.typed or form_answer_from_stored(part.question, self.value, proof=self.proof)
            return part.fill(typed, self.revision, self.errors, confirm_reason=self.confirm_reason).encode()
        if self.typed is None:
            return part.answered(self.value, proof=self.proof, revision=self.revision)
        return part.fill(self.typed, self.revision, self.errors).encode()


@dataclass(slots=True)
class FragmentCache:
    """Rendered parts, all of one day, since rates and phone numbers are dated."""

    day: date | None = None
    frames: dict[tuple[int, bool, str], FragmentTemplate] = field(default_factory=dict)
    parts: dict[tuple[int, bool, str], dict[str, QuestionFragment]] = field(default_factory=dict)

    def keep_only(self, day: date) -> None:
        """Throw everything away that is of another day, or too much."""
        if day != self.day or len(self.frames) > MAX_CACHED_FRAMES:
            self.day = day
            self.frames.clear()
            self.parts.clear()


@dataclass(frozen=True, slots=True)
class PageState:
    token: str
    progress: Progress
    notice: str = ""
    assisted: str = ""
    """That a coordinator can open it, while one can."""
    from_check: bool = False
    has_errors: bool = False
    closed: bool = False
    """The answers were closed while the page was open: nothing of it is saved yet."""
    warnings: Sequence[PersonalDataWarning] = ()
    ticks: Collection[str] = ()


class SectionPageRenderer:
    """Makes section pages. One for each app."""

    def __init__(self, templates: Environment, render: Callable[..., str]) -> None:
        self._templates = templates
        self._render = render
        self._fragments = FragmentCache()

    def page(
        self,
        edition_id: int,
        title: str,
        section: Section,
        *,
        quick: bool,
        texts: Callable[[], Mapping[str, str]],
        today: date,
        questions: Sequence[ShownQuestion],
        state: PageState,
    ) -> bytes:
        """The finished page in UTF-8. `title` is the bank's; `texts` gives the dated settings in words, and is asked only once a day."""
        self._fragments.keep_only(today)
        frame = self._frame(edition_id, section, quick=quick)
        made = self._parts(edition_id, section, texts, quick=quick)
        filled = [question.to_html(made[question.id]) for question in questions]
        errors = (
            error_summary_rows([made[question.id] for question in questions], questions) if state.has_errors else []
        )
        visible_sections = state.progress.visible_section_ids
        came_from = FROM_CHECK if state.from_check else FROM_TASKS
        overrides = {"next": REOPEN_BUTTON, "carried": came_from["carried"] + _REOPEN_INPUT} if state.closed else {}
        if state.warnings or state.ticks:
            carried = (overrides or came_from)["carried"]
            overrides = {
                **overrides,
                "carried": carried + self._personal_data_warning(state.warnings, state.ticks).encode(),
            }
        place = (
            f"Section {visible_sections.index(section.id) + 1} of {len(visible_sections)}"
            if section.id in visible_sections
            else title
        )
        return frame.fill_encoded(
            {
                "place": place.encode(),
                "token": state.token.encode(),
                "questions": b"".join(filled),
                "left": remaining_text(state.progress).encode(),
                "summary": self._summary(errors).encode() if errors else b"",
                "error": b"Error: " if errors else b"",
                "notice": state.notice.encode(),
                "assisted": state.assisted.encode(),
                "comments": f"../comments/section/{section.id}".encode(),
                **came_from,
                **overrides,
            }
        )

    def _frame(self, edition_id: int, section: Section, *, quick: bool) -> FragmentTemplate:
        key = (edition_id, quick, section.id)
        frame = self._fragments.frames.get(key)
        if frame is None:
            tables = any(question.type == "table" for question in section.questions)
            frame = FragmentTemplate(
                self._render(
                    "assessments/section.html", section=section, slot=placeholder, tables=tables, edition_id=edition_id
                )
            )
            self._fragments.frames[key] = frame
        return frame

    def _parts(
        self, edition_id: int, section: Section, texts: Callable[[], Mapping[str, str]], *, quick: bool
    ) -> Mapping[str, QuestionFragment]:
        key = (edition_id, quick, section.id)
        parts = self._fragments.parts.get(key)
        if parts is None:
            words = texts()
            parts = {
                question.id: make_question_fragment(question, words, self._templates) for question in section.questions
            }
            self._fragments.parts[key] = parts
        return parts

    def _personal_data_warning(self, warnings: Sequence[PersonalDataWarning], ticks: Collection[str]) -> str:
        macros = self._templates.get_template("assessments/_personal_data_warning.html").module
        return str(macros.personal_data_warning(warnings, sorted(ticks)))  # type: ignore[attr-defined]  # a macro of the template

    def _summary(self, errors: Sequence[tuple[str, str]]) -> str:
        macros = self._templates.get_template("core/forms.html").module
        return str(macros.error_summary(errors))  # type: ignore[attr-defined]  # a macro of the template


def error_summary_rows(parts: Sequence[QuestionFragment], questions: Sequence[ShownQuestion]) -> list[tuple[str, str]]:
    """One line for each fault, in the order of the page: the id to go to, and the sentence with its question."""
    rows: list[tuple[str, str]] = []
    for part, question in zip(parts, questions, strict=True):
        errors = question.errors
        if isinstance(errors, Mapping):
            labels = {column.id: column.label for column in part.question.columns}
            rows += [
                (f"{question.id}-{number}-{column}", f"Row {number + 1}, {labels.get(column, column)}: {sentence}")
                for number, cells in errors.items()
                for column, said in cells.items()
                for sentence in said
            ]
        else:
            target = f"{question.id}-0-{part.question.columns[0].id}" if part.question.columns else question.id
            rows += [(target, f"{short_title(part.words.ask)}: {sentence}") for sentence in errors]
    return rows


def short_title(ask: str) -> str:
    """The first sentence of a question, without its mark: enough to tell it by."""
    first = ask.split("? ", 1)[0].split(". ", 1)[0].rstrip("?.")
    return first if len(first) <= 90 else first[:88].rsplit(" ", 1)[0] + " …"  # noqa: PLR2004 - about one line


_REOPEN_INPUT = f'<input type="hidden" name="{REOPEN_FIELD}" value="yes">'.encode()


def closed_notice(overview: str = "../") -> str:
    """The banner over a page that could not be saved because the answers were closed meanwhile; it holds all that was typed.

    `overview` is the address of the list of tasks.
    """
    return _banner(
        "Not saved",
        Markup(
            "This page is not saved. While you had it open, somebody decided to keep the plan as it is, or sent the answers in. "
            "What you typed is still below."
        ),
        Markup(
            '<p class="govuk-body">To go on, press “{}” at the end of this page. To leave everything as it is, '
            '<a class="govuk-notification-banner__link" href="{}">go to the overview</a>.</p>'
        ).format(REOPEN_BUTTON.decode(), overview),
    )


def edition_changed_notice() -> str:
    return _banner(
        "Not saved",
        Markup(
            "This page is not saved. While you had it open, somebody moved this self-check to newer questions, or back. "
            "What you typed is still below, beside the questions as they are now."
        ),
        Markup('<p class="govuk-body">Read them, then save this page.</p>'),
    )


def new_questions_notice(questions: Sequence[str], count: int) -> str:
    words = "There is 1 more question" if count == 1 else f"There are {count} more questions"
    target = escape(questions[0])
    return _banner(
        "Saved",
        Markup(
            '{} on this page after what you answered. <a class="govuk-notification-banner__link" href="#{}">Go to the first</a>'
        ).format(words, f"{target}--group"),
    )


def _banner(title: str, heading: Markup, rest: Markup = _NO_MARKUP) -> str:
    return Markup(
        '<div class="govuk-notification-banner" role="region" aria-labelledby="notice-title" id="notice">'
        '<div class="govuk-notification-banner__header"><h2 class="govuk-notification-banner__title" id="notice-title">{}</h2></div>'
        '<div class="govuk-notification-banner__content"><p class="govuk-notification-banner__heading">{}</p>{}</div></div>'
    ).format(title, heading, rest)


@dataclass(frozen=True, slots=True)
class SummaryRow:
    section: str
    id: str
    ask: str
    short: str
    said: tuple[str, ...]
    proof: bool = False


@dataclass(frozen=True, slots=True)
class SummarySection:
    id: str
    title: str
    rows: tuple[SummaryRow, ...]


@dataclass(frozen=True, slots=True)
class SummaryFact:
    id: str
    ask: str
    said: str


@dataclass(frozen=True, slots=True)
class ContradictedFact:
    fact: SummaryFact
    rows: tuple[SummaryRow, ...]


def summary_sections(
    edition: Edition,
    answers: Answers,
    evidence: Mapping[str, bool],
    found: SettledAnswers,
    texts: Mapping[str, str],
) -> tuple[SummarySection, ...]:
    sections = (
        SummarySection(
            section.id,
            section.title,
            tuple(
                _summary_row(section.id, question, answers, evidence, texts)
                for question in section.questions
                if is_shown(found, question.id)
            ),
        )
        for section in edition.sections
    )
    return tuple(section for section in sections if section.rows)


def _summary_row(
    section_id: str, question: Question, answers: Answers, evidence: Mapping[str, bool], texts: Mapping[str, str]
) -> SummaryRow:
    ask = fill_placeholders(question.ask, texts)
    said = answer_text(question, answers.get(question.id))
    return SummaryRow(
        section=section_id,
        id=question.id,
        ask=ask,
        short=short_title(ask),
        said=tuple(said) if isinstance(said, list) else (said,),
        proof=question.id in evidence,
    )


def missing_rows(sections: Sequence[SummarySection], answers: Answers) -> list[SummaryRow]:
    return [row for section in sections for row in section.rows if row.id not in answers]


def reread_rows(edition: Edition, sections: Sequence[SummarySection]) -> list[SummaryRow]:
    """Every shown question that has an urgent option, whatever was answered."""
    grave = {question.id for question in edition.questions() if has_urgent_option(question)}
    return [row for section in sections for row in section.rows if row.id in grave]


def has_urgent_option(question: Question) -> bool:
    return "urgent" in [part.sign for parts in (question.options, question.bands, question.steps) for part in parts]


def get_contradicted_facts(
    edition: Edition, now: FactsState, sections: Sequence[SummarySection]
) -> list[ContradictedFact]:
    """What does not go together: “You said this here and that there”. Never about an answer to a question that may raise a sign."""
    facts = {fact.id: fact for fact in edition.duty_book.facts}
    rows = {row.id: row for section in sections for row in section.rows}
    return [
        ContradictedFact(
            SummaryFact(one.fact, facts[one.fact].ask, stored_fact_text(facts[one.fact], one.given)),
            tuple(rows[name] for name in one.questions if name in rows),
        )
        for one in now.contradictions
    ]


def summary_facts(edition: Edition, now: FactsState) -> tuple[list[SummaryFact], list[SummaryFact]]:
    """The facts given in the form, and those told by answers."""
    facts = edition.duty_book.facts
    given = [
        SummaryFact(fact.id, fact.ask, stored_fact_text(fact, now.given[fact.id]))
        for fact in facts
        if fact.id in now.given
    ]
    derived = [
        SummaryFact(fact.id, fact.ask, stored_fact_text(fact, now.derived[fact.id]))
        for fact in facts
        if fact.id in now.derived
    ]
    return given, derived


@dataclass(frozen=True, slots=True)
class ListedQuestion:
    """One question in words. `how` says what to give where there is nothing to choose; `many` that several may be chosen."""

    number: int
    ask: str
    quick: bool
    hint: str | None
    asked_if: str | None
    options: tuple[str, ...]
    many: bool
    how: str | None
    columns: tuple[str, ...]
    why: str | None
    evidence: str | None


@dataclass(frozen=True, slots=True)
class ListedSection:
    id: str
    title: str
    questions: tuple[ListedQuestion, ...]


@dataclass(frozen=True, slots=True)
class QuestionCounts:
    total: int
    always: int


def count_questions(edition: Edition) -> QuestionCounts:
    questions = edition.questions()
    return QuestionCounts(len(questions), sum(question.show_if is None for question in questions))


def list_questions(edition: Edition, texts: Mapping[str, str]) -> tuple[ListedSection, ...]:
    numbers = question_numbers(edition)
    return tuple(
        ListedSection(
            section.id,
            section.title,
            tuple(_list_question(question, numbers[question.id], edition, texts) for question in section.questions),
        )
        for section in edition.sections
    )


def _list_question(question: Question, number: int, edition: Edition, texts: Mapping[str, str]) -> ListedQuestion:
    def filled(text: str | None) -> str | None:
        return None if text is None else fill_placeholders(text, texts)

    return ListedQuestion(
        number=number,
        ask=fill_placeholders(question.ask, texts),
        quick=question.quick,
        hint=filled(question.hint),
        asked_if=filled(condition_text(question, edition)),
        options=tuple(fill_placeholders(option.label, texts) for option in question.options if not option.retired),
        many=question.type == "choices",
        how=_how_to_answer(question),
        columns=tuple(_column_text(column) for column in question.columns),
        why=filled(question.why),
        evidence=filled(question.evidence),
    )


def _how_to_answer(question: Question) -> str | None:
    if question.type == "number":
        return f"a number ({question.unit})" if question.unit else "a number"
    return {"percentage": "a percentage, from 0 to 100", "date": "a date", "text": "a line of text"}.get(question.type)


def _column_text(column: Column) -> str:
    if not column.options:
        return column.label
    return f"{column.label}: {', '.join(option.label for option in column.options)}"


_COMPARISON_TEXTS = {
    "at_least": "is {} or more",
    "at_most": "is {} or less",
    "more_than": "is more than {}",
    "less_than": "is less than {}",
    "before": "is before {}",
    "after": "is after {}",
}


def question_numbers(edition: Edition) -> dict[str, int]:
    return {question.id: number for number, question in enumerate(edition.questions(), 1)}


def condition_text(question: Question, edition: Edition) -> str | None:
    """“Asked only if the answer to question 7 includes “A van”.”, or None for a question that is always asked."""
    if question.show_if is None:
        return None
    by_id = {one.id: one for one in edition.questions()}
    return f"Asked only if {_condition_in_words(question.show_if, by_id, question_numbers(edition))}."


def _condition_in_words(  # one answer for each kind of condition
    condition: Condition, questions: Mapping[str, Question], numbers: Mapping[str, int]
) -> str:
    match condition:
        case Leaf():
            return _comparison_text(condition, questions, numbers, no=False)
        case Not(Leaf() as leaf):
            return _comparison_text(leaf, questions, numbers, no=True)
        case Asked(asked):
            return f"question {numbers[asked]} is asked"
        case AllOf(parts):
            return ", and ".join(_condition_in_words(part, questions, numbers) for part in parts)
        case AnyOf(parts):
            return ", or ".join(_condition_in_words(part, questions, numbers) for part in parts)
        case AtLeastOf(n, parts):
            return f"at least {n} of these are so: " + "; ".join(
                _condition_in_words(part, questions, numbers) for part in parts
            )
        case Not(part):
            return f"this is not so: {_condition_in_words(part, questions, numbers)}"
        case _:
            raise TypeError(f"{condition} belongs to the duties, not to a question")


def _comparison_text(leaf: Leaf, questions: Mapping[str, Question], numbers: Mapping[str, int], *, no: bool) -> str:
    subject = f"the answer to question {numbers[leaf.subject]}"
    if leaf.test in _COMPARISON_TEXTS:
        compared = _COMPARISON_TEXTS[leaf.test].format(leaf.value)
        return f"{subject} {compared.replace('is ', 'is not ', 1) if no else compared}"
    labels = {option.id: option.label for option in questions[leaf.subject].options}
    wanted = leaf.value if isinstance(leaf.value, tuple) else (str(leaf.value),)
    named = _join_with_or([f"“{labels.get(one, one)}”" for one in wanted])
    if leaf.test in {"includes", "includes_any"}:
        return f"{subject} {'does not include' if no else 'includes'} {named}"
    return f"{subject} is {'not ' if no else ''}{named}"


def _join_with_or(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
