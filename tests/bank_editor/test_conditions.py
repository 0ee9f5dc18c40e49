from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import MappingProxyType
from typing import Any, cast, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from assess.bank_editor.conditions import (
    DUTY,
    JOINS_OF_LINES,
    TERM,
    TESTS_BY_TYPE,
    UNREADABLE_CONDITION,
    ConditionForm,
    ConditionLine,
    ConditionPart,
    ConditionRows,
    ConditionSubject,
    ConditionTest,
    LineForm,
    PartForm,
    available_subjects,
    condition_from_rows,
    condition_reads,
    condition_test_choices,
    condition_text,
    field_name,
    form_after_button,
    form_from_rows,
    read_condition_form,
    rows_from_condition,
    rows_from_form,
    simplified_condition,
    subject_from_question,
    subjects_by_group,
)
from assess.bank_editor.cross_checks import checks_of_bank
from assess.bank_editor.draft_context import DraftContext
from assess.bank_editor.fields import with_key
from assess.engine.bank_reader import read_condition
from assess.engine.conditions import AllOf, AtLeastOf, Leaf, Not
from assess.question_banks.files import QUESTIONNAIRES, read_folder
from assess.question_banks.models import Draft
from assess.question_banks.schema_fields import options_as_text
from tests.conftest import TODAY
from tests.content_files import sound_but
from tests.long_runs import examples

ORDER = ("id", "ask", "show_if", "options")


def test_a_new_key_stands_where_files_have_it() -> None:
    thing: dict[str, Any] = {"id": "x", "ask": "Why?", "options": [], "strange": 1}
    thing = with_key(thing, "show_if", {"asked": "y"}, ORDER)
    assert list(thing) == ["id", "ask", "show_if", "options", "strange"]


def test_a_key_that_is_there_keeps_its_place_and_one_without_value_goes() -> None:
    thing: dict[str, Any] = {"show_if": 1, "id": "x"}
    thing = with_key(thing, "show_if", 2, ORDER)
    assert list(thing.items()) == [("show_if", 2), ("id", "x")]
    thing = with_key(with_key(thing, "show_if", None, ORDER), "ask", None, ORDER)
    assert thing == {"id": "x"}


def test_every_test_is_said_both_ways() -> None:
    every = {test for kind in TESTS_BY_TYPE for test, _ in condition_test_choices(ConditionSubject("a", "A", kind))}
    assert every == {word for test in get_args(ConditionTest) for word in (test, f"not {test}")}


def test_a_text_can_only_have_been_asked_and_a_fact_never_is() -> None:
    assert condition_test_choices(ConditionSubject("a", "A", "text")) == [
        ("asked", "was asked"),
        ("not asked", "was not asked"),
    ]
    assert "asked" not in dict(condition_test_choices(ConditionSubject("a", "A", "yes_no", can_be_asked=False)))


def test_each_way_to_join_has_its_opposite() -> None:
    assert [value for value, _ in JOINS_OF_LINES[3:]] == [f"not {value}" for value, _ in JOINS_OF_LINES[:3]]


def test_questions_stand_in_the_order_of_asking_and_not_of_the_alphabet() -> None:
    asked = [
        ConditionSubject("a", "A", "text", group="Pay"),
        ConditionSubject("b", "B", "text", group="Hours"),
        ConditionSubject("c", "C", "text", group="Hours"),
    ]
    assert [(group, [one.id for one in found]) for group, found in subjects_by_group(asked)] == [
        ("Pay", ["a"]),
        ("Hours", ["b", "c"]),
    ]


OPTIONS = (("yes", "Yes"), ("no", "No"), ("7", "Seven"))
SUBJECTS = MappingProxyType(
    {
        one.id: one
        for one in (
            ConditionSubject("papers", "Who keeps papers?", "choice", OPTIONS),
            ConditionSubject("people", "Who works here?", "choices", OPTIONS),
            ConditionSubject("hours", "How many hours?", "number"),
            ConditionSubject("day", "On which day?", "date"),
            ConditionSubject("note", "Anything else?", "text"),
            ConditionSubject("hires", "Do you hire?", "yes_no", can_be_asked=False),
            ConditionSubject(f"{TERM}large", "large", "term", can_be_asked=False),
            ConditionSubject(f"{DUTY}uk", "A duty", "duty", can_be_asked=False),
        )
    }
)


def reads(written: object) -> object:
    return None if written is None else simplified_condition(read_condition(options_as_text(written)))


