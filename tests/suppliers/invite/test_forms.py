"""What the forms show beside what was typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from assess.assessments.access import areas
from assess.core.application import settings_of
from assess.core.db import database
from assess.core.forms.form import FormResult, form_of
from assess.suppliers.forms import (
    describe_reminders,
    first_send_date,
    get_invitation_choices,
    initial_invitation,
    invitation_details,
    invitation_fields,
    preview_emails,
    supplier_details,
    supplier_fields,
)
from assess.suppliers.models import SupplierSize
from assess.suppliers.services import InvitationDetails, SupplierDetails
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
        assert initial_invitation("farming")["due_month"] == "10"
        assert initial_invitation("car_washes")["due_month"] == "7"
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


def who(**typed: str) -> FormResult:
    return form_of(supplier_fields(SECTORS, AREAS)).read(MultiDict({**FARM, **typed}))


def what(**typed: str) -> FormResult:
    return form_of(invitation_fields(SECTORS, TODAY)).read(MultiDict({**ASK, **typed}))


def test_what_is_well_typed_is_taken() -> None:
    read = who(size="small", area="norfolk", spend_gbp="£12,500", reference=" S-1 ", sector="farming")
    found = supplier_details(read.values)
    assert (found.name, found.email, found.company_number) == ("Fen Edge", "a@b.example", "01234567")
    assert (found.size, found.area, found.spend_gbp, found.reference) == (SupplierSize.SMALL, "norfolk", 12500, "S-1")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "see www.evil.example"),
        ("email", "nobody"),
        ("phone", "call me"),
        ("sector", "mining"),
        ("area", "Suffolk"),
        ("size", "huge"),
        ("company_number", "12"),
        ("reference", "x" * 61),
        ("spend_gbp", "a lot"),
        ("spend_gbp", "9" * 12),
        ("spend_gbp", "²"),
    ],
)
def test_each_fault_has_a_sentence_and_what_was_typed_stays(field: str, typed: str) -> None:
    read = who(**{field: typed})
    assert list(read.errors) == [field]
    assert read.typed[field] == typed


def test_all_but_the_name_may_be_left_out() -> None:
    read = form_of(supplier_fields(SECTORS, AREAS)).read(MultiDict({"name": "Farm"}))
    assert supplier_details(read.values) == SupplierDetails("Farm")


def test_an_ask_is_taken() -> None:
    found = invitation_details(what().values, TODAY)
    assert found == InvitationDetails("farming", quick=True, due=date(2026, 12, 24), message="Hi", send_on=TODAY)


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
    assert list(what(**typed).errors) == [field]


def test_a_week_from_the_email_is_the_least() -> None:
    assert what(due_day="1", due_month="12").errors == {}
    assert "at least 7 days from 24 November 2026" in what(due_day="30", due_month="11").errors["due"]
