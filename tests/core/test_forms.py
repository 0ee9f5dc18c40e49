"""The fields of forms: one reader of each kind of typing, with one sentence where it cannot be taken."""

from __future__ import annotations

import datetime as dt
import enum
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError, validates_schema
from werkzeug.datastructures import MultiDict

from assess.core.forms import fields as forms
from assess.core.forms.form import Form, form_of


def value_of(field: forms.FormField[Any], typed: object) -> Any:
    """The value, or the sentences of the refusal."""
    try:
        return field.deserialize(typed)
    except ValidationError as refusal:
        return forms.sentences_of(refusal)


@pytest.mark.parametrize(
    "typed",
    [
        "24 11 2026", "24/11/2026", "24-11-2026", "24.11.2026", "24 11 26", "24/11/26", "24 Nov 2026", "24 november 2026", "24th Nov 26",
        "24-Nov-2026", "24, November 2026", "2026-11-24", " 24  11\t2026 ", "24 Sept 2026".replace("Sept", "Nov"), "2026-11-24\n",
        "٢٤ ١١ ٢٠٢٦",
    ],
)  # fmt: skip
def test_a_date_is_one_date_however_it_is_typed(typed: str) -> None:
    assert value_of(forms.DateField(), typed) == dt.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("tomorrow", "Enter a date, like 27 3 2026."),
        ("24 2026", "Enter a date, like 27 3 2026."),
        ("11/24/2026", "There is no such day: check the day and the month."),
        ("31 4 2026", "There is no such day: check the day and the month."),
        ("24 nov 202", "Enter a date, like 27 3 2026."),
        ("24 ma 2026", "Enter a date, like 27 3 2026."),
        ("24 foo 2026", "There is no such day: check the day and the month."),
        ("24 11 1066", "Check the year of this date."),
    ],
)
def test_what_is_no_date_is_said_in_one_sentence(typed: str, sentence: str) -> None:
    assert value_of(forms.DateField(), typed) == [sentence]


def test_a_date_outside_its_limits_says_the_limit() -> None:
    field = forms.DateField(
        earliest=dt.date(2026, 1, 1), latest=dt.date(2026, 12, 31), too_late="This day is still to come."
    )
    assert value_of(field, "31 12 2025") == ["Enter a date from 1 January 2026 on."]
    assert value_of(field, "1 1 2027") == ["This day is still to come."]
    assert value_of(field, "1 1 2026") == dt.date(2026, 1, 1)
    kept = forms.IsoDateField(latest=dt.date(2026, 12, 31), kept=[dt.date(2027, 2, 1)])
    assert value_of(kept, "1 2 2027") == "2027-02-01"
    assert value_of(kept, "31 1 2027") == ["Enter a date no later than 31 December 2026."]


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)),
    st.sampled_from(["{d} {m} {y}", "{d:02}/{m:02}/{y}", "{y}-{m:02}-{d:02}", "{d}.{m}.{y}"]),
)
def test_every_day_is_read_in_every_shape(day: dt.date, shape: str) -> None:
    assert value_of(forms.DateField(), shape.format(d=day.day, m=day.month, y=day.year)) == day


def test_a_date_in_three_boxes_is_the_same_date() -> None:
    form = Form.from_dict({"due": forms.DateField(required="Enter the last day.")})()
    assert form.read(MultiDict({"due_day": "24", "due_month": "11", "due_year": "26"}))["due"] == dt.date(2026, 11, 24)
    assert form.read(MultiDict({"due": "24 nov 2026"}))["due"] == dt.date(2026, 11, 24)
    assert form.read(MultiDict({"due_day": "", "due_month": " "})).errors == {"due": "Enter the last day."}
    assert form.read(MultiDict({"due_day": "24", "due_month": ""})).errors == {"due": "Enter a date, like 27 3 2026."}


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12500", 12500), ("12,500", 12500), ("12 500", 12500), ("£12,500.50", 12500.5), ("£ 12500", 12500), ("12500.00", 12500),
        ("12.5k", 12500), ("£1.2m", 1_200_000), ("GBP 40", 40), ("40 gbp", 40), ("6,50", 6.5), (".5", 0.5), ("0", 0), ("£١٢", 12),
    ],
)  # fmt: skip
def test_money_is_read_as_people_write_it(typed: str, amount: float) -> None:
    assert value_of(forms.MoneyField(), typed) == amount
    assert value_of(forms.WholePoundsField(), typed) == round(amount)


