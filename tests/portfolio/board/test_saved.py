from __future__ import annotations

import pytest

from assess.kit.db import Database
from assess.portfolio.board import saved
from assess.portfolio.board.filters import Filter
from assess.portfolio.board.saved import FilterUnfitError, forget, save, saved_of
from tests.conftest import TODAY
from tests.people.persons import a_person
from tests.suppliers.makers import a_buyer

pytestmark = pytest.mark.both_databases


def test_filters_belong_to_one_person_and_one_buyer(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.writing() as session:
        council, jo, al = (
            a_buyer(session, "The Council"),
            a_person(session, "jo@x.example"),
            a_person(session, "al@x.example"),
        )
        save(session, council.id, jo.id, " Late  ones ", Filter(late=True), TODAY)
        save(session, council.id, jo.id, "Late ones", Filter(late=True, old=True), TODAY)
        (mine,) = saved_of(session, council.id, jo.id)
        assert (mine.name, mine.query) == ("Late ones", "late=yes&old=yes")
        assert saved_of(session, council.id, al.id) == []
        assert not forget(session, council.id, al.id, mine.id)
        assert forget(session, council.id, jo.id, mine.id)
        for name, wanted in (("", Filter()), ("x" * 61, Filter()), ("x", Filter(text="é" * 500))):
            with pytest.raises(FilterUnfitError):
                save(session, council.id, jo.id, name, wanted, TODAY)
        monkeypatch.setattr(saved, "MOST", 1)
        save(session, council.id, jo.id, "one", Filter(), TODAY)
        with pytest.raises(FilterUnfitError):
            save(session, council.id, jo.id, "two", Filter(), TODAY)
