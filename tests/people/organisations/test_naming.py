from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assess.people.models import Organisation
from assess.people.organisations.naming import (
    NOT_CONFIRMED,
    ConfirmedBy,
    DomainUnfitError,
    NameUnfitError,
    NumberUnfitError,
    confirm,
    confirm_by_domain,
    confirmed_words,
    fit_company_number,
    fit_name,
    give_number,
    name_note,
    own_domain,
    providers,
    rename,
)


def farm() -> Organisation:
    return Organisation(name="Fen Edge", made_at=datetime(2026, 11, 24, tzinfo=UTC))


def test_a_name_has_words_and_leads_nowhere() -> None:
    assert fit_name("  Fen   Edge ") == "Fen Edge"
    assert fit_name("Booking.com (UK)") == "Booking.com (UK)"
    for bad in ("", " \n ", "x" * 121, "Prize: http://evil.example", "WWW.evil.example", "bell\x07"):
        with pytest.raises(NameUnfitError):
            fit_name(bad)


@pytest.mark.parametrize(
    ("typed", "kept"), [("", None), ("1234567", "01234567"), ("sc 123 456", "SC123456"), ("IP12345R", "IP12345R")]
)
def test_company_numbers_are_put_in_order(typed: str, kept: str | None) -> None:
    assert fit_company_number(typed) == kept


@pytest.mark.parametrize("typed", ["1", "123456789", "ABC12345", "\u0661\u0662\u0663\u0664\u0665\u0666\u0667"])
def test_what_is_no_company_number_is_refused(typed: str) -> None:
    with pytest.raises(NumberUnfitError):
        fit_company_number(typed)


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("ann@fenedge.co.uk", "fenedge.co.uk"),
        ("ann@mail.fenedge.co.uk", "fenedge.co.uk"),
        ("a@norfolk.gov.uk", "norfolk.gov.uk"),
    ],
)
def test_an_own_domain_shows_whose_it_is(email: str, domain: str) -> None:
    assert own_domain(email) == domain


@pytest.mark.parametrize(
    "email",
    [
        "ann@gmail.com",
        "ann@googlemail.com",
        "x@ann.fastmail.com",
        "ann@wp.pl",
        "pc@norfolk.police.uk",
        "head@school.norfolk.sch.uk",
        "dr@nhs.net",
    ],
)
def test_what_many_share_shows_nothing(email: str) -> None:
    with pytest.raises(DomainUnfitError):
        own_domain(email)


def test_the_list_of_providers_is_in_order() -> None:
    lines = list(providers())
    assert all(line == line.strip().lower() and "." in line for line in lines)
    assert len(lines) > 100


def test_a_name_is_confirmed_until_it_is_another() -> None:
    organisation = farm()
    assert name_note(organisation) == NOT_CONFIRMED == "name not confirmed"
    confirm_by_domain(organisation, "ann@fenedge.example")
    assert (name_note(organisation), organisation.confirmed_by) == (None, ConfirmedBy.DOMAIN)
    assert "fenedge.example" in (confirmed_words(organisation) or ""), "whose domain it is stands beside it"
    rename(organisation, "Fen Edge")
    assert name_note(organisation) is None
    rename(organisation, "Fen Edges")
    assert name_note(organisation) == NOT_CONFIRMED
    assert (organisation.domain, confirmed_words(organisation)) == (None, None)
    for by in ConfirmedBy:
        confirm(organisation, by)
        assert confirmed_words(organisation)


def test_another_number_takes_only_the_check_of_the_register_back() -> None:
    organisation = farm()
    give_number(organisation, "01234567")
    confirm(organisation, ConfirmedBy.COMPANY_CHECK)
    give_number(organisation, "01234567")
    assert name_note(organisation) is None
    give_number(organisation, "07654321")
    assert name_note(organisation) == NOT_CONFIRMED
    confirm(organisation, ConfirmedBy.INVITATION)
    give_number(organisation, None)
    assert name_note(organisation) is None
