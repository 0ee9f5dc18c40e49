"""The page on which a letter is checked: yes with the day and the name, or no; ten tries an hour, and nothing to learn from it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from assess import load_jobs
from assess.kit.config import Settings
from assess.kit.jobs.running import run_waiting
from assess.people.models import NameState, Organisation
from assess.suppliers.letters import ADDRESS_KEPT, LETTER_KEPT, forget_letters, typed_number
from assess.suppliers.models import SupplierLetter
from assess.suppliers.views_letters import CHECKING, Said, check
from tests.conftest import TODAY, Page, Visitor
from tests.people.persons import a_person, an_organisation, database_of
from tests.postboxes import Postbox, settings_that_mail
from tests.suppliers.makers import a_buyer, a_supplier, invited

FARM = "office@farm.example"


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: Postbox) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


@pytest.fixture
def number(app: Flask, settings: Settings, postbox: Postbox) -> str:
    """The number of a letter that was sent to the farm, as it stands in it."""
    with database_of(app).writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council.gov.uk"), "Farm", email=FARM)
        invited(session, farm, settings=settings)
    load_jobs()
    run_waiting(database_of(app), settings, lambda: TODAY)
    body = postbox.bodies()[0]
    assert "How to check this letter: http://localhost:5000/letters\n" in body
    return re.findall(r"Letter number: (\w{5}-\w{5})\n", body)[0]


def asked(visit: Visitor, number: str, email: str) -> Page:
    visit("/letters")
    return visit.send(number=number, email=email)


def test_a_letter_of_ours_is_known_with_its_day_and_in_whose_name_it_went(visit: Visitor, number: str) -> None:
    for typed, email in (
        (number, FARM),
        (number.lower().replace("-", " "), " Office+us@FARM.example "),
        (number.replace("0", "o").replace("1", "l"), f"<{FARM}>"),
    ):
        page = asked(visit, typed, email)
        assert (page.heading, page.status) == ("Yes, we sent it", 200)
        assert "It went on 24 November 2026, in the name of The Council. gov. uk" in page.text
        assert "If your letter names anybody else, it is not ours. Do not answer it." in page.text


def test_a_number_from_a_mailbox_elsewhere_at_the_same_provider_confirms_no_forged_letter(
    app: Flask, visit: Visitor, settings: Settings
) -> None:
    with database_of(app).writing() as session:
        own = a_supplier(session, a_buyer(session, "Mallory Trading"), "Own mailbox", email="mallory@gmail.com")
        invited(session, own, settings=settings)
        number = session.scalars(select(SupplierLetter.number)).one()
    load_jobs()
    run_waiting(database_of(app), settings, lambda: TODAY)
    assert asked(visit, number, "mallory@gmail.com").heading == "Yes, we sent it"
    assert asked(visit, number, "anna.farmer@gmail.com").heading == "No, we did not send it"


def test_of_a_name_that_waited_it_says_what_the_letter_said(app: Flask, visit: Visitor, settings: Settings) -> None:
    with database_of(app).writing() as session:
        clerk = a_person(session, "clerk@tinyparish.gov.uk")
        parish = an_organisation(session, "Tiny Parish", manager=clerk, buyer=clerk)
        parish.name_state, parish.domain = NameState.WAITING, "tinyparish.gov.uk"
        invited(session, a_supplier(session, parish, "Farm", email=FARM), settings=settings, by=clerk.id)
        number = session.scalars(select(SupplierLetter.number)).one()
    load_jobs()
    run_waiting(database_of(app), settings, lambda: TODAY)
    page = asked(visit, number, FARM)
    assert (
        "It went on 24 November 2026, for somebody with an address at tinyparish.gov.uk who writes in the name of Tiny Parish"
        in page.text
    )
    assert "Nobody had confirmed this name then." in page.text


@pytest.mark.parametrize("typed", ["", "farm.example", "office@", "öffice@farm.example"])
def test_it_asks_for_a_whole_address(visit: Visitor, typed: str) -> None:
    page = asked(visit, "00000-00000", typed)
    assert page.status == 422
    assert "Enter the whole email address that the letter came to, like name@example.org." in page.text


def test_a_letter_is_known_after_the_key_was_changed(app: Flask, number: str, settings: Settings) -> None:
    with database_of(app).reading() as look:
        assert check(look, number, FARM, ["a new key", settings.key]).said is Said.YES
        assert check(look, number, FARM, ["a new key"]).said is Said.NO


def test_a_wrong_address_reads_as_a_number_nobody_knows(visit: Visitor, number: str) -> None:
    pages = [
        re.sub(r'(value|nonce|content)="[^"]*"', "", asked(visit, *typed).html)
        for typed in (
            (number, "office@stranger.example"),
            ("00000-00000", FARM),
            (number, "anna@farm.example"),
            (number, "ffice@farm.example"),
        )
    ]
    assert "There is no letter of this number to this email address." in pages[0]
    assert len(set(pages)) == 1


def test_what_was_written_and_never_left_was_not_sent(app: Flask, visit: Visitor, settings: Settings) -> None:
    with database_of(app).writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Farm", email=FARM)
        invited(session, farm, settings=settings)
        number = session.scalars(select(SupplierLetter.number)).one()
    assert asked(visit, number, FARM).heading == "No, we did not send it"


def test_ten_tries_an_hour_for_each_address(visit: Visitor, number: str) -> None:
    for _ in range(CHECKING.most):
        assert asked(visit, "00000-00000", FARM).status == 200
    assert asked(visit, number, FARM).status == 429
    visit("/letters")
    assert visit.send(number="", email="").status == 422, "what is not typed is no try"


def test_once_the_name_is_taken_back_it_says_so(app: Flask, visit: Visitor, number: str) -> None:
    with database_of(app).writing() as session:
        session.scalars(select(Organisation)).one().name_state = NameState.SUSPENDED
    page = asked(visit, number, FARM)
    assert page.heading == "Do not answer this letter"
    assert "We can no longer confirm who asked." in page.text


def test_addresses_go_after_90_days_and_numbers_after_13_months(app: Flask, number: str) -> None:
    moment = TODAY + ADDRESS_KEPT
    with database_of(app).writing() as session:
        assert forget_letters(session, moment) == 0
        assert forget_letters(session, moment.replace(hour=23)) == 1
        kept = session.get_one(SupplierLetter, typed_number(number), populate_existing=True)
        assert (kept.address, kept.domain) == ("", "farm.example")
        assert forget_letters(session, TODAY + LETTER_KEPT) == 0
        assert forget_letters(session, (TODAY + LETTER_KEPT).replace(hour=23)) == 1
        assert session.scalars(select(SupplierLetter)).all() == []


def test_numbers_cannot_be_guessed(app: Flask, settings: Settings) -> None:
    with database_of(app).writing() as session:
        council = a_buyer(session, "The Council")
        for place in range(30):
            farm = a_supplier(session, council, f"Farm {place}", email=f"a@farm{place}.example")
            invited(session, farm, settings=settings)
        numbers = session.scalars(select(SupplierLetter.number)).all()
    assert len(set(numbers)) == 30
    assert all(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{10}", one) for one in numbers)
    assert all(len({one[place] for one in numbers}) > 5 for place in range(10)), "no place is the same in all"
