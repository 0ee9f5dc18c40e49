"""What each field takes and how it refuses, in a form and in a file."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from assess.assessments.forms import BusinessNameField, integer_in, was_on_page
from assess.core.forms.fields import LONGEST_TYPED, CompanyNumberField, PostcodeField, sentences_of
from assess.engine.bank import Column, Fact, Option, Question, QuestionType
from assess.engine.points import is_exclusive_option
from assess.engine.question_types import ANSWER_TYPES, QUESTION_TYPES
from assess.question_banks.question_types import (
    ANSWER_FORMS,
    MAX_ROWS,
    QUESTION_FORMS,
    FormAnswer,
    field_for,
    field_for_fact,
    form_answer_from_stored,
    hidden_fields,
    join_listed,
    quoted,
    value_kind,
)


def options(*ids: str) -> tuple[Option, ...]:
    return tuple(Option(id=name, label=name.title()) for name in ids)


def question(kind: str, **more: object) -> Question:
    return Question(id="q", ask="What?", type=kind, kind="fact", dimension="d", **more)


CHOICE = question("choice", options=options("yes", "no", "3m", "dk"))
CHOICES = question("choices", options=options("own", "site", "ours", "none", "na_hand", "dk"))
NUMBER = question("number")
PERCENTAGE = question("percentage")
TABLE = question(
    "table",
    columns=(
        Column("kind", "Kind", "choice", options("house", "caravan")),
        Column("people", "People", "number"),
        Column("firm", "Firm", "text"),
        Column("checked", "Checked", "date"),
    ),
)


def refusal(field: object, value: object) -> str:
    with pytest.raises(ValidationError) as caught:
        field.deserialize(value)
    return " ".join(sentences_of(caught.value))


@pytest.mark.parametrize("typed", [True, False])
def test_an_option_of_the_list_is_taken(*, typed: bool) -> None:
    assert field_for(CHOICE, typed=typed).deserialize("dk") == "dk"


def test_an_option_that_is_nearly_right_gets_a_suggestion() -> None:
    long = question("choice", options=options("worker", "employer"))
    assert "did you mean “worker”?" in refusal(field_for(long), "wroker")
    assert refusal(field_for(long, typed=True), "wroker") == "Choose one of the answers in the list."


def test_an_option_that_looks_like_a_number_needs_quotes() -> None:
    weeks = question("choice", options=options("7", "14"))
    assert 'as in "7"' in refusal(field_for(weeks), 7)


@pytest.mark.parametrize("bad", [None, True, 1, {}, "yes"])
def test_choices_want_a_list(bad: object) -> None:
    if bad is None:
        return
    assert "list of option ids" in refusal(field_for(CHOICES), bad)


def test_no_choice_at_all_is_no_answer() -> None:
    assert "empty list is no answer" in refusal(field_for(CHOICES), [])


@pytest.mark.parametrize("lonely", ["dk", "none", "na_hand"])
@pytest.mark.parametrize("typed", [True, False])
def test_an_option_that_stands_alone_refuses_company(lonely: str, *, typed: bool) -> None:
    said = lonely.title() if typed else lonely
    assert refusal(field_for(CHOICES, typed=typed), ["own", lonely]).startswith(f"Choose “{said}” alone")
    assert field_for(CHOICES, typed=typed).deserialize([lonely]) == [lonely]


@pytest.mark.parametrize("option", ["own", "family", "nap", "none_trained", "nature"])
def test_other_options_keep_company(option: str) -> None:
    assert not is_exclusive_option(option)


def test_an_option_twice_is_a_fault_in_a_file_and_nothing_in_a_form() -> None:
    assert "twice" in refusal(field_for(CHOICES), ["own", "own"])
    assert field_for(CHOICES, typed=True).deserialize(["own", "own", "site"]) == ["own", "site"]


@given(st.floats(min_value=0, allow_nan=False, allow_infinity=False) | st.integers(min_value=0, max_value=10**300))
def test_any_finite_number_from_nought_up_is_taken_from_a_file(number: float) -> None:
    assert field_for(NUMBER).deserialize(number) == number


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 10**400, -1, -0.01, True, "12", [], {}, "lots"])
def test_other_numbers_are_refused(bad: object) -> None:
    assert refusal(field_for(NUMBER), bad).endswith((".", ":"))


def test_a_number_in_quotes_is_told_to_lose_them() -> None:
    assert "without quotes" in refusal(field_for(NUMBER), "12")


def test_dont_know_is_an_answer_to_every_number() -> None:
    assert field_for(NUMBER).deserialize("dk") == field_for(PERCENTAGE, typed=True).deserialize("dk") == "dk"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12),
        (" £1,200.50 ", 1200.5),
        ("£1,200,000", 1200000),
        ("6,50", 6.5),
        ("12,7", 12.7),
        ("35 %", 35),
        (".5", 0.5),
        ("7.0", 7),
        ("٧", 7),
        ("१२", 12),
        ("٦٫٥", 6.5),
        ("١٬٢٠٠", 1200),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, number: float) -> None:
    assert field_for(NUMBER, typed=True).deserialize(text) == number


@pytest.mark.parametrize(
    ("unit", "text", "number"),
    [
        ("people", "7 people", 7),
        ("people", "Seven", 7),
        ("people", "1 person", 1),
        ("people", "1,200 workers", 1200),
        ("hours", "9.5hrs", 9.5),
        ("hours", "nine hours", 9),
        ("minutes", "45 mins", 45),
        ("£ a day", "£60 a day", 60),
        ("£", "6.50 pounds", 6.5),
    ],
)
def test_a_number_may_be_followed_by_its_unit(unit: str, text: str, number: float) -> None:
    assert field_for(question("number", unit=unit), typed=True).deserialize(text) == number


@pytest.mark.parametrize(
    ("unit", "text"), [("people", "7 hours"), ("hours", "40 minutes"), ("people", "7-8"), ("people", "about 7")]
)
def test_a_number_with_other_words_is_refused(unit: str, text: str) -> None:
    assert refusal(field_for(question("number", unit=unit), typed=True), text)


def test_people_are_whole_where_they_are_typed() -> None:
    people = question("number", unit="people", whole=True)
    for typed in ("7.5", "7½", "about 7"):
        assert refusal(field_for(people, typed=True), typed) == "Enter a whole number of people in digits, like 7."
    assert field_for(people, typed=True).deserialize("7.0") == 7
    assert field_for(people).deserialize(7.5) == 7.5, "a file may give any number"
    places = question("table", columns=(Column("people", "People", "number", whole=True),))
    assert refusal(field_for(places, typed=True), [{"people": "7.5"}]) == "Enter a whole number in digits, like 7."


@pytest.mark.parametrize("text", ["thirty", "1e5", "x٣", "nan", "inf", "1.2.3", "0x10", "\x00", "", "9" * 400])
def test_a_text_that_is_no_number_is_refused(text: str) -> None:
    assert refusal(field_for(NUMBER, typed=True), text)


def test_a_percentage_ends_at_a_hundred() -> None:
    assert field_for(PERCENTAGE).deserialize(100) == 100
    assert refusal(field_for(PERCENTAGE, typed=True), "100.1") == "Enter a percentage from 0 to 100."


@given(st.dates(dt.date(1800, 1, 1), dt.date(2200, 12, 31)))
def test_a_date_is_kept_as_iso_however_it_is_written(day: dt.date) -> None:
    typed = field_for(question("date"), typed=True)
    assert typed.deserialize(f"{day.day} {day.month} {day.year}") == day.isoformat()
    assert typed.deserialize(day.strftime("%d %B %Y")) == day.isoformat()
    assert field_for(question("date")).deserialize(day.isoformat()) == day.isoformat()
    assert field_for(question("date")).deserialize(day) == day.isoformat()


@pytest.mark.parametrize(
    "bad", ["2026-02-30", "31-12-2026", "2026-3-1", "9999-01-01", 20260331, dt.datetime(2026, 1, 1, tzinfo=dt.UTC)]
)
def test_a_day_that_does_not_exist_is_refused(bad: object) -> None:
    assert refusal(field_for(question("date")), bad)


@pytest.mark.parametrize("text", ["31 March 26", "31 mar 26", "31/3/26", "31 3 26", "31.03.26", "31-3-26"])
def test_a_year_may_be_written_with_two_digits(text: str) -> None:
    assert field_for(question("date"), typed=True).deserialize(text) == "2026-03-31"
    with pytest.raises(ValidationError):
        field_for(question("date")).deserialize(text)


@pytest.mark.parametrize(
    "bad",
    [
        "31 4 2026",
        "1 13 2026",
        "1 foo 2026",
        "1 foo 26",
        "31 2 26",
        "27",
        "1 3",
        "1 03",
        "1 3 7",
        "1 3 127",
        "March 27",
        "soon",
        "",
    ],
)
def test_a_typed_day_that_does_not_exist_is_refused(bad: str) -> None:
    assert refusal(field_for(question("date"), typed=True), bad)


def test_a_table_keeps_filled_cells_only() -> None:
    rows = [{"kind": "house", "people": " 6 ", "firm": "", "checked": "1/5/2026"}, {"kind": "", "people": ""}]
    assert field_for(TABLE, typed=True).deserialize(rows) == [{"kind": "house", "people": 6, "checked": "2026-05-01"}]


def test_no_rows_is_an_answer_to_a_table() -> None:
    assert field_for(TABLE).deserialize([]) == []


def test_each_bad_cell_is_named_by_row_and_column() -> None:
    with pytest.raises(ValidationError) as caught:
        field_for(TABLE).deserialize([{"people": 3}, {"people": -1, "kind": "tent", "bedrooms": 2}, {}, 5])
    assert set(caught.value.messages) == {1, 2, 3}
    assert set(caught.value.messages[1]) == {"people", "kind", "bedrooms"}


@pytest.mark.parametrize(("column", "end"), [("x", "."), ("peopl", "; did you mean “people”?")])
def test_a_column_that_is_not_there_is_said_in_a_whole_sentence(column: str, end: str) -> None:
    said = refusal(field_for(TABLE), [{column: 2}])
    assert f"There is no column “{column}”{end} The columns are: kind, people, firm, checked." in said


def test_a_table_has_an_end() -> None:
    assert "rows or fewer" in refusal(field_for(TABLE), [{"people": 1}] * (MAX_ROWS + 1))


def test_a_text_loses_marks_that_turn_its_direction_and_refuses_those_that_cannot_be_printed() -> None:
    words = field_for(question("text"))
    assert words.deserialize(" Two \n lines\u202e ") == "Two lines"
    assert "cannot be printed" in refusal(words, "a\x00b")
    assert "cannot be printed" in refusal(words, "a\ud800b")
    assert "characters or fewer" in refusal(words, "x" * 201)
    assert "in quotes" in refusal(words, 5)


def test_facts_have_the_types_of_their_book() -> None:
    def fact(kind: str, *ids: str) -> Fact:
        return Fact(id="f", type=kind, ask="?", group="g", options=options(*ids))

    assert field_for_fact(fact("yes_no")).deserialize(value=True) is True
    assert "true or false" in refusal(field_for_fact(fact("yes_no")), "yes")
    assert field_for_fact(fact("yes_no"), typed=True).deserialize("no") is False
    assert "Not sure" in refusal(field_for_fact(fact("yes_no"), typed=True), "maybe")
    assert field_for_fact(fact("money")).deserialize(2_400_000) == 2_400_000
    assert refusal(field_for_fact(fact("money")), "dk")
    assert field_for_fact(fact("choice", "company", "llp")).deserialize("llp") == "llp"
    assert field_for_fact(fact("choices", "ENG", "WLS")).deserialize([]) == []
    assert field_for_fact(fact("date")).deserialize("2026-03-31") == "2026-03-31"


_ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=40)
    | st.sampled_from(["dk", "own", "house"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(
    value=_ANYTHING,
    asked=st.sampled_from([CHOICE, CHOICES, NUMBER, PERCENTAGE, TABLE, question("date"), question("text")]),
    typed=st.booleans(),
)
def test_whatever_comes_is_taken_or_refused_in_a_sentence(value: object, asked: Question, *, typed: bool) -> None:
    if value is None:
        return
    field = field_for(asked, typed=typed)
    try:
        clean = field.deserialize(value)
    except ValidationError:
        said = refusal(field, value)
        assert said.encode().endswith((b".", b"?"))
    else:
        assert field_for(asked).deserialize(json.loads(json.dumps(clean, allow_nan=False))) == clean


@pytest.mark.parametrize(
    ("text", "kept"), [("nr1 3ju", "NR1 3JU"), (" PE30 1 AA", "PE30 1AA"), ("sw1a1aa", "SW1A 1AA")]
)
def test_a_postcode_is_kept_in_capitals_with_one_space(text: str, kept: str) -> None:
    assert PostcodeField().deserialize(text) == kept


@pytest.mark.parametrize("bad", ["NR1", "12345", "NR1 3J", "NR1\x003JU", 5])
def test_half_a_postcode_is_refused(bad: object) -> None:
    with pytest.raises(ValidationError):
        PostcodeField().deserialize(bad)


@pytest.mark.parametrize(
    ("text", "kept"), [("01234567", "01234567"), ("1234567", "01234567"), ("sc123456", "SC123456")]
)
def test_a_company_number_has_eight_characters(text: str, kept: str) -> None:
    assert CompanyNumberField().deserialize(text) == kept


@pytest.mark.parametrize("bad", ["1234", "123456789", "ABCDEFGH", "ＳＣ１２３４５６", 1234567])
def test_other_company_numbers_are_refused(bad: object) -> None:
    with pytest.raises(ValidationError):
        CompanyNumberField().deserialize(bad)


def test_a_name_is_one_line() -> None:
    assert BusinessNameField().deserialize("  Fen Edge\n Growers  Ltd ") == "Fen Edge Growers Ltd"
    with pytest.raises(ValidationError, match="Enter the name"):
        BusinessNameField().deserialize("   ")


OPTIONS = tuple(Option(id=name, label=name) for name in ("a", "b", "c", "dk"))
TABLE_TYPED = question(
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
    st.tuples(st.just(question("scale", options=OPTIONS)), st.sampled_from(["a", "dk"])),
    st.tuples(
        st.just(question("yes_no_detail", options=options("yes", "no", "dk"))),
        st.sampled_from(["yes", "no", "dk", {"choice": "yes", "detail": "Two of them, in March"}]),
    ),
    st.tuples(
        st.just(TABLE_TYPED),
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
    typed = form_answer_from_stored(asked, value)
    form = MultiDict([*hidden_fields(asked, typed), ("q.seen", "1")])
    kind = QUESTION_FORMS[asked.type]
    raw = kind.raw(kind.read(form, asked))
    assert raw is not None
    assert field_for(asked, typed=True).deserialize(raw) == value


def test_a_question_left_open_says_nothing() -> None:
    for name, kind in QUESTION_FORMS.items():
        asked = question(name, options=OPTIONS, columns=TABLE.columns)
        blank = MultiDict({"q": "  ", "q.0.kind": "", "q.0.people": "", "q.0.detail": " "})
        assert kind.raw(kind.read(blank, asked)) is None


def test_ticking_that_there_are_none_is_an_answer_to_a_table() -> None:
    assert QUESTION_FORMS["table"].raw(FormAnswer(ticked=True)) == []


def test_two_answers_at_once_are_a_contradiction() -> None:
    number, table, detail = (QUESTION_FORMS[name] for name in ("number", "table", "yes_no_detail"))
    assert number.contradiction(FormAnswer(texts=("5",), ticked=True))
    assert not number.contradiction(FormAnswer(ticked=True))
    assert table.contradiction(FormAnswer(rows=({"people": "5"},), ticked=True))
    assert not table.contradiction(FormAnswer(rows=({"people": ""},), ticked=True))
    assert not QUESTION_FORMS["choice"].contradiction(FormAnswer(texts=("a",), ticked=True))
    assert detail.contradiction(FormAnswer(texts=("no",), rows=({"detail": "Two of them."},)))
    assert detail.contradiction(FormAnswer(rows=({"detail": "Two of them."},)))
    assert not detail.contradiction(FormAnswer(texts=("yes",), rows=({"detail": "Two of them."},)))


YES_NO = question("yes_no_detail", options=options("yes", "no", "dk"))


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("no", "no"),
        ({"choice": "yes", "detail": "  Two\nof them. "}, {"choice": "yes", "detail": "Two of them."}),
        ({"choice": "yes", "detail": "  "}, "yes"),
        ({"choice": "dk"}, "dk"),
        ({"choice": "yes", "detail": "yes"}, "yes"),
    ],
)
def test_a_yes_may_have_a_few_words_beside_it(value: object, kept: object) -> None:
    for typed in (True, False):
        assert field_for(YES_NO, typed=typed).deserialize(value) == kept


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ({"choice": "no", "detail": "Two"}, "Give “detail” beside a yes only."),
        ({"choice": "yes", "detail": 2}, 'Give an option id, or {"choice": option id, "detail": text in quotes}.'),
        ({"choice": "yes", "more": "x"}, 'Give an option id, or {"choice": option id, "detail": text in quotes}.'),
        ({"detail": "x"}, "Give one option id as text; this is nothing. The options are: yes, no, dk."),
        ({"choice": "yes", "detail": "x" * 201}, "Use 200 characters or fewer; this has 201."),
    ],
)
def test_what_a_file_cannot_say_beside_a_yes(value: object, sentence: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        field_for(YES_NO).deserialize(value)
    assert sentences_of(refusal.value) == [sentence]


@pytest.mark.parametrize(("raw", "revision"), [("3", 3), ("", 0), ("-1", 0), ("٣", 0), ("9" * 40, 0), ("1.5", 0)])
def test_a_revision_that_cannot_be_read_is_none(raw: str, revision: int) -> None:
    assert integer_in(MultiDict({"q.seen": raw}), "q.seen") == revision


def test_a_question_was_on_the_page_when_its_revision_comes_back() -> None:
    assert was_on_page(MultiDict({"q.seen": "0"}), "q")
    assert not was_on_page(MultiDict({"q": "a"}), "q")


def test_endless_text_is_cut() -> None:
    asked = question("choices", options=OPTIONS)
    typed = QUESTION_FORMS["choices"].read(MultiDict([("q", "x" * 10_000)] * 2000), asked)
    assert len(typed.texts) <= 30
    assert len(typed.text) == LONGEST_TYPED


@given(st.text())
def test_a_quote_is_one_short_line_that_any_terminal_can_show(text: str) -> None:
    shown = quoted(text)
    assert len(shown) <= 63
    assert shown.encode()
    assert not any(ord(letter) < 32 or letter == "\x7f" for letter in shown)


def test_a_long_list_loses_its_tail() -> None:
    assert join_listed([str(number) for number in range(14)]).endswith("11 and 2 more")
    assert join_listed(["a", "b"]) == "a, b"


def test_kinds_are_words() -> None:
    assert [value_kind(value) for value in (None, True, 1, "a", [], {}, b"")] == [
        "nothing", "true or false", "a number", "a text", "a list", "a group of keys", "something else",
    ]  # fmt: skip


def test_each_type_stands_in_both_places_under_one_name() -> None:
    assert list(QUESTION_TYPES) == list(QUESTION_FORMS) == list(get_args(QuestionType))
    assert {name: type(one).__name__ for name, one in ANSWER_FORMS.items()} == {
        name: type(one).__name__ for name, one in ANSWER_TYPES.items()
    } | {"money": "Money"}
