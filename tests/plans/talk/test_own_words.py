from __future__ import annotations

from typing import Any

from flask import Flask

from assess.engine.own_words import MARK
from assess.plans.shares.models import ShareGrant
from assess.plans.talk import own_words
from assess.plans.talk.keeping import Speaker, comment
from assess.plans.talk.models import Side
from tests.people.persons import database_of
from tests.plans.conftest import Submitted


def test_what_was_written_can_be_taken_out(app: Flask, submitted: Submitted, talked: Any, now: Any) -> None:
    shared = talked()
    with database_of(app).writing() as session:
        grant = session.get_one(ShareGrant, shared.id)
        for side in Side:
            comment(session, grant, Speaker(side, None), None, f"By {side}.", now)
        assert [one.text for one in own_words._words(session, submitted.id)] == ["By buyer.", "By business."]
        assert own_words._out_of_words(session, submitted.id, "Something else", now) == 0
        assert own_words._out_of_words(session, submitted.id, "By buyer.", now) == 1
    assert [one.words for one in shared.said()] == [MARK, "By business."]
