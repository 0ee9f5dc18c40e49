"""What was typed, as it came and as it goes out again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from assess.assessments.fields import field_for
from assess.assessments.typed import (
    LONGEST_RAW,
    Typed,
    contradicts,
    fields_of,
    from_stored,
    raw_value,
    read_typed,
    revision_in,
    was_on_page,
)
from assess.engine.bank import Column, Option, Question


def question(kind: str, **more: object) -> Question:
    return Question(id="q", ask="What?", type=kind, kind="fact", dimension="d", **more)


OPTIONS = tuple(Option(id=name, label=name) for name in ("a", "b", "c", "dk"))
TABLE = question(
    "table",
    columns=(
        Column("kind", "Kind", "choice", OPTIONS),
        Column("people", "People", "number"),
        Column("day", "Day", "date"),
    ),
)

VALUES = st.one_of(
    st.tuples(st.just(question("choice", options=OPTIONS)), st.sampled_from(["a", "b", "dk"])),
    st.tuples(
        st.just(question("choices", options=OPTIONS)),
        st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, unique=True),
    ),
    st.tuples(st.just(question("choices", options=OPTIONS)), st.just(["dk"])),
    st.tuples(
        st.just(question("number")),
        st.just("dk") | st.integers(0, 10**15) | st.floats(0, 10**9, allow_subnormal=False).map(lambda x: round(x, 4)),
    ),
    st.tuples(st.just(question("date")), st.just("dk") | st.dates().filter(lambda d: 1800 <= d.year <= 2200).map(str)),
    st.tuples(
        st.just(TABLE),
        st.lists(
            st.fixed_dictionaries(
                {"people": st.integers(0, 99)},
                optional={"kind": st.sampled_from(["a", "b"]), "day": st.just("2026-03-27")},
            ),
            max_size=12,
        ),
    ),
)


@given(VALUES)
def test_what_is_stored_comes_back_unchanged_through_the_form(pair: tuple[Question, object]) -> None:
    asked, value = pair
    typed = from_stored(asked, value)
    form = MultiDict([*fields_of(asked, typed), ("q.seen", "1")])
    again = read_typed(form, asked)
    assert raw_value(asked, again) is not None
    clean = field_for(asked, typed=True).deserialize(raw_value(asked, again))
    assert clean == value


def test_a_question_left_open_says_nothing() -> None:
    for kind in ("choice", "choices", "number", "date", "text"):
        asked = question(kind, options=OPTIONS)
        assert raw_value(asked, read_typed(MultiDict({"q": "  "}), asked)) is None
    assert raw_value(TABLE, read_typed(MultiDict({"q.0.kind": "", "q.0.people": ""}), TABLE)) is None


def test_ticking_that_there_are_none_is_an_answer_to_a_table() -> None:
    assert raw_value(TABLE, Typed(ticked=True)) == []


def test_two_answers_at_once_are_a_contradiction() -> None:
    assert contradicts(question("number"), Typed(texts=("5",), ticked=True))
    assert contradicts(TABLE, Typed(rows=({"people": "5"},), ticked=True))
    assert contradicts(TABLE, Typed(rows=({"people": ""},), ticked=True)) is None
    assert contradicts(question("number"), Typed(ticked=True)) is None
    assert contradicts(question("choice", options=OPTIONS), Typed(texts=("a",), ticked=True)) is None


@pytest.mark.parametrize(("raw", "revision"), [("3", 3), ("", 0), ("-1", 0), ("٣", 0), ("9" * 40, 0), ("1.5", 0)])
def test_a_revision_that_cannot_be_read_is_none(raw: str, revision: int) -> None:
    assert revision_in(MultiDict({"q.seen": raw}), "q.seen") == revision


def test_a_question_was_on_the_page_when_its_revision_comes_back() -> None:
    assert was_on_page(MultiDict({"q.seen": "0"}), "q")
    assert not was_on_page(MultiDict({"q": "a"}), "q")


def test_endless_text_is_cut() -> None:
    typed = read_typed(MultiDict([("q", "x" * 10_000)] * 2000), question("choices", options=OPTIONS))
    assert len(typed.texts) <= 30
    assert len(typed.text) == LONGEST_RAW