# --- every condition there is ---
def test_every_condition_of_every_bank_is_lines_of_menus_and_comes_back_the_same() -> None:
    draft_context = DraftContext(cast("Draft", None), read_folder(QUESTIONNAIRES), TODAY)
    deep, seen = [], 0
    for bank, written, subjects in conditions_of(draft_context):
        seen += 1
        rows = rows_from_condition(written, subjects)
        if rows is None:
            deep.append((bank, written))
        else:
            assert reads(condition_from_rows(rows)) == reads(written)
    assert seen > 50
    assert deep == []


def conditions_of(draft_context: DraftContext) -> Iterator[tuple[str, object, dict[str, ConditionSubject]]]:
    for bank in draft_context.files.banks():
        everything = available_subjects(draft_context, bank)
        for question in draft_context.questions_of(bank):
            if "show_if" in question.data:
                yield (
                    bank,
                    question.data["show_if"],
                    available_subjects(draft_context, bank, before=question.data["id"]),
                )
        for check in checks_of_bank(draft_context, bank):
            for key in {"when", "unless"} & set(check.data):
                yield bank, check.data[key], everything


def test_conditions_of_duties_are_lines_of_menus_too_but_for_one() -> None:
    """Canada asks for one of three, of which the third joins three again."""
    bank_files = read_folder(QUESTIONNAIRES)
    facts: Any = bank_files.files["duties/facts.yaml"].data
    duties: Any = [
        *bank_files.files["duties/uk.yaml"].data["duties"],
        *bank_files.files["duties/international.yaml"].data["duties"],
    ]  # type: ignore[misc]  # lists of duties
    subjects = {
        one["id"]: ConditionSubject(
            one["id"],
            one["ask"],
            one["type"],
            tuple((o["id"], o["label"]) for o in one.get("options", [])),
            "",
            can_be_asked=False,
        )
        for one in facts["facts"]
    }
    subjects |= {
        f"{TERM}{name}": ConditionSubject(f"{TERM}{name}", name, "term", can_be_asked=False) for name in facts["terms"]
    }
    subjects |= {
        f"{DUTY}{one['id']}": ConditionSubject(f"{DUTY}{one['id']}", one["title"], "duty", can_be_asked=False)
        for one in duties
    }
    deep = 0
    for written in [*facts["terms"].values(), *(one["when"] for one in duties if one["when"] != "always")]:
        rows = rows_from_condition(written, subjects)
        if rows is None:
            deep += 1
        else:
            assert reads(condition_from_rows(rows)) == reads(written)
    assert deep == 1


# --- any condition the menus can build ---
def a_line() -> st.SearchStrategy[ConditionLine]:
    return st.sampled_from(list(SUBJECTS.values())).flatmap(
        lambda subject: st.sampled_from(subject.tests).flatmap(lambda test: a_line_of(subject, test))
    )


def a_line_of(subject: ConditionSubject, test: ConditionTest) -> st.SearchStrategy[ConditionLine]:
    values: st.SearchStrategy[Any] = st.just(())
    if test in {"one_of", "any_of", "exactly"}:
        values = st.lists(st.sampled_from([name for name, _ in subject.options]), min_size=1, unique=True).map(tuple)
    elif subject.type == "yes_no":
        values = st.tuples(st.booleans())
    elif subject.type == "date":
        values = st.dates(date(1800, 1, 1), date(2200, 12, 31)).map(lambda day: (day.isoformat(),))
    elif test in TESTS_BY_TYPE["number"]:
        values = st.tuples(st.integers(0, 99) | st.floats(0, 99))
    return st.builds(ConditionLine, st.just(subject.id), st.just(test), values, st.booleans())


def joined(things: st.SearchStrategy[Any], build: type[ConditionPart | ConditionRows]) -> st.SearchStrategy[Any]:
    def whole(of: list[Any]) -> st.SearchStrategy[Any]:
        if len(of) == 1:
            return st.just(build(tuple(of)))
        how = st.sampled_from((("all", 1), ("any", 1), *(("at_least", n) for n in range(1, len(of) + 1))))
        return st.builds(lambda join, turned: build(tuple(of), *join, turned), how, st.booleans())

    return st.lists(things, min_size=1, max_size=3).flatmap(whole)