@pytest.mark.parametrize(
    "typed", ["twelve", "12-13", "1.2.3", "£", "1,2,3.4", "12,5000", "k", "²", "1e9", "inf", "nan", "0x10"]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    found = value_of(forms.MoneyField(), typed)
    assert isinstance(found, list)
    assert len(found) == 1


def test_numbers_keep_their_limits() -> None:
    assert value_of(forms.NumberField(), "-1") == ["Enter a number of 0 or more."]
    assert value_of(forms.NumberField(most=1000), "1,001") == ["Enter a number of 1,000 or less."]
    assert value_of(forms.WholeNumberField(), "2.0") == 2
    assert value_of(forms.WholeNumberField(), "2.5") == ["Enter a whole number, like 12."]
    assert value_of(forms.PercentageField(), "35 %") == 35
    assert value_of(forms.PercentageField(), "101") == ["Enter a percentage from 0 to 100."]
    assert value_of(forms.NumberField(), "9" * 351) == ["This number is too long: check it."]
    assert value_of(forms.NumberField(), "12k") == ["Enter a number, like 12 or 12.50."]


@pytest.mark.parametrize("typed", ["9" * 349, "9" * 348 + "k", "9" * 340 + ",000", "9" * 340 + ".5", "-" + "9" * 340])
def test_a_number_too_large_for_any_machine_is_refused(typed: str) -> None:
    for field in (
        forms.NumberField(), forms.WholeNumberField(), forms.MoneyField(), forms.WholePoundsField(), forms.PercentageField(),
    ):  # fmt: skip
        (sentence,) = value_of(field, typed)
        assert sentence.endswith(".")


@given(st.integers(0, 10**12))
def test_a_whole_number_is_read_with_and_without_its_commas(number: int) -> None:
    for typed in (str(number), f"{number:,}", f"{number:,}".replace(",", " "), f"{number}.0"):
        found = value_of(forms.WholeNumberField(), typed)
        assert found == number
        assert isinstance(found, int)


@given(st.text(max_size=60))
def test_any_text_is_a_value_or_one_sentence(text: str) -> None:
    for field in (
        forms.DateField(), forms.NumberField(), forms.MoneyField(), forms.WholePoundsField(), forms.PercentageField(),
        forms.EmailField(), forms.PhoneField(), forms.PhoneField(printed=True), forms.PostcodeField(), forms.CompanyNumberField(),
        forms.WebAddressField(), forms.TextField(20), forms.ParagraphField(20), forms.ChoiceField("ab"), forms.YesNoField(),
        forms.IntegerField(), forms.UuidField(), forms.PasswordField(), forms.CodeField(),
    ):  # fmt: skip
        found = value_of(field, text)
        if isinstance(found, list):
            assert [len(sentence) > 10 for sentence in found] == [True]
        elif isinstance(found, float):
            assert math.isfinite(found)


@pytest.mark.parametrize(
    "typed",
    ["01603 123456", "+44 1603 123456", "01603 123456 ext 4", "01603 123456 x4", "(01603) 123-456", "07700 900123"],
)
def test_a_phone_number_is_kept_as_it_was_typed(typed: str) -> None:
    assert value_of(forms.PhoneField(), typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "()()()()",
        "++++++",
        ".....",
        "1603",
        "call me",
        "0800 FLOWERS",
        "01603 1234567890123",
        f"{'(' * 30}01603 123456",
    ],
)
def test_what_nobody_can_call_is_refused(typed: str) -> None:
    assert value_of(forms.PhoneField(), typed) == ["Enter a phone number, like 01603 123456."]


