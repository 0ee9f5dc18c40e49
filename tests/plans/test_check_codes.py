from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update

from assess.assessments.models import Assessment, Submission
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import Database, database
from assess.engine.record import REFERENCE_LETTERS, content_reference
from assess.plans.check_codes import CheckCodeMatch, check_code_of, clean_check_code, find_check_code, save_check_code
from assess.plans.copies import COPIES, BuyerCopy, Copy, buyer_copy
from assess.plans.models import CheckCode, VerificationSecret
from tests.engine.real_banks import BANKS
from tests.long_runs import either
from tests.plans.conftest import submit_record
from tests.plans.printed_pdfs import render_copy
from tests.plans.records import a_record
from tests.plans.test_copies import raising, sign_cases
from tests.sharing.test_paired_worlds import somewhere

pytestmark = pytest.mark.both_databases

THIS_YEAR = ("2026-11-24", "2027-11-24")


@pytest.fixture
def store(app: Flask) -> Database:
    with app.app_context():
        return database()


def printed(store: Database, submission_id: int, copy: Copy) -> str:
    """The code of a copy that was printed."""
    with store.writing() as session:
        submission = session.get(Submission, submission_id)
        assert submission is not None
        save_check_code(session, submission, copy)
        save_check_code(session, submission, copy)
        return check_code_of(session, submission, copy)


def said(store: Database, code: str) -> CheckCodeMatch | None:
    with store.reading() as session:
        return find_check_code(session, code)


def test_a_printed_code_is_known_and_says_only_dates(store: Database, submitted: Any) -> None:
    code = printed(store, submitted.submission_id, "business")
    assert said(store, code) == CheckCodeMatch(*THIS_YEAR, latest=True)
    assert said(store, submitted.record["reference"]) is None


def test_all_copies_with_the_whole_plan_share_a_code(store: Database, submitted: Any) -> None:
    copies: tuple[Copy, ...] = ("business", "large", "coordinator")
    assert len({printed(store, submitted.submission_id, copy) for copy in copies}) == 1


def test_another_installation_gives_the_same_words_another_code(store: Database, submitted: Any) -> None:
    before = {copy: printed(store, submitted.submission_id, copy) for copy in COPIES}
    with store.writing() as session:
        session.execute(update(VerificationSecret).values(key="ab" * 32))
    after = {copy: printed(store, submitted.submission_id, copy) for copy in COPIES}
    assert not set(before.values()) & set(after.values())


def test_the_same_words_and_code_give_the_same_bytes(store: Database, submitted: Any) -> None:
    code = printed(store, submitted.submission_id, "buyer")
    first = render_copy(submitted.record, "buyer", code=code)
    assert render_copy(submitted.record, "buyer", code=printed(store, submitted.submission_id, "buyer")) == first


def as_anybody_may_guess(copy: BuyerCopy) -> set[str]:
    """The codes that can be worked out from a copy alone: as it is, and with each other result."""
    bands: tuple[Any, ...] = (None, "low", "medium", "high")
    return {content_reference(asdict(replace(copy, band=band))) for band in bands}


@pytest.mark.parametrize(
    ("backend", "bank"),
    either([("sqlite", BANKS[0])], [*(("sqlite", bank) for bank in BANKS), ("postgresql", BANKS[0])]),
    indirect=["backend"],
)
def test_whatever_sign_is_open_no_code_from_what_anybody_may_know_is_known(
    app: Flask, store: Database, visit: Any, now: datetime, bank: str
) -> None:
    cases = [(name, answer) for of, name, sign, answer in sign_cases() if of == bank and sign == "urgent"]
    assert len(cases) >= 9
    for name, answer in cases:
        record = raising(bank, name, answer)
        visit.client.environ_base["REMOTE_ADDR"] = (
            somewhere()
        )  # how often one address may call is not what is looked at
        made = submit_record(app, visit, record, now)
        codes = {printed(store, made.submission_id, copy) for copy in COPIES}
        assert all(said(store, code) for code in codes)
        guesses = as_anybody_may_guess(buyer_copy(record)) | {record["reference"], content_reference(record)}
        assert [guess for guess in guesses if said(store, guess)] == [], name