@settings(max_examples=examples(60), deadline=None)
@given(rows=joined(joined(a_line(), ConditionPart), ConditionRows))
def test_lines_make_a_condition_that_makes_them_again(rows: ConditionRows) -> None:
    written = condition_from_rows(rows)
    again = rows_from_condition(written, SUBJECTS)
    assert again is not None
    assert condition_from_rows(again) == written
    assert rows_from_condition(condition_from_rows(again), SUBJECTS) == again


# --- one by one ---
@pytest.mark.parametrize(
    ("rows", "written"),
    [
        (ConditionRows(), None),
        (ConditionRows((ConditionPart((ConditionLine("papers", "one_of", ("no",)),)),)), {"papers": {"is": "no"}}),
        (ConditionRows((ConditionPart((ConditionLine("papers", "one_of", ("no", "7")),)),)), {"papers": {"is_one_of": ["no", "7"]}}),
        (ConditionRows((ConditionPart((ConditionLine("people", "any_of", ("no",), turned=True),)),)), {"not": {"people": {"includes": "no"}}}),
        (ConditionRows((ConditionPart((ConditionLine("people", "exactly", ("no",)),)),)), {"people": {"is": ["no"]}}),
        (ConditionRows((ConditionPart((ConditionLine("note", "asked"), ConditionLine("hours", "at_least", (2,))), "at_least", 2, turned=True),)),
         {"not": {"at_least_of": {"n": 2, "of": [{"asked": "note"}, {"hours": {"at_least": 2}}]}}}),
        (ConditionRows((ConditionPart((ConditionLine(f"{TERM}large", "met"),)), ConditionPart((ConditionLine(f"{DUTY}uk", "applies"), ConditionLine("hires", "is", (True,))))), "any"),
         {"any": [{"term": "large"}, {"all": [{"applies": "uk"}, {"hires": {"is": True}}]}]}),
    ],
)  # fmt: skip
def test_a_condition_and_its_lines(rows: ConditionRows, written: object) -> None:
    assert condition_from_rows(rows) == written
    assert rows_from_condition(written, SUBJECTS) == rows


def test_what_is_true_for_everybody_has_no_lines() -> None:
    assert rows_from_condition("always", SUBJECTS) == ConditionRows()


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
    assert rows_from_condition(written, SUBJECTS) is None


def test_the_plainest_way_to_say_it() -> None:
    one = Leaf("papers", "is", "no")
    assert simplified_condition(AtLeastOf(1, (AllOf((Not(Not(one)),)),))) == one
    assert simplified_condition(Leaf("people", "includes_any", ("no",))) == Leaf("people", "includes", "no")


AT_WORK = DraftContext(cast("Draft", None), sound_but(), TODAY)


def test_questions_come_in_the_order_of_asking_under_their_sections() -> None:
    subjects = available_subjects(AT_WORK, "shop")
    assert [(one.id, one.group) for one in subjects.values()] == [
        ("staff", "The people"),
        ("hours", "The people"),
        ("papers", "The work"),
    ]
    assert list(available_subjects(AT_WORK, "shop", before="hours")) == ["staff"]


def test_a_question_that_is_half_written_is_still_a_subject() -> None:
    assert subject_from_question({"id": "x", "options": [{"id": 7}, "strange"]}, "").options == (("7", "7"),)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (None, "always"),
        ({"staff": {"is": "hired"}}, "“Who works here?” is “Others too”"),
        ({"gone": {"is": "hired"}}, "“gone” is hired"),
        ({"staff": {"strange": 1}}, UNREADABLE_CONDITION),
    ],
)
def test_a_condition_is_said_back(written: object, said: str) -> None:
    assert condition_text(written, available_subjects(AT_WORK, "shop")) == said


def test_a_condition_that_cannot_be_read_rests_on_nothing() -> None:
    assert condition_reads({"not": {"asked": "staff"}}, "staff")
    assert not condition_reads({"staff": {"strange": 1}}, "staff")


PAPERS = LineForm("papers", "papers", "one_of", ("no",))
HOURS = LineForm("hours", "hours", "not at_least", ("3",))


def sent(typed: ConditionForm) -> MultiDict[str, str]:
    """What a browser sends of the form."""
    form: MultiDict[str, str] = MultiDict({"joined": typed.joined, "n": typed.n})
    for p, part in enumerate(typed.parts):
        form.add(field_name(p, None, "joined"), part.joined)
        form.add(field_name(p, None, "n"), part.n)
        for number, line in enumerate(part.lines):
            form.add(field_name(p, number, "subject"), line.subject)
            form.add(field_name(p, number, "shown"), line.shown)
            form.add(field_name(p, number, "test"), line.test)
            form.setlist(field_name(p, number, "value"), list(line.values))
    return form


