from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from assess.people.administration.organisations import (
    YearsUnfitError,
    find_invitations,
    find_organisations,
    keep_for,
    names_of,
    years_offered,
)
from assess.people.administration.paging import Wanted
from assess.people.models import Role
from assess.people.organisations.inviting import invite
from tests.people.persons import an_organisation


def test_organisations_are_found_by_name_or_number(session: Session) -> None:
    an_organisation(session, "Fen Edge").company_number = "01234567"
    an_organisation(session, "Sea View")
    session.flush()
    for words in ("fen", "1234567", "01234567"):
        assert [one.name for one in find_organisations(session, Wanted(words)).rows] == ["Fen Edge"]
    assert len(find_organisations(session, Wanted()).rows) == 2


def test_nothing_is_kept_longer_than_the_installation_says(session: Session) -> None:
    farm = an_organisation(session, "Fen Edge")
    assert list(years_offered(3)) == [1, 2, 3]
    keep_for(farm, "2", 3)
    assert farm.keep_years == 2
    for typed in ("0", "4", "-1", "2.5", "\u0662", "two"):
        with pytest.raises(YearsUnfitError):
            keep_for(farm, typed, 3)
    keep_for(farm, "", 3)
    assert farm.keep_years is None


def test_invitations_of_all_organisations_are_listed(session: Session, now: datetime) -> None:
    farm = an_organisation(session, "Fen Edge")
    invite(session, farm, "kim@farm.example", frozenset({Role.SIGNER}), "https://x", now, secret="secret")
    found = find_invitations(session, Wanted("KIM"), now)
    assert names_of(session, found.rows) == {farm.id: "Fen Edge"}
    assert find_invitations(session, Wanted("kim"), now.replace(year=2027)).rows == []
