"""The page of a section: its frame and its questions, kept ready for one day and filled for each look."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from jinja2 import Environment
from markupsafe import Markup, escape

from assess.assessments.careful.asking import Asked
from assess.assessments.moulds import Mould, slot
from assess.assessments.progress import Progress, what_is_left
from assess.assessments.question_parts import Faults, QuestionPart, make_part
from assess.assessments.typed import Typed, from_stored
from assess.engine.bank import Section, Value

FROM_TASKS = {"back": b"../", "next": b"Save and continue", "carried": b""}
FROM_CHECK = {
    "back": b"../check",
    "next": b"Save and go back to your answers",
    "carried": b'<input type="hidden" name="back" value="check">',
}
"""Where a person came from. The form keeps it in mind, through errors and new questions."""

REOPEN = "reopen"
"""The field of a form that opens the answers for correction again before it saves."""
CLOSED_NEXT = b"Open the answers again and save this page"

_NOTHING = Markup("")
MOST_KEPT = 200
"""Frames and questions of a handful of editions; past it everything is rendered anew."""


@dataclass(slots=True)
class Shown:
    """One question as the page shows it now. `typed` is what a form said, where that is not what is stored."""

    id: str
    revision: int
    value: Value | None = None
    proof: bool = False
    typed: Typed | None = None
    faults: Faults = ()
    again: str = ""
    """Why its answer waits to be confirmed, in words; empty where it does not."""

    def in_form(self, part: QuestionPart) -> bytes:
        """The question as HTML in UTF-8: with what was typed, else with what is stored."""
        if self.again:
            typed = self.typed or from_stored(part.question, self.value, proof=self.proof)
            return part.fill(typed, self.revision, self.faults, again=self.again).encode()
        if self.typed is None:
            return part.answered(self.value, proof=self.proof, revision=self.revision)
        return part.fill(self.typed, self.revision, self.faults).encode()


@dataclass(slots=True)
class Shelf:
    """Rendered parts, all of one day, since rates and phone numbers are dated."""

    day: date | None = None
    frames: dict[tuple[int, bool, str], Mould] = field(default_factory=dict)
    parts: dict[tuple[int, bool, str], dict[str, QuestionPart]] = field(default_factory=dict)

    def turn_to(self, day: date) -> None:
        """Throw everything away that is of another day, or too much."""
        if day != self.day or len(self.frames) > MOST_KEPT:
            self.day = day
            self.frames.clear()
            self.parts.clear()


@dataclass(frozen=True, slots=True)
class Look:
    """What differs from look to look: token of the form, how far the business is, what to say above the questions."""

    token: str
    progress: Progress
    notice: str = ""
    helped: str = ""
    """That a coordinator can open it, while one can."""
    from_check: bool = False
    has_faults: bool = False
    closed: bool = False
    """The answers were closed while the page was open: nothing of it is saved yet."""
    asked: Sequence[Asked] = ()
    """Texts to ask about before they are saved."""
    ticks: Collection[str] = ()
    """The marks of texts that are to be kept as they are."""


class SectionPages:
    """Makes section pages. One for each app."""

    def __init__(self, templates: Environment, render: Callable[..., str]) -> None:
        """`render` renders a whole page with what all pages share, as Flask's `render_template` does."""
        self._templates = templates
        self._render = render
        self._shelf = Shelf()

    def page(
        self,
        edition_id: int,
        title: str,
        section: Section,
        *,
        quick: bool,
        texts: Callable[[], Mapping[str, str]],
        today: date,
        questions: Sequence[Shown],
        look: Look,
    ) -> bytes:
        """The finished page in UTF-8. `title` is the bank's; `texts` gives the dated settings in words, and is asked only once a day."""
        self._shelf.turn_to(today)
        frame = self._frame(edition_id, section, quick=quick)
        made = self._parts(edition_id, section, texts, quick=quick)
        filled = [question.in_form(made[question.id]) for question in questions]
        faults = summary_rows([made[question.id] for question in questions], questions) if look.has_faults else []
        way = look.progress.way
        came_from = FROM_CHECK if look.from_check else FROM_TASKS
        closed = {"next": CLOSED_NEXT, "carried": came_from["carried"] + _REOPENS} if look.closed else {}
        if look.asked or look.ticks:
            carried = (closed or came_from)["carried"]
            closed = {**closed, "carried": carried + self._careful(look.asked, look.ticks).encode()}
        place = f"Section {way.index(section.id) + 1} of {len(way)}" if section.id in way else title
        return frame.fill_encoded(
            {
                "place": place.encode(),
                "token": look.token.encode(),
                "questions": b"".join(filled),
                "left": what_is_left(look.progress).encode(),
                "summary": self._summary(faults).encode() if faults else b"",
                "error": b"Error: " if faults else b"",
                "notice": look.notice.encode(),
                "helped": look.helped.encode(),
                "comments": f"../comments/section/{section.id}".encode(),
                **came_from,
                **closed,
            }
        )

    def _frame(self, edition_id: int, section: Section, *, quick: bool) -> Mould:
        key = (edition_id, quick, section.id)
        frame = self._shelf.frames.get(key)
        if frame is None:
            tables = any(question.type == "table" for question in section.questions)
            frame = Mould(
                self._render(
                    "assessments/section.html", section=section, slot=slot, tables=tables, edition_id=edition_id
                )
            )
            self._shelf.frames[key] = frame
        return frame

    def _parts(
        self, edition_id: int, section: Section, texts: Callable[[], Mapping[str, str]], *, quick: bool
    ) -> Mapping[str, QuestionPart]:
        key = (edition_id, quick, section.id)
        parts = self._shelf.parts.get(key)
        if parts is None:
            words = texts()
            parts = {question.id: make_part(question, words, self._templates) for question in section.questions}
            self._shelf.parts[key] = parts
        return parts

    def _careful(self, asked: Sequence[Asked], ticks: Collection[str]) -> str:
        macros = self._templates.get_template("assessments/_careful.html").module
        return str(macros.careful_box(asked, sorted(ticks)))  # type: ignore[attr-defined]  # a macro of the template

    def _summary(self, faults: Sequence[tuple[str, str]]) -> str:
        macros = self._templates.get_template("kit/forms.html").module
        return str(macros.error_summary(faults))  # type: ignore[attr-defined]  # a macro of the template


