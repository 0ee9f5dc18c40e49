from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.banks.drafts.models import Draft
from assess.banks.folder import QUESTIONNAIRES
from assess.banks.schema_fields import options_as_text
from assess.banks.sheets import read_folder
from assess.editor.checks.spots import checks_of
from assess.editor.conditions.rows import (
    DUTY,
    FITTING,
    TERM,
    Choice,
    Line,
    Part,
    Rows,
    Subject,
    condition_of,
    plainest,
    rows_of,
)
from assess.editor.conditions.subjects import subjects_of
from assess.editor.workbench import Workbench
from assess.engine.conditions import All, AtLeastOf, Leaf, Not
from assess.engine.reading_conditions import read_condition
from tests.conftest import TODAY
from tests.long_runs import examples

OPTIONS = (("yes", "Yes"), ("no", "No"), ("7", "Seven"))
SUBJECTS = MappingProxyType(
    {
        one.id: one
        for one in (
            Subject("papers", "Who keeps papers?", "choice", OPTIONS),
            Subject("people", "Who works here?", "choices", OPTIONS),
            Subject("hours", "How many hours?", "number"),
            Subject("day", "On which day?", "date"),
            Subject("note", "Anything else?", "text"),
            Subject("hires", "Do you hire?", "yes_no", can_be_asked=False),
            Subject(f"{TERM}large", "large", "term", can_be_asked=False),
            Subject(f"{DUTY}uk", "A duty", "duty", can_be_asked=False),
        )
    }
)


def reads(written: object) -> object:
    return None if written is None else plainest(read_condition(options_as_text(written)))


# --- every condition there is ---


def test_every_condition_of_every_bank_is_lines_of_menus_and_comes_back_the_same() -> None:
    at_work = Workbench(cast("Draft", None), read_folder(QUESTIONNAIRES), TODAY)
    deep, seen = [], 0
    for bank, written, subjects in conditions_of(at_work):
        seen += 1
        rows = rows_of(written, subjects)
        if rows is None:
            deep.append((bank, written))
        else:
            assert reads(condition_of(rows)) == reads(written)
    assert seen > 50
    assert deep == []


def conditions_of(at_work: Workbench) -> Iterator[tuple[str, object, dict[str, Subject]]]:
    for bank in at_work.shelf.banks():
        everything = subjects_of(at_work, bank)
        for question in at_work.questions_of(bank):
            if "show_if" in question.data:
                yield bank, question.data["show_if"], subjects_of(at_work, bank, before=question.data["id"])
        for check in checks_of(at_work, bank):
            for key in {"when", "unless"} & set(check.data):
                yield bank, check.data[key], everything


def test_conditions_of_duties_are_lines_of_menus_too_but_for_one() -> None:
    """Canada asks for one of three, of which the third joins three again."""
    shelf = read_folder(QUESTIONNAIRES)
    facts: Any = shelf.sheets["duties/facts.yaml"].data
    duties: Any = [
        *shelf.sheets["duties/uk.yaml"].data["duties"],
        *shelf.sheets["duties/international.yaml"].data["duties"],
    ]  # type: ignore[misc]  # lists of duties
    subjects = {
        one["id"]: Subject(
            one["id"],
            one["ask"],
            one["type"],
            tuple((o["id"], o["label"]) for o in one.get("options", [])),
            "",
            can_be_asked=False,
        )
        for one in facts["facts"]
    }
    subjects |= {f"{TERM}{name}": Subject(f"{TERM}{name}", name, "term", can_be_asked=False) for name in facts["terms"]}
    subjects |= {
        f"{DUTY}{one['id']}": Subject(f"{DUTY}{one['id']}", one["title"], "duty", can_be_asked=False) for one in duties
    }
    deep = 0
    for written in [*facts["terms"].values(), *(one["when"] for one in duties if one["when"] != "always")]:
        rows = rows_of(written, subjects)
        if rows is None:
            deep += 1
        else:
            assert reads(condition_of(rows)) == reads(written)
    assert deep == 1


# --- any condition the menus can build ---


def a_line() -> st.SearchStrategy[Line]:
    return st.sampled_from(list(SUBJECTS.values())).flatmap(
        lambda subject: st.sampled_from(subject.tests).flatmap(lambda test: a_line_of(subject, test))
    )


