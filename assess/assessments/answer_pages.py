"""Which questions stand together on one page, the same for everybody; and how many minutes words and taps take."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assess.engine.bank import Edition, Question, Section, kept_by_edition
from assess.engine.conditions import condition_subjects
from assess.engine.visibility import quick_edition
from assess.question_banks.question_types import QUESTION_FORMS

WORDS_A_MINUTE, SECONDS_A_TAP = 200, 6
QUICK_QUESTIONS, FULL_QUESTIONS = 4, 5
MAX_WORDS = 340
"""Of the questions of one page; with its heading and buttons it stays under 400."""
QUICK_WORDS_AROUND, QUICK_TAPS_AROUND = 800.0, 9.0
"""What a quick check has beside its questions and their pages: the first three pages, the check page and the first page of the result."""
FULL_WORDS_AROUND, FULL_TAPS_AROUND = 1950.0, 12.0
PAGE_WORDS = 20
"""Of the heading and the buttons of one page of questions."""


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """`number` counts all pages of the form from 1, `part` those of the section. A quick check has pages across sections: `section` is None."""

    number: int
    questions: tuple[Question, ...]
    section: Section | None = None
    part: int = 1


def answer_pages(edition: Edition, *, quick: bool) -> tuple[AnswerPage, ...]:
    """The pages on which this edition is asked, in order. They hang on no answer, so nothing moves from one page to another."""
    return _quick_pages(edition) if quick else _section_pages(edition)


@kept_by_edition
def _quick_pages(edition: Edition) -> tuple[AnswerPage, ...]:
    def fits(page: Sequence[Question]) -> bool:
        return len(page) <= QUICK_QUESTIONS

    pages = _split(edition.questions(), fits)
    if len(pages) > 1 and all(question.show_if for question in pages[-1]):
        # the last page asks for the name too, so it has to be there for everybody
        *before, last = pages[-2:][0]
        subjects = {subject for question in pages[-1] for subject in _subjects(question)}
        if before and last.show_if is None and last.id not in subjects:
            pages[-2:] = [before, _in_order(edition, [*pages[-1], last])]
    return tuple(AnswerPage(number, tuple(page)) for number, page in enumerate(pages, 1))


@kept_by_edition
def _section_pages(edition: Edition) -> tuple[AnswerPage, ...]:
    pages: list[AnswerPage] = []
    for section in edition.sections:
        parts = _even_parts(section.questions)
        pages += [
            AnswerPage(len(pages) + part, tuple(questions), section, part) for part, questions in enumerate(parts, 1)
        ]
    return tuple(pages)


def _even_parts(questions: Sequence[Question]) -> list[list[Question]]:
    """As few pages as can be, and of those the ones of the most even length."""
    most = min(FULL_QUESTIONS, len(questions))

    def parts_of(longest: int) -> list[list[Question]]:
        return _split(questions, lambda page: len(page) <= longest and sum(map(question_words, page)) <= MAX_WORDS)

    fewest = parts_of(most)
    return next(parts for longest in range(1, most + 1) if len(parts := parts_of(longest)) == len(fewest))


def _split(questions: Sequence[Question], fits: Callable[[Sequence[Question]], bool]) -> list[list[Question]]:
    """In the order of the bank, but that a question which hangs on one of the same page waits for the next: no saved page grows."""
    pages: list[list[Question]] = []
    left = list(questions)
    while left:
        page: list[Question] = []
        waiting: list[Question] = []
        for place, question in enumerate(left):
            if page and not fits([*page, question]):
                waiting += left[place:]
                break
            hangs_on_this_page = {one.id for one in (*page, *waiting)} & set(_subjects(question))
            (waiting if hangs_on_this_page else page).append(question)
        pages.append(page)
        left = waiting
    return pages


def _subjects(question: Question) -> Iterator[str]:
    return condition_subjects(question.show_if) if question.show_if is not None else iter(())


def _in_order(edition: Edition, questions: Sequence[Question]) -> list[Question]:
    wanted = {question.id for question in questions}
    return [question for question in edition.questions() if question.id in wanted]


def question_words(question: Question) -> int:
    """About as many words as its part of the page shows unopened; the tick for proof included where a full assessment asks for it."""
    texts = [question.ask, question.hint or "", *(option.label for option in question.options if not option.retired)]
    texts += [column.label for column in question.columns]
    if QUESTION_FORMS[question.type].tick:
        texts.append("Don’t know")
    if question.why:
        texts.append("Why we ask")
    if question.kind == "safeguard" and question.evidence:
        texts.append("We could show proof")
    return len(" ".join(texts).split())


def minutes_for(words: float, taps: float) -> int:
    """To read and to tap, in whole minutes."""
    return round(words / WORDS_A_MINUTE + taps * SECONDS_A_TAP / 60)


@kept_by_edition
def words_by_question(edition: Edition) -> Mapping[str, int]:
    return {question.id: question_words(question) for question in edition.questions()}


SHARE_OF_CONDITIONAL = 0.6
"""Of the questions that hang on another a business is asked about so many."""


def minutes_left(edition: Edition, missing: Collection[str], pending: Collection[str], *, quick: bool) -> int:
    """Of the minutes of the whole way, the share of what is left: at its begin the same number as on the first page."""
    words = words_by_question(edition)
    left = sum(words[name] for name in missing) + SHARE_OF_CONDITIONAL * sum(words[name] for name in pending)
    whole = sum(
        words[question.id] * (1.0 if question.show_if is None else SHARE_OF_CONDITIONAL)
        for question in edition.questions()
    )
    return round(form_minutes(edition, quick=quick) * left / whole) if whole else 0


def form_minutes(edition: Edition, *, quick: bool) -> int:
    """How long the whole way takes, from the first page to the result."""
    asked = quick_edition(edition) if quick else edition
    words, taps = (QUICK_WORDS_AROUND, QUICK_TAPS_AROUND) if quick else (FULL_WORDS_AROUND, FULL_TAPS_AROUND)
    for page in answer_pages(asked, quick=quick):
        shares = [1.0 if question.show_if is None else SHARE_OF_CONDITIONAL for question in page.questions]
        words += max(shares) * PAGE_WORDS + sum(
            share * question_words(replace(question, evidence=None) if quick else question)
            for share, question in zip(shares, page.questions, strict=True)
        )
        taps += max(shares) + sum(shares)
    return minutes_for(words, taps)
