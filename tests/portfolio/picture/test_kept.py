from __future__ import annotations

import uuid

import pytest
from sqlalchemy import func, select

from assess.kit.db import Database
from assess.portfolio.picture.kept import is_kept, keep, kept
from assess.portfolio.picture.models import SummaryFile
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer

pytestmark = pytest.mark.both_databases


def test_one_with_names_and_one_without_are_kept_and_never_an_outdated_one(published: Database) -> None:
    with published.writing() as session:
        mine = a_buyer(session, "The Council").id
        keep(session, mine, "<p>old</p>", b"old", TODAY, names=False)
        keep(session, mine, "<p>new</p>", b"new", TODAY, names=False)
        keep(session, mine, "<p>Ann</p>", b"Ann", TODAY, names=True)
        keep(session, uuid.uuid4(), "<p>gone</p>", b"gone", TODAY, names=True)
    with published.reading() as look:
        found = kept(look, mine, "<p>new</p>", names=False)
        assert found is not None
        assert found.content == b"new"
        assert is_kept(look, mine, "<p>Ann</p>", names=True)
        assert not is_kept(look, mine, "<p>Ann</p>", names=False)
        assert kept(look, mine, "<p>old</p>", names=False) is None
        assert kept(look, mine, "<p>new</p>", names=True) is None
        assert look.scalar(select(func.count()).select_from(SummaryFile)) == 2
