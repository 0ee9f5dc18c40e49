"""What the forms show beside what was typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from assess.assessments.access import areas
from assess.core.application import settings_of
from assess.core.db import database
from assess.suppliers.forms import (
    clean_invitation,
    clean_supplier_details,
    describe_reminders,
    first_send_date,
    get_invitation_choices,
    initial_form,
    preview_emails,
    read_form_fields,
)
from assess.suppliers.models import SupplierSize
from assess.suppliers.services import InvitationDetails
from tests.conftest import TODAY as CONFTEST_TODAY
from tests.suppliers.factories import a_buyer, a_supplier

JUNE = datetime(2027, 6, 10, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_in_the_harvest_the_form_says_so_and_proposes_a_date_after_it(app: Flask) -> None:
    with app.app_context(), database().reading() as session:
        assert get_invitation_choices(session).busy == {}
        app.config["CLOCK"] = lambda: JUNE
        assert list(get_invitation_choices(session).busy) == ["farming"]
        assert "1 October 2027" in get_invitation_choices(session).busy["farming"]
        assert initial_form("farming").typed["due_month"] == "10"
        assert initial_form("car_washes").typed["due_month"] == "7"
        assert first_send_date({"sector": "farming"}) == date(2027, 10, 1)
        assert first_send_date({"sector": "farming", "at_once": "yes"}) == JUNE.date()
        assert "other" in areas()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("days", "waits", "words"),
    [
        (28, 0, "14, 7 and 1 days before the date and 1, 7 and 14 days after it"),
        (12, 0, "7 and 1 days before the date and 1, 7 and 14 days after it"),
        (9, 0, "1 day before the date and 1, 7 and 14 days after it"),
        (3, 0, "1, 7 and 14 days after the date"),
        (1, 0, "7 and 14 days after the date"),
        (28, 19, "1 day before the date and 1, 7 and 14 days after it"),
    ],
)
def test_only_reminders_that_are_still_to_come_are_named(app: Flask, days: int, waits: int, words: str) -> None:
    today = CONFTEST_TODAY.date()
    ask = InvitationDetails(
        "farming", quick=True, due=today + timedelta(days=days), message="", send_on=today + timedelta(days=waits)
    )
    with app.app_context():
        assert describe_reminders(ask) == words


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_preview_shows_the_email_without_a_link_that_works(app: Flask) -> None:
    ask = InvitationDetails("farming", quick=True, due=date(2026, 12, 24), message="", send_on=date(2026, 11, 24))
    with app.app_context(), database().writing() as session:
        council = a_buyer(session, "The Council")
        farm = a_supplier(session, council, "Farm", email="a@b.example")
        assert preview_emails(session, council, farm, ask, None) == [], "no mail is sent here"
        settings = replace(settings_of(app), mail_server="smtp://127.0.0.1:9", mail_from="desk@network.example")
        app.extensions["assess.settings"] = settings
        first, *others = preview_emails(session, council, farm, ask, None)
    assert "(the link stands here)" in first.email.text
    assert len(others) == 7
    assert "/supplier-invitations/" not in first.email.text


SECTORS = {"farming": "Farms", "car_washes": "Car washes"}
AREAS = {"norfolk": "Norfolk"}
TODAY = date(2026, 11, 24)
FARM = {"name": " Fen  Edge ", "email": "A@B.example", "phone": "01603 123456", "company_number": "1234567"}
ASK = {"sector": "farming", "length": "quick", "due_day": "24", "due_month": "12", "due_year": "2026", "message": "Hi"}


def who(**typed: str) -> Any:
    return clean_supplier_details(read_form_fields({**FARM, **typed}), SECTORS, AREAS)


def what(**typed: str) -> Any:
    return clean_invitation(read_form_fields({**ASK, **typed}), SECTORS, TODAY)


def test_what_is_well_typed_is_taken() -> None:
    found = who(size="small", area="norfolk", spend="£12,500", reference=" S-1 ", sector="farming").details
    assert (found.name, found.email, found.company_number) == ("Fen Edge", "a@b.example", "01234567")
    assert (found.size, found.area, found.spend_gbp, found.reference) == (SupplierSize.SMALL, "norfolk", 12500, "S-1")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "see www.evil.example"),
        ("email", "nobody"),
        ("phone", "call me"),
        ("company_number", "12"),
        ("reference", "x" * 61),
        ("spend", "a lot"),
        ("spend", "9" * 12),
        ("spend", "²"),
    ],
)
def test_each_fault_has_a_sentence_and_what_was_typed_stays(field: str, typed: str) -> None:
    read = who(**{field: typed})
    assert list(read.errors) == [field]
    assert read.details is None
    assert read.typed[field] == typed
    assert read.beside[field] == read.errors[field]


def test_all_but_the_name_may_be_left_out() -> None:
    read = clean_supplier_details(read_form_fields({"name": "Farm"}), SECTORS, AREAS)
    assert read.details is not None
    assert (read.details.email, read.details.size, read.details.spend_gbp) == ("", None, None)


def test_an_ask_is_taken() -> None:
    found = what().ask
    assert (found.sector, found.quick, found.due, found.message) == ("farming", True, date(2026, 12, 24), "Hi")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"sector": "mining"}, "sector"),
        ({"length": ""}, "length"),
        ({"due_day": ""}, "due"),
        ({"due_day": "31", "due_month": "2"}, "due"),
        ({"due_day": "x"}, "due"),
        ({"due_day": "30", "due_month": "11"}, "due"),
        ({"due_year": "2028"}, "due"),
        ({"due_year": "9" * 20}, "due"),
        ({"message": "x" * 1001}, "message"),
        ({"message": "Look at http://evil.example"}, "message"),
    ],
)
def test_what_cannot_be_asked_is_said(typed: dict[str, str], field: str) -> None:
    read = what(**typed)
    assert list(read.errors) == [field]
    assert read.ask is None


def test_a_week_from_the_email_is_the_least() -> None:
    assert what(due_day="1", due_month="12").ask is not None
    assert "at least 7 days from 24 November 2026" in what(due_day="30", due_month="11").errors["due"]
