from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import func, select

from assess.engine.own_words import MARK
from assess.plans.shares import own_words
from assess.plans.shares.models import ShareFile, ShareGrant
from assess.plans.shares.scopes import Scope
from tests.people.persons import database_of
from tests.plans.conftest import Submitted

BUYER = "Norfolk County Council"


def test_the_name_of_a_buyer_goes_with_the_files_and_the_frozen_copy_stays(
    app: Flask, submitted: Submitted, share_with: Any, now: Any
) -> None:
    given = share_with(submitted, scope=Scope.EVIDENCE)
    with database_of(app).writing() as session:
        frozen = session.get_one(ShareGrant, given.id).document
        session.add(ShareFile(grant_id=given.id, page="p" * 64, digest="d" * 64, content=b"%PDF-", made_at=now))
        session.flush()
        assert [one.text for one in own_words._buyers(session, submitted.id)] == [BUYER]
        assert own_words._out_of_buyers(session, submitted.id, "Somebody else", now) == 0
        assert own_words._out_of_buyers(session, submitted.id, BUYER, now) == 1
        own_words._away_with_files(session, submitted.id, BUYER, now)
    with database_of(app).reading() as look:
        grant = look.get_one(ShareGrant, given.id)
        assert (grant.buyer, grant.document) == (MARK, frozen)
        assert look.scalar(select(func.count()).select_from(ShareFile)) == 0
