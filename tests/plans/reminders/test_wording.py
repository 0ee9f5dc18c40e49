"""What the mails say, and what they never say, over every question that can raise a sign."""

from __future__ import annotations

from datetime import date

import pytest

from assess.plans.actions import Register, register_of
from assess.plans.copies import business_record, has_urgent_sign
from assess.plans.reminders.reminding import Line, Notice, notice_on
from assess.plans.reminders.wording import MOST_LINES, Text, confirming, reminding
from assess.plans.unasked import shown_unasked
from tests.engine.real_banks import BANKS, edition_of
from tests.plans.records import NAME, Record, a_record, scenario
from tests.plans.test_copies import forbidden_texts, raising, sign_cases

STOP = "https://assess.example.org/reminders/stop/" + "t" * 43
DAYS = ("2026-11-25", "2026-12-10", "2027-01-20", "2027-05-20", "2027-11-01")


def mail_on(register: Register, record: Record, iso: str) -> Text | None:
    notice = notice_on(register, record, {}, date.fromisoformat(iso))
    return reminding(record, notice, STOP, iso) if notice else None


def year_of(record: Record) -> str:
    """Everything mails say of a record on a few days of its year."""
    register = register_of(business_record(record))
    mails = [mail_on(register, record, day) for day in DAYS]
    return "\n=====\n".join(f"{text.subject}\n{text.body}" if text else "" for text in mails)


def test_a_reminder_says_what_when_whom_to_call_and_how_to_stop() -> None:
    notice = Notice((Line("Write a  policy.", "2026-12-01"),), (Line("Put up a poster.", "2026-11-20"),), None, {})
    text = reminding(scenario(), notice, STOP, "2026-11-24")
    helpline = next(row for row in scenario()["contacts"] if row["id"] == "helpline")
    assert text.subject == "Your action plan: dates coming up"
    assert "- 1 December 2026: Write a policy." in text.body
    assert "- 20 November 2026: Put up a poster." in text.body
    assert f"{helpline['who']}, {helpline['number']}." in text.body
    assert f"\n{STOP}\n" in text.body
    assert "Some steps stand only in your plan. To see it, open it with the link you kept" in text.body


@pytest.mark.parametrize(
    ("today", "words"),
    [("2027-11-01", "will be a year old on 24 November 2027"), ("2027-12-01", "since 24 November 2027")],
)
def test_the_age_of_the_answers_is_said_plainly(today: str, words: str) -> None:
    text = reminding(scenario(), Notice((), (), "2027-11-24", {}), STOP, today)
    assert words in text.body
    assert "These dates" not in text.body


def test_a_long_list_is_cut_and_says_so() -> None:
    lines = tuple(Line(f"Do {number}.", "2026-12-01") for number in range(MOST_LINES + 5))
    text = reminding(scenario(), Notice(lines, lines[:2], None, {}), STOP, "2026-11-24")
    assert text.body.count("\n- ") == MOST_LINES
    assert "We left out 7 dates like these." in text.body


def test_the_first_mail_asks_and_tells_nothing_of_the_plan() -> None:
    confirm = STOP.replace("stop", "confirm")
    text = confirming(confirm, STOP, 7)
    assert f"\n{confirm}\n" in text.body
    assert f"\n{STOP}\n" in text.body
    assert "7 days" in text.body
    assert "If somebody asks us again, a mail like this one may come once more." in text.body
    assert "If you want no such mail for 180 days, whoever asks, open this page" in text.body
    for word in ("slavery", "exploit", "helpline", NAME):
        assert word.lower() not in (text.subject + text.body).lower()


@pytest.mark.parametrize("bank", BANKS)
@pytest.mark.parametrize("level", ["low", "medium", "critical"])
def test_no_mail_has_a_name_a_result_or_a_way_in(bank: str, level: str) -> None:
    record = scenario(bank, f"{bank} {level}")
    said = year_of(record)
    told = shown_unasked(register_of(business_record(record)), record)
    assert ("\n- " in said) is bool(told)
    assert told or level == "low"
    for word in (NAME, record["reference"], "score", " band", "ct now", "urgent", "serious", " sign ", "PE38", "/r/"):
        assert word not in said, word
    assert said.count("https://") == said.count(STOP)


@pytest.mark.parametrize("bank", BANKS)
def test_nothing_of_a_question_that_can_raise_a_sign_stands_in_a_mail(bank: str) -> None:
    questions = {question.id: question for question in edition_of(bank).questions()}
    cases = [case for case in sign_cases() if case[0] == bank]
    assert len(cases) > 30
    for _, name, _, answer in cases:
        record = raising(bank, name, answer)
        said = year_of(record)
        assert [text for text in forbidden_texts(questions[name], record) if text in said] == [], name


@pytest.mark.parametrize("bank", BANKS)
@pytest.mark.parametrize("level", ["low", "medium", "critical"])
def test_neither_a_sign_nor_which_one_it_was_can_be_told_from_any_mail(bank: str, level: str) -> None:
    """Every way to raise a sign, urgent or serious, and raising none: the same mails all year."""
    title = f"{bank} {level}"
    asked = {row["id"] for section in scenario(bank, title)["sections"] for row in section["questions"]}
    mails = {year_of(scenario(bank, title)): ["as it is"]}
    for _, name, sign, answer in (case for case in sign_cases() if case[0] == bank):
        if name in asked:
            record = a_record(bank, title, change={name: answer})
            assert sign != "urgent" or has_urgent_sign(record)
            mails.setdefault(year_of(record), []).append(name)
    assert len(mails) == 1, list(mails.values())
    assert sum(map(len, mails.values())) >= 25