@pytest.mark.parametrize(
    "typed",
    [
        "08000 121 700",
        "0808 800 5000",
        "0800 1111",
        "0300 123 1100",
        "101",
        "111",
        "999",
        "112",
        "119",
        "116 123",
        "01603 960 001",
        "020 7946 0000",
        "07400 900 123",
        "+44 1603 960001",
    ],
)
def test_a_number_for_people_in_danger_is_taken(typed: str) -> None:
    assert value_of(forms.PhoneField(printed=True), typed) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "12",
        "0632 960 001",
        "01632 960 001",
        "01603 960",
        "01603 960 0011",
        "06123 456 789",
        "0300 12 1100",
        "01603 12345",
        "01000 000 000",
        "0500 123 456",
        "08999 123 456",
        "99",
        "9999",
    ],
)
def test_a_number_that_is_none_is_not_printed(typed: str) -> None:
    assert value_of(forms.PhoneField(printed=True), typed) == ["There is no such phone number. Check each digit."]


@pytest.mark.parametrize(
    "typed",
    ["0871 123 4567", "0843 123 4567", "0845 123 4567", "0906 123 4567", "070 1234 5678", "118 118", "60123"],
)
def test_a_number_that_costs_extra_is_not_printed(typed: str) -> None:
    assert value_of(forms.PhoneField(printed=True), typed) == [
        "Calls to this number cost extra. Enter a number that is free or costs what a call costs."
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("(01603) 123456", "Write digits with single spaces only, like 020 7946 0123."),
        ("01603-960001", "Write digits with single spaces only, like 020 7946 0123."),
        ("01603 960 001 or 112", "Write digits with single spaces only, like 020 7946 0123."),
        ("٠١٦٠٣ ٩٦٠ ٠٠١", "Write digits with single spaces only, like 020 7946 0123."),
        ("01603 123456 ext 4", "Write digits with single spaces only, like 020 7946 0123."),
        ("1603 123456", "Enter a number of the United Kingdom. It begins with 0, or is a short number."),
        ("0044 1603 123456", "Enter a number of the United Kingdom. It begins with 0, or is a short number."),
        ("+33 1 23 45 67 89", "Enter a number of the United Kingdom. It begins with 0, or is a short number."),
    ],
)
def test_a_printed_number_can_be_dialled_as_it_stands(typed: str, sentence: str) -> None:
    assert value_of(forms.PhoneField(printed=True), typed) == [sentence]


def test_a_list_has_a_value_on_each_line() -> None:
    links = forms.LinesField(forms.WebAddressField(), required="Enter a link.")
    assert value_of(links, "https://a.example \r\n\r\nhttps://b.example/x") == [
        "https://a.example",
        "https://b.example/x",
    ]
    assert value_of(links, "https://a.example\nnowhere") == [forms.WebAddressField.wanted]
    assert value_of(links, " \n") == ["Enter a link."]
    assert value_of(links, "https://a.example\n" * 5000) == ["Use fewer than 40,000 characters."]
    assert value_of(forms.LinesField(forms.TextField()), "") == []


def test_a_long_text_comes_back_whole() -> None:
    class Words(Form):
        words = forms.TextField(4000, required="Write it.")
        name = forms.TextField(required="Enter the name.")

    result = Words().read(MultiDict({"words": "word " * 799 + "end.", "name": ""}))
    assert result["words"].endswith("end.")
    assert result.typed["words"].endswith("end.")
    assert set(result.errors) == {"name"}