def test_a_code_that_was_never_printed_is_not_known(store: Database, submitted: Any) -> None:
    with store.reading() as session:
        codes = {check_code_of(session, session.get_one(Submission, submitted.submission_id), copy) for copy in COPIES}
    assert [code for code in codes if said(store, code)] == []


def test_a_buyers_copy_has_a_code_of_its_own(store: Database, submitted: Any) -> None:
    code = printed(store, submitted.submission_id, "buyer")
    assert code not in {submitted.record["reference"], printed(store, submitted.submission_id, "business")}
    assert said(store, code) == CheckCodeMatch(*THIS_YEAR, latest=True)


def again(store: Database, submitted: Any, record: Any, now: datetime) -> int:
    with store.writing() as session:
        reopen_assessment(session, submitted.id, now)
        return submit_assessment(session, submitted.id, lambda _said: record, now).id


def test_after_the_business_answered_again_an_older_code_says_so(
    store: Database, submitted: Any, now: datetime
) -> None:
    code = printed(store, submitted.submission_id, "business")
    again(store, submitted, a_record(change={"core_longest_week": 61}), now + timedelta(days=9))
    assert said(store, code) == CheckCodeMatch(*THIS_YEAR, latest=False)


@pytest.mark.parametrize("signs", [("core_documents", "employer", "third"), ("core_controller", "yes", "yes")])
def test_where_two_copies_have_the_same_words_the_latest_counts(
    app: Flask, store: Database, visit: Any, now: datetime, signs: tuple[str, str, str]
) -> None:
    question, one, other = signs
    first = submit_record(app, visit, a_record(change={question: one}), now)
    code = printed(store, first.submission_id, "buyer")
    newer = again(store, first, a_record(change={question: other}), now + timedelta(hours=1))
    assert printed(store, newer, "buyer") == code
    assert said(store, code) == CheckCodeMatch(*THIS_YEAR, latest=True)


def test_a_code_goes_with_the_assessment(store: Database, submitted: Any) -> None:
    code = printed(store, submitted.submission_id, "business")
    with store.writing() as session:
        session.execute(delete(Assessment))
    assert said(store, code) is None


@pytest.mark.parametrize("typed", ["K7QF-2M9D", "k7qf2m9d", " K7QF 2M9D ", "k7qf–2m9d", "K7 QF-2M 9D"])
def test_spaces_dashes_and_small_letters_do_not_matter(typed: str) -> None:
    assert clean_check_code(typed) == "K7QF-2M9D"


@pytest.mark.parametrize(
    "typed", ["", "K7QF", "K7QF-2M9DX", "K0QF-2M9D", "K1QF-2M9D", "KOQF-2M9D", "Käsebrot", "ß" * 4]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert clean_check_code(typed) is None or typed.startswith("ß")


def test_the_letters_of_a_code_cannot_be_taken_for_each_other() -> None:
    assert not set(REFERENCE_LETTERS) & set("01OILAEU")


def test_a_code_of_a_buyers_copy_of_an_earlier_release_says_its_date_alone(
    store: Database, visit: Any, submitted: Any
) -> None:
    code = printed(store, submitted.submission_id, "buyer")
    with store.writing() as session:
        session.execute(update(CheckCode).where(CheckCode.code == code).values(copy="buyer_before"))
    assert said(store, code) == CheckCodeMatch(*THIS_YEAR, latest=True, before=True)
    text = visit(f"/check/{code}").text
    assert "24 November 2026" in text
    assert "24 November 2027" not in text
    assert "latest" not in text
    assert "A buyer can ask for a new one." in text


def test_whoever_works_there_is_led_to_the_help_page_and_told_to_ask_nobody_there(
    store: Database, visit: Any, submitted: Any
) -> None:
    for path in ("/check", f"/check/{printed(store, submitted.submission_id, 'buyer')}", "/check/K7QF-2M9D"):
        page = visit(path)
        assert page.soup.select_one("main a[href='/help']"), path
        assert "do not ask your boss about it" in page.text, path
        assert "sk the business" not in page.text, path
