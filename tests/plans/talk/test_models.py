from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from assess.kit.db import Database
from assess.plans.talk.models import Move, Side, Talk, TalkWord
from tests.conftest import TODAY
from tests.suppliers.makers import a_buyer, a_supplier, invited, shared

pytestmark = pytest.mark.both_databases

WORD: Any = {"number": 1, "side": Side.BUYER, "move": Move.COMMENT, "words": "Hello.", "at": TODAY}


def test_a_number_stands_once_in_a_talk(published: Database) -> None:
    with published.writing() as session:
        grant = shared(session, invited(session, a_supplier(session, a_buyer(session, "The Council"), "Farm")))
        session.add(Talk(grant_id=grant.id, made=1, seen=0))
        session.add(TalkWord(grant_id=grant.id, **WORD))
        session.flush()
        session.expunge_all()
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(TalkWord(grant_id=grant.id, **WORD))
        assert session.query(TalkWord).count() == 1