def test_a_text_that_is_far_too_long_comes_back_whole_and_is_counted_whole() -> None:
    class Words(Form):
        line = forms.TextField(200)
        words = forms.ParagraphField(500)

    text = "word " * 1999 + "end."
    result = Words().read(MultiDict({"line": text, "words": text}))
    assert result.errors == {
        "line": "Use 200 characters or fewer; this has 9,999.",
        "words": "Use 500 characters or fewer; this has 9,999.",
    }
    assert result.typed == {"line": text, "words": text}


def test_text_is_tidied_and_measured() -> None:
    assert value_of(forms.TextField(), "  Fen \u202e Edge\u00a0Growers ") == "Fen Edge Growers"
    assert value_of(forms.TextField(4), "Fens") == "Fens"
    assert value_of(forms.TextField(4), "Fences") == ["Use 4 characters or fewer; this has 6."]
    assert value_of(forms.TextField(), "a\x00b") == ["Take out the characters that cannot be printed."]
    for nothing in (" \u200e\u200b ", "\u200d", "\u200c \u2062", "\u3164", "\u2800\u115f", "\U000e0041"):
        assert value_of(forms.TextField(required="Enter the title."), nothing) == ["Enter the title."]
        assert value_of(forms.ParagraphField(required="Enter the title."), nothing) == ["Enter the title."]
    assert value_of(forms.TextField(), "می\u200cخواهم") == "می\u200cخواهم"
    assert value_of(forms.ParagraphField(), "one\r\n\r\n  two  ") == "one\ntwo"
    assert value_of(forms.ParagraphField(lines=2), "a\nb\nc") == ["Use 2 lines or fewer; this has 3."]
    assert value_of(forms.ParagraphField(required="Write what you want to say."), "--- !!!") == [
        "Write what you want to say."
    ]


def test_codes_are_kept_in_one_shape() -> None:
    assert value_of(forms.PostcodeField(), "nr13ju") == "NR1 3JU"
    assert value_of(forms.CompanyNumberField(), "12345 67") == "01234567"
    assert value_of(forms.CompanyNumberField(), "sc123456") == "SC123456"
    assert value_of(forms.CompanyNumberField(), "IP12345R") == "IP12345R"
    assert value_of(forms.CompanyNumberField(), "") is None
    for wrong in ("1", "123456789", "ABC12345", "\u0661\u0662\u0663\u0664\u0665\u0666\u0667"):
        assert isinstance(value_of(forms.CompanyNumberField(), wrong), list), wrong
    assert value_of(forms.WebAddressField(), "https://www.gov.uk/help?x=1") == "https://www.gov.uk/help?x=1"
    for wrong in ("http://gov.uk", "https://gov", "https://a b.uk", "https://user@gov.uk", "javascript:alert(1)"):
        assert isinstance(value_of(forms.WebAddressField(), wrong), list), wrong


def test_a_password_is_taken_as_it_is_and_never_shown_again() -> None:
    form = Form.from_dict({"password": forms.PasswordField(required="Enter it."), "code": forms.CodeField()})()
    typed = "  a\u202e \n" + "x" * 3000
    found = form.read(MultiDict({"password": typed, "code": " 12 34 ", "name": "Jo"}))
    assert found.values == {"password": typed, "code": "12 34"}
    assert found.typed == {"name": "Jo"}
    assert form.read(MultiDict()).errors == {"password": "Enter it."}


@pytest.mark.parametrize(
    ("typed", "number"),
    [("12", 12), (" 7 ", 7), ("999999999", 999_999_999), ("1000000000", 0), ("", 0), ("-7", 0), ("7.0", 0), ("٧", 0)],
)
def test_a_number_that_was_sent_back_is_read_or_is_none(typed: str, number: int) -> None:
    assert value_of(forms.IntegerField(), typed) == number


class Tier(enum.StrEnum):
    LOW = "low"
    HIGH = "high"