def summary_rows(parts: Sequence[QuestionPart], questions: Sequence[Shown]) -> list[tuple[str, str]]:
    """One line for each fault, in the order of the page: the id to go to, and the sentence with its question."""
    rows: list[tuple[str, str]] = []
    for part, question in zip(parts, questions, strict=True):
        faults = question.faults
        if isinstance(faults, Mapping):
            labels = {column.id: column.label for column in part.question.columns}
            rows += [
                (f"{question.id}-{number}-{column}", f"Row {number + 1}, {labels.get(column, column)}: {sentence}")
                for number, cells in faults.items()
                for column, said in cells.items()
                for sentence in said
            ]
        else:
            target = f"{question.id}-0-{part.question.columns[0].id}" if part.question.columns else question.id
            rows += [(target, f"{short(part.words.ask)}: {sentence}") for sentence in faults]
    return rows


def short(ask: str) -> str:
    """The first sentence of a question, without its mark: enough to tell it by."""
    first = ask.split("? ", 1)[0].split(". ", 1)[0].rstrip("?.")
    return first if len(first) <= 90 else first[:88].rsplit(" ", 1)[0] + " …"  # noqa: PLR2004 - about one line


_REOPENS = f'<input type="hidden" name="{REOPEN}" value="yes">'.encode()


def closed_notice(overview: str = "../") -> str:
    """The banner over a page that could not be saved because somebody closed the answers meanwhile; it holds all that was typed.

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
        ).format(CLOSED_NEXT.decode(), overview),
    )


def moved_notice() -> str:
    """The banner over a page that could not be saved because the questions are others by now; it holds what was typed."""
    return _banner(
        "Not saved",
        Markup(
            "This page is not saved. While you had it open, somebody moved this self-check to newer questions, or back. "
            "What you typed is still below, beside the questions as they are now."
        ),
        Markup('<p class="govuk-body">Read them, then save this page.</p>'),
    )


def opened_notice(questions: Sequence[str], count: int) -> str:
    """The banner after a save that made more questions relevant on the same page."""
    words = "There is 1 more question" if count == 1 else f"There are {count} more questions"
    target = escape(questions[0])
    return _banner(
        "Saved",
        Markup(
            '{} on this page after what you answered. <a class="govuk-notification-banner__link" href="#{}">Go to the first</a>'
        ).format(words, f"{target}--group"),
    )


def _banner(title: str, heading: Markup, rest: Markup = _NOTHING) -> str:
    return Markup(
        '<div class="govuk-notification-banner" role="region" aria-labelledby="notice-title" id="notice">'
        '<div class="govuk-notification-banner__header"><h2 class="govuk-notification-banner__title" id="notice-title">{}</h2></div>'
        '<div class="govuk-notification-banner__content"><p class="govuk-notification-banner__heading">{}</p>{}</div></div>'
    ).format(title, heading, rest)