@settings(max_examples=examples(30), deadline=None)
@given(rows=joined(joined(a_line(), ConditionPart), ConditionRows))
def test_what_a_form_shows_it_also_reads(rows: ConditionRows) -> None:
    read, errors = rows_from_form(read_condition_form(sent(form_from_rows(rows))), SUBJECTS)
    assert not errors
    # several ticks come back in the order of the options, and a number of twelve digits as people write it
    assert len(read.parts) == len(rows.parts)
    assert [part.joined for part in read.parts] == [part.joined for part in rows.parts]
    assert [{*line.values} for part in read.parts for line in part.lines if line.test in {"one_of", "any_of"}] == [
        {*line.values} for part in rows.parts for line in part.lines if line.test in {"one_of", "any_of"}
    ]


def test_nothing_typed_is_an_empty_line_and_no_condition() -> None:
    typed = read_condition_form(MultiDict())
    assert typed == ConditionForm()
    assert rows_from_form(typed, SUBJECTS) == (ConditionRows((), "all", 1, False), {})  # noqa: FBT003  # as lines are compared


def test_a_line_more_and_a_line_less_keep_the_rest() -> None:
    begun = ConditionForm((PartForm((PAPERS, HOURS), "any"),))
    more = form_after_button(begun, "add-0")
    assert more.parts == (PartForm((PAPERS, HOURS, LineForm()), "any"),)
    assert form_after_button(more, "remove-0-0").parts == (PartForm((HOURS, LineForm()), "any"),)
    assert form_after_button(begun, "part").parts == (*begun.parts, PartForm())
    assert form_after_button(ConditionForm((PartForm((PAPERS,)),)), "remove-0-0") == ConditionForm()
    assert form_after_button(begun, "add-7") == begun


def test_answers_of_another_question_are_let_go_when_its_own_are_shown() -> None:
    changed = ConditionForm((PartForm((LineForm("hours", "papers", "one_of", ("no",)),)),))
    _, errors = rows_from_form(changed, SUBJECTS)
    assert errors == {"p0-l0-subject": "Press “Show its answers”, then choose the answers."}
    assert form_after_button(changed, "show").parts[0].lines == (LineForm("hours", "hours"),)


@pytest.mark.parametrize(
    ("line", "where"),
    [
        (LineForm("gone", "gone", "is", ("3",)), "p0-l0-subject"),
        (LineForm("hours", "hours", "one_of", ("3",)), "p0-l0-test"),
        (LineForm("hours", "hours", "is", ("many",)), "p0-l0-value"),
        (LineForm("hours", "hours", "is", ("-1",)), "p0-l0-value"),
        (LineForm("hours", "hours", "is", ("inf",)), "p0-l0-value"),
        (LineForm("papers", "papers", "one_of", ("strange",)), "p0-l0-value"),
        (LineForm("day", "day", "before", ("24 13 2026",)), "p0-l0-value"),
        (LineForm("hires", "hires", "is", ()), "p0-l0-value"),
    ],
)
def test_each_fault_is_told_beside_its_field(line: LineForm, where: str) -> None:
    _, errors = rows_from_form(ConditionForm((PartForm((line,)),)), SUBJECTS)
    assert list(errors) == [where]


@pytest.mark.parametrize(
    ("n", "good"), [("1", True), ("2", True), ("3", False), ("0", False), ("", False), ("9" * 5000, False)]
)
def test_at_least_so_many_needs_a_number_that_can_be(n: str, good: bool) -> None:  # noqa: FBT001  # a case
    rows, errors = rows_from_form(ConditionForm((PartForm((PAPERS, HOURS), "at_least", n),)), SUBJECTS)
    assert (not errors) is good
    if good:
        assert condition_from_rows(rows) == {
            "at_least_of": {"n": int(n), "of": [{"papers": {"is": "no"}}, {"not": {"hours": {"at_least": 3}}}]}
        }


def test_numbers_are_read_as_people_write_them() -> None:
    typed = ConditionForm((PartForm((LineForm("hours", "hours", "is", ("£1,200.50",)),)),))
    assert rows_from_form(typed, SUBJECTS)[0].parts[0].lines == (ConditionLine("hours", "is", (1200.5,)),)
