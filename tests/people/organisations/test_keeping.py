from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from assess.people.models import Role
from assess.people.organisations import keeping
from assess.people.organisations.keeping import (
    SiteTwiceError,
    SiteUnknownError,
    TooManySitesError,
    add_site,
    begin,
    members,
    organisations_of,
    remove_site,
    rename_site,
    sites,
    words_of,
)
from assess.people.organisations.members import WORDS
from tests.people.persons import a_person, an_organisation

pytestmark = pytest.mark.both_databases


def test_whoever_begins_one_is_its_first_member(session: Session, now: datetime) -> None:
    ann = a_person(session, "ann@farm.example")
    made = begin(session, "Fen Edge", "01234567", ann.id, now)
    (only,) = members(session, made.id)
    assert (only.shown, only.roles) == ("ann@farm.example", {Role.MANAGER, Role.RESPONDENT})
    assert organisations_of(session, [made.id]) == [made]
    assert words_of(only.roles, WORDS) == ["Manager", "Answers and follows the plan"]


def test_sites_stay_with_their_organisation(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, theirs = an_organisation(session, "Mine"), an_organisation(session, "Theirs")
    north = add_site(session, mine.id, "North", now)
    add_site(session, theirs.id, "north", now)
    with pytest.raises(SiteTwiceError):
        add_site(session, mine.id, "NORTH", now)
    rename_site(session, mine.id, north.id, "north")
    with pytest.raises(SiteUnknownError):
        rename_site(session, theirs.id, north.id, "Stolen")
    with pytest.raises(SiteUnknownError):
        remove_site(session, theirs.id, north.id)
    monkeypatch.setattr(keeping, "MOST_SITES", 1)
    with pytest.raises(TooManySitesError):
        add_site(session, mine.id, "South", now)
    remove_site(session, mine.id, north.id)
    assert sites(session, mine.id) == []
    assert len(sites(session, theirs.id)) == 1
