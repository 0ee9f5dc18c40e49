from __future__ import annotations

import pytest
from hypothesis import given, settings
from werkzeug.datastructures import MultiDict

from assess.editor.conditions.rows import Line, Part, Rows, condition_of
from assess.editor.conditions.typed import (
    Typed,
    TypedLine,
    TypedPart,
    field,
    read_typed,
    rows_from,
    stepped,
    typed_of,
)
from tests.editor.conditions.test_rows import SUBJECTS, a_line, joined
from tests.long_runs import examples

PAPERS = TypedLine("papers", "papers", "one_of", ("no",))
HOURS = TypedLine("hours", "hours", "not at_least", ("3",))


def sent(typed: Typed) -> MultiDict[str, str]:
    """What a browser sends of the form."""
    form: MultiDict[str, str] = MultiDict({"joined": typed.joined, "n": typed.n})
    for p, part in enumerate(typed.parts):
        form.add(field(p, None, "joined"), part.joined)
        form.add(field(p, None, "n"), part.n)
        for number, line in enumerate(part.lines):
            form.add(field(p, number, "subject"), line.subject)
            form.add(field(p, number, "shown"), line.shown)
            form.add(field(p, number, "test"), line.test)
            form.setlist(field(p, number, "value"), list(line.values))
    return form


@settings(max_examples=examples(30), deadline=None)
@given(rows=joined(joined(a_line(), Part), Rows))
def test_what_a_form_shows_it_also_reads(rows: Rows) -> None:
    read, faults = rows_from(read_typed(sent(typed_of(rows))), SUBJECTS)
    assert not faults
    # several ticks come back in the order of the options, and a number of twelve digits as people write it
    assert len(read.parts) == len(rows.parts)
    assert [part.joined for part in read.parts] == [part.joined for part in rows.parts]
    assert [{*line.values} for part in read.parts for line in part.lines if line.test in {"one_of", "any_of"}] == [
        {*line.values} for part in rows.parts for line in part.lines if line.test in {"one_of", "any_of"}
    ]


def test_nothing_typed_is_an_empty_line_and_no_condition() -> None:
    typed = read_typed(MultiDict())
    assert typed == Typed()
    assert rows_from(typed, SUBJECTS) == (Rows((), "all", 1, False), {})  # noqa: FBT003  # as lines are compared


def test_a_line_more_and_a_line_less_keep_the_rest() -> None:
    begun = Typed((TypedPart((PAPERS, HOURS), "any"),))
    more = stepped(begun, "add-0")
    assert more.parts == (TypedPart((PAPERS, HOURS, TypedLine()), "any"),)
    assert stepped(more, "remove-0-0").parts == (TypedPart((HOURS, TypedLine()), "any"),)
    assert stepped(begun, "part").parts == (*begun.parts, TypedPart())
    assert stepped(Typed((TypedPart((PAPERS,)),)), "remove-0-0") == Typed()
    assert stepped(begun, "add-7") == begun


def test_answers_of_another_question_are_let_go_when_its_own_are_shown() -> None:
    changed = Typed((TypedPart((TypedLine("hours", "papers", "one_of", ("no",)),)),))
    _, faults = rows_from(changed, SUBJECTS)
    assert faults == {"p0-l0-subject": "Press “Show its answers”, then choose the answers."}
    assert stepped(changed, "show").parts[0].lines == (TypedLine("hours", "hours"),)


@pytest.mark.parametrize(
    ("line", "where"),
    [
        (TypedLine("gone", "gone", "is", ("3",)), "p0-l0-subject"),
        (TypedLine("hours", "hours", "one_of", ("3",)), "p0-l0-test"),
        (TypedLine("hours", "hours", "is", ("many",)), "p0-l0-value"),
        (TypedLine("hours", "hours", "is", ("-1",)), "p0-l0-value"),
        (TypedLine("hours", "hours", "is", ("inf",)), "p0-l0-value"),
        (TypedLine("papers", "papers", "one_of", ("strange",)), "p0-l0-value"),
        (TypedLine("day", "day", "before", ("24 11 2026",)), "p0-l0-value"),
        (TypedLine("hires", "hires", "is", ()), "p0-l0-value"),
    ],
)
def test_each_fault_is_told_beside_its_field(line: TypedLine, where: str) -> None:
    _, faults = rows_from(Typed((TypedPart((line,)),)), SUBJECTS)
    assert list(faults) == [where]


@pytest.mark.parametrize(
    ("n", "good"), [("1", True), ("2", True), ("3", False), ("0", False), ("", False), ("9" * 5000, False)]
)
def test_at_least_so_many_needs_a_number_that_can_be(n: str, good: bool) -> None:  # noqa: FBT001  # a case
    rows, faults = rows_from(Typed((TypedPart((PAPERS, HOURS), "at_least", n),)), SUBJECTS)
    assert (not faults) is good
    if good:
        assert condition_of(rows) == {
            "at_least_of": {"n": int(n), "of": [{"papers": {"is": "no"}}, {"not": {"hours": {"at_least": 3}}}]}
        }


def test_numbers_are_read_as_people_write_them() -> None:
    typed = Typed((TypedPart((TypedLine("hours", "hours", "is", ("£1,200.50",)),)),))
    assert rows_from(typed, SUBJECTS)[0].parts[0].lines == (Line("hours", "is", (1200.5,)),)