def test_choices_are_handed_over_as_members() -> None:
    assert value_of(forms.ChoiceField(Tier), "high") is Tier.HIGH
    assert value_of(forms.ChoiceField(Tier, required="Choose a tier."), "odd") == ["Choose a tier."]
    assert value_of(forms.ChoicesField(["a", "b"]), ["b", "a", "b"]) == ["b", "a"]
    assert value_of(forms.ChoicesField(["a", "b"]), ["c"]) == ["Choose only answers in the list."]
    lonely = forms.ChoicesField(["a", "none"], alone={"none"}, labels={"none": "None of these"})
    assert value_of(lonely, ["a", "none"]) == ["Choose “None of these” alone, or untick it and keep the others."]


def test_a_table_says_what_is_wrong_beside_each_cell() -> None:
    form = Form.from_dict({"rows": forms.TableField({"who": forms.TextField(5), "from": forms.DateField()})})()
    sent = MultiDict(
        {"rows.0.who": "Ann", "rows.0.from": "1 2 26", "rows.1.who": "", "rows.1.from": "", "rows.2.who": "Bob"}
    )
    assert form.read(sent)["rows"] == [{"who": "Ann", "from": dt.date(2026, 2, 1)}, {"who": "Bob"}]
    with pytest.raises(ValidationError) as refused:
        form.fields["rows"].deserialize([{"who": "Ann"}, {"who": "Barbara", "from": "soon"}])
    assert refused.value.messages == {
        1: {"who": ["Use 5 characters or fewer; this has 7."], "from": ["Enter a date, like 27 3 2026."]}
    }


class Period(Form):
    """Two days, one after the other."""

    starts = forms.DateField(required="Enter the first day.")
    ends = forms.DateField()
    sure = forms.TickField(required="Tick to say that you are sure.")

    @validates_schema
    def _in_order(self, values: dict[str, Any], **_more: object) -> None:
        if values["ends"] and values["ends"] < values["starts"]:
            raise ValidationError("Enter a last day that is not before the first.", "ends")


def test_a_form_gives_values_or_a_sentence_for_each_field() -> None:
    good = Period().read(MultiDict({"starts": "1 2 2026", "ends": "", "sure": "on", "other": "x"}))
    assert (good.values, good.errors) == ({"starts": dt.date(2026, 2, 1), "ends": None, "sure": True}, {})
    bad = Period().read(MultiDict({"starts": "", "ends": "soon"}))
    assert bad.errors == {
        "starts": "Enter the first day.",
        "ends": "Enter a date, like 27 3 2026.",
        "sure": "Tick to say that you are sure.",
    }
    assert bad.typed["ends"] == "soon"
    story = "a line\r\n" * 270
    assert form_of({"words": forms.ParagraphField(2000)}).read(MultiDict({"words": story})).typed == {"words": story}
    turned = Period().read(MultiDict({"starts": "2 2 2026", "ends": "1 2 2026", "sure": "on"}))
    assert turned.errors == {"ends": "Enter a last day that is not before the first."}


def test_more_sentences_stand_in_the_order_of_the_fields() -> None:
    bad = Period().read(MultiDict({"sure": "on", "starts": "soon"}))
    assert list(bad.typed) == ["starts", "ends", "sure"]
    more = bad.with_errors({"sure": "Are you?", "ends": "Enter the last day.", "other": "Odd."})
    assert list(more.errors.items()) == [
        ("starts", "Enter a date, like 27 3 2026."),
        ("ends", "Enter the last day."),
        ("sure", "Are you?"),
        ("other", "Odd."),
    ]
    assert more.with_errors({"ends": "Enter a day."}).errors["ends"] == "Enter a day."
    assert (more.typed, more.values) == (bad.typed, bad.values)


def test_what_is_too_long_is_shown_again_as_it_was_typed() -> None:
    long = "word " * 1000
    form = form_of({"words": forms.ParagraphField(3000)}).read(MultiDict({"words": long, "other": long}))
    assert form.errors == {"words": "Use 3,000 characters or fewer; this has 4,999."}
    assert (form.typed["words"], len(form.typed["other"])) == (long, 2000)
