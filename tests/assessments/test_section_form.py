"""A posted section: one fault costs nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from assess.assessments.section_form import read_section
from assess.engine.bank import Column, Option, Question


def question(name: str, kind: str, **more: object) -> Question:
    return Question(id=name, ask="What?", type=kind, kind=more.pop("role", "safeguard"), dimension="d", **more)


OPTIONS = tuple(Option(id=name, label=name) for name in ("a", "b", "none", "dk"))
QUESTIONS = (
    question("one", "choice", options=OPTIONS, evidence="A note"),
    question("many", "choices", options=OPTIONS),
    question("hours", "number"),
    question(
        "homes",
        "table",
        role="fact",
        columns=(Column("kind", "Kind", "choice", OPTIONS), Column("people", "People", "number")),
    ),
)


def form(*pairs: tuple[str, str]) -> MultiDict[str, str]:
    return MultiDict([*((f"{q.id}.seen", "2") for q in QUESTIONS), *pairs])


def test_valid_answers_are_kept_beside_a_fault() -> None:
    posted = read_section(form(("one", "a"), ("hours", "lots"), ("many", "a"), ("many", "b")), QUESTIONS)
    assert posted.changes == {"one": "a", "many": ["a", "b"], "homes": None}
    assert list(posted.faults) == ["hours"]
    assert posted.typed["hours"].text == "lots"
    assert posted.seen["one"] == 2


def test_a_question_that_was_not_on_the_page_is_left_alone() -> None:
    posted = read_section(MultiDict({"one": "a", "hours.seen": "0"}), QUESTIONS)
    assert posted.asked == ["hours"]
    assert posted.changes == {"hours": None}


def test_radios_that_send_nothing_take_nothing_back_but_boxes_do() -> None:
    posted = read_section(form(), QUESTIONS)
    assert "one" not in posted.changes
    assert posted.changes["many"] is None
    assert posted.changes["hours"] is None


def test_an_option_nobody_offered_gets_a_sentence() -> None:
    posted = read_section(form(("one", "zzz"), ("many", "a"), ("many", "zzz")), QUESTIONS)
    assert list(posted.faults["one"]) == ["Choose one of the answers in the list."]
    assert list(posted.faults["many"]) == ["Choose only answers in the list."]


def test_a_row_can_be_removed_by_its_button() -> None:
    rows = (("homes.0.people", "1"), ("homes.1.people", "2"), ("homes.2.people", "3"))
    posted = read_section(form(*rows, ("remove", "homes.1")), QUESTIONS)
    assert posted.changes["homes"] == [{"people": 1}, {"people": 3}]


def test_faults_of_cells_stand_at_the_row_of_the_page() -> None:
    posted = read_section(form(("homes.0.people", ""), ("homes.1.people", "many")), QUESTIONS)
    assert list(posted.faults["homes"]) == [1]


def test_proof_is_asked_for_safeguards_only() -> None:
    posted = read_section(form(("one.proof", "yes"), ("homes.proof", "yes")), QUESTIONS)
    assert posted.proof_asked == ["one"]
    assert posted.proof_noted == {"one"}


def test_after_a_conflict_theirs_is_left_alone_and_mine_goes_with_the_newest_revision() -> None:
    posted = read_section(
        form(("one", "a"), ("one.pick", "theirs"), ("hours", "5"), ("hours.pick", "mine"), ("hours.newest", "7")),
        QUESTIONS,
    )
    assert "one" not in posted.asked
    assert posted.changes["hours"] == 5
    assert posted.seen["hours"] == 7


_NAMES = st.sampled_from(
    ["one", "many", "hours", "homes", "one.seen", "many.seen", "hours.seen", "homes.seen", "hours.dk", "homes.none", "homes.0.people",
     "homes.0.kind", "homes.1.people", "homes.99.people", "remove", "add", "one.pick", "one.newest", "other"]
)  # fmt: skip


@given(
    st.lists(
        st.tuples(
            _NAMES,
            st.sampled_from(["a", "none", "dk", "5", "homes.0", "homes.9999999", "mine", "٣"]) | st.text(max_size=12),
        )
    )
)
def test_whatever_is_posted_every_question_is_kept_or_gets_its_sentence(pairs: list[tuple[str, str]]) -> None:
    posted = read_section(MultiDict(pairs), QUESTIONS)
    for name in posted.asked:
        assert not (name in posted.changes and name in posted.faults)
        assert name in posted.typed
