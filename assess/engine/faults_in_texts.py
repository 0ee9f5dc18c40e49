"""Texts with gaps that nothing fills, with straight quotes, or with a rate or number that should be a gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assess.engine.bank import Edition, Question
from assess.engine.faults_in_names import actions_at, questions_at
from assess.engine.problems import Place, Problem, did_you_mean
from assess.engine.texts import placeholders

SHORTEST_LITERAL = 5
"""Shorter values, like 12 or 101, stand in texts for other reasons."""

Texts = Iterator[tuple[Place, str]]


def faults_in_texts(edition: Edition, texts: Mapping[str, str] | None) -> Iterator[Problem]:
    """Everything wrong with what people read. `texts` are the values of placeholders; None when they are not known."""
    for place, text in _filled(edition):
        yield from faults_in_text(place, text, texts)
    for place, text in _as_they_stand(edition):
        yield from _quotes(place, text)
        if "{" in text or "}" in text:
            yield Problem("BANK070", place, "Gaps in curly brackets are not filled in this kind of text.")


def faults_in_text(place: Place, text: str, texts: Mapping[str, str] | None) -> Iterator[Problem]:
    """Everything wrong with one text in which placeholders are filled. `texts` are their values; None when they are not known."""
    yield from _quotes(place, text)
    if texts is not None:
        yield from _gaps(place, text, texts)
        yield from _literals(place, text, texts)


def _filled(edition: Edition) -> Texts:
    """Texts in which placeholders are filled before anybody reads them."""
    for place, question in questions_at(edition):
        yield from _said(place, ("ask", question.ask), ("hint", question.hint), ("why", question.why))
    for place, action in actions_at(edition):
        yield (*place, "do"), action.do
    for index, check in enumerate(edition.checks):
        yield ("checks", index, "says"), check.says
    for index, gate in enumerate(edition.duty_book.gates):
        yield from _said(("duty_book", "gates", index), ("ask", gate.ask), ("hint", gate.hint))
    for index, fact in enumerate(edition.duty_book.facts):
        yield from _said(("duty_book", "facts", index), ("hint", fact.hint))
    for index, duty in enumerate(edition.duty_book.duties):
        place = ("duty_book", "duties", index)
        for key in ("applies_to", "key_number", "approver", "publish", "consequence", "line", "amount", "penalty"):
            text = getattr(duty, key)
            if text:
                yield (*place, key), text
        for number, step in enumerate(duty.must_do):
            yield (*place, "must_do", number), step.text


def _said(place: Place, *texts: tuple[str, str | None]) -> Texts:
    for key, text in texts:
        if text:
            yield (*place, key), text


def _as_they_stand(edition: Edition) -> Texts:
    """Texts that are read as they are written."""
    yield ("title",), edition.title
    for index, section in enumerate(edition.sections):
        yield ("sections", index, "title"), section.title
    for place, question in questions_at(edition):
        yield from _of_question(place, question)
    for place, action in actions_at(edition):
        yield from _said(place, ("title", action.title))
    for index, check in enumerate(edition.checks):
        yield from _said(("checks", index), ("name", check.name))
    for index, dimension in enumerate(edition.dimensions):
        yield ("dimensions", index, "name"), dimension.name
        yield ("dimensions", index, "meaning"), dimension.meaning
    for index, fact in enumerate(edition.duty_book.facts):
        yield ("duty_book", "facts", index, "ask"), fact.ask
        for number, option in enumerate(fact.options):
            yield ("duty_book", "facts", index, "options", number, "label"), option.label
    for index, duty in enumerate(edition.duty_book.duties):
        yield from _said(("duty_book", "duties", index), ("title", duty.title), ("read", duty.read))


def _of_question(place: Place, question: Question) -> Texts:
    yield from _said(place, ("evidence", question.evidence), ("name", question.name), ("not_yet", question.not_yet))
    for number, option in enumerate(question.options):
        yield (*place, "options", number, "label"), option.label
    for key in ("options", "bands", "ticks", "steps"):
        for number, part in enumerate(getattr(question, key)):
            yield from _said((*place, key, number), ("says", part.says))
    for number, column in enumerate(question.columns):
        yield (*place, "columns", number, "label"), column.label


def _quotes(place: Place, text: str) -> Iterator[Problem]:
    for quote, said in (("'", "A straight quote (')"), ('"', 'A straight quote (")')):
        if quote in text:
            yield Problem("BANK028", place, f"{said} stands in this text.")
            return


def _gaps(place: Place, text: str, texts: Mapping[str, str]) -> Iterator[Problem]:
    if text.count("{") != len(placeholders(text)) or text.count("}") != len(placeholders(text)):
        yield Problem("BANK070", place, "A curly bracket stands here that is no gap like {wage}.")
    for name in placeholders(text):
        if name not in texts:
            yield Problem("BANK070", place, f"Nothing fills the gap {{{name}}}{did_you_mean(name, texts)}")


def _literals(place: Place, text: str, texts: Mapping[str, str]) -> Iterator[Problem]:
    for name, value in texts.items():
        telling = len(value) >= SHORTEST_LITERAL and any(letter.isdigit() for letter in value)
        if telling and value in text:
            yield Problem("BANK076", place, f"“{value}” stands in this text; it is the value of {{{name}}}.")