def a_line_of(subject: Subject, test: Choice) -> st.SearchStrategy[Line]:
    values: st.SearchStrategy[Any] = st.just(())
    if test in {"one_of", "any_of", "exactly"}:
        values = st.lists(st.sampled_from([name for name, _ in subject.options]), min_size=1, unique=True).map(tuple)
    elif subject.type == "yes_no":
        values = st.tuples(st.booleans())
    elif subject.type == "date":
        values = st.dates().map(lambda day: (day.isoformat(),))
    elif test in FITTING["number"]:
        values = st.tuples(st.integers(0, 99) | st.floats(0, 99))
    return st.builds(Line, st.just(subject.id), st.just(test), values, st.booleans())


def joined(things: st.SearchStrategy[Any], build: type[Part | Rows]) -> st.SearchStrategy[Any]:
    def whole(of: list[Any]) -> st.SearchStrategy[Any]:
        if len(of) == 1:
            return st.just(build(tuple(of)))
        how = st.sampled_from((("all", 1), ("any", 1), *(("at_least", n) for n in range(1, len(of) + 1))))
        return st.builds(lambda join, turned: build(tuple(of), *join, turned), how, st.booleans())

    return st.lists(things, min_size=1, max_size=3).flatmap(whole)


@settings(max_examples=examples(60), deadline=None)
@given(rows=joined(joined(a_line(), Part), Rows))
def test_lines_make_a_condition_that_makes_them_again(rows: Rows) -> None:
    written = condition_of(rows)
    again = rows_of(written, SUBJECTS)
    assert again is not None
    assert condition_of(again) == written
    assert rows_of(condition_of(again), SUBJECTS) == again


# --- one by one ---


@pytest.mark.parametrize(
    ("rows", "written"),
    [
        (Rows(), None),
        (Rows((Part((Line("papers", "one_of", ("no",)),)),)), {"papers": {"is": "no"}}),
        (Rows((Part((Line("papers", "one_of", ("no", "7")),)),)), {"papers": {"is_one_of": ["no", "7"]}}),
        (Rows((Part((Line("people", "any_of", ("no",), turned=True),)),)), {"not": {"people": {"includes": "no"}}}),
        (Rows((Part((Line("people", "exactly", ("no",)),)),)), {"people": {"is": ["no"]}}),
        (Rows((Part((Line("note", "asked"), Line("hours", "at_least", (2,))), "at_least", 2, turned=True),)),
         {"not": {"at_least_of": {"n": 2, "of": [{"asked": "note"}, {"hours": {"at_least": 2}}]}}}),
        (Rows((Part((Line(f"{TERM}large", "met"),)), Part((Line(f"{DUTY}uk", "applies"), Line("hires", "is", (True,))))), "any"),
         {"any": [{"term": "large"}, {"all": [{"applies": "uk"}, {"hires": {"is": True}}]}]}),
    ],
)  # fmt: skip
def test_a_condition_and_its_lines(rows: Rows, written: object) -> None:
    assert condition_of(rows) == written
    assert rows_of(written, SUBJECTS) == rows


def test_what_is_true_for_everybody_has_no_lines() -> None:
    assert rows_of("always", SUBJECTS) == Rows()


@pytest.mark.parametrize(
    "written",
    [
        {"all": [{"any": [{"all": [{"asked": "note"}, {"asked": "day"}]}, {"asked": "note"}]}, {"asked": "day"}]},
        {
            "not": {
                "not": {
                    "any": [
                        {"any": [{"any": [{"asked": "note"}, {"asked": "day"}]}, {"asked": "day"}]},
                        {"asked": "day"},
                    ]
                }
            }
        },
        {"later": {"is": "no"}},
        {"papers": {"is": "gone"}},
        {"papers": {"at_least": 3}},
        {"people": {"is_one_of": ["no", "yes"]}},
        {"papers": {"is": ["no", "yes"]}},
        {"hours": {"is": "many"}},
        {"asked": "hires"},
        {"papers": "no"},
    ],
)
def test_what_the_menus_cannot_show_is_left_alone(written: object) -> None:
    assert rows_of(written, SUBJECTS) is None


def test_the_plainest_way_to_say_it() -> None:
    one = Leaf("papers", "is", "no")
    assert plainest(AtLeastOf(1, (All((Not(Not(one)),)),))) == one
    assert plainest(Leaf("people", "includes_any", ("no",))) == Leaf("people", "includes", "no")
