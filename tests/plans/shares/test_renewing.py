"""A database of the release before: of what was made for buyers then nothing is left, and everything is made anew from the same answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, select, text

from assess.assessments.models import Submission
from assess.engine.record import canonical
from assess.kit.db import Database
from assess.kit.migrations import upgrade_to_head
from assess.plans.check_code.codes import matched
from assess.plans.check_code.models import CheckCode
from assess.plans.register.keeping import Change, change
from assess.plans.shares.coding import code_of_share
from assess.plans.shares.document import FORMAT, freeze, shared_copy, thaw
from assess.plans.shares.models import ShareGrant
from assess.plans.shares.renewing import renew_shares
from assess.plans.shares.scopes import Scope
from assess.portfolio import reckoning
from assess.portfolio.models import Standing, StandingBar
from tests.conftest import TODAY
from tests.engine.real_banks import edition_of
from tests.kit.old_rows import copy_to_older
from tests.plans.test_buyer_view import old as record_of_engine_1
from tests.readable import readable_rows
from tests.suppliers.makers import a_buyer, a_supplier, invited, later, shared

BEFORE, AFTER = "core_policy", "core_speak_up"
"""Two ordinary steps of the farm: one was done before it was shared, one after."""
assert reckoning  # it listens for what changes, as in a site
LEAK = "rating-of-before"


@pytest.fixture
def old(empty_url: str) -> Iterator[Database]:
    opened = Database(empty_url)
    yield opened
    opened.close()


@pytest.fixture
def before(published: Database, old: Database) -> Database:
    """A farm with a serious sign, as the release before kept what it shares."""
    upgrade_to_head(old.engine, revision="0035")
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge Growers", sector="farming")
        grant = shared(session, invited(session, farm), record=record_of_engine_1(), scope=Scope.PLAN, now=TODAY)
        grant.frozen_at = later(5)
        change(session, grant.submission_id, BEFORE, Change("accepted", status="done"), 0, later(4))
        change(session, grant.submission_id, AFTER, Change("accepted", status="done"), 0, later(6))
        grant.document = {"format": 1, "copy": {"rating": {"band": "high", "word": LEAK}}, "plan": None}
        session.flush()
        session.execute(delete(Standing))
        session.execute(delete(CheckCode))
    with old.engine.begin() as connection:
        connection.execute(text("DELETE FROM code_key"))  # that of the other database comes with its rows
    copy_to_older(published, old)
    return old


def fill(database: Database) -> None:
    """Files, codes and rows as they stood beside it."""
    with database.engine.begin() as connection:
        run = connection.execute
        grant, submission, supplier, buyer = run(
            text("SELECT id, submission_id, supplier_id, organisation_id FROM share_grant")
        ).one()
        given = {"g": grant, "n": submission, "s": supplier, "b": buyer, "now": "2026-11-24 09:30:00"}

        def put(table: str, **values: Any) -> None:
            columns, asked = ", ".join(values), ", ".join(f":{name}" for name in values)
            run(text(f"INSERT INTO {table} ({columns}) VALUES ({asked})"), values)  # noqa: S608  # our own words

        file = {"digest": "a" * 64, "content": LEAK.encode(), "made_at": given["now"]}
        put("share_file", grant_id=grant, page="b" * 64, **file)
        for copy in ("buyer", "business"):
            put("rendered", submission_id=submission, copy=copy, language="en", state="", **file)
        for code, copy in (("K7QF-2M9D", "shared"), ("K7QF-2M9F", "buyer"), ("K7QF-2M9G", "business")):
            put("check_code", code=code, submission_id=submission, copy=copy)
        made = {"content": LEAK.encode(), "made_at": given["now"]}
        put("summary_file", buyer_id=buyer, names=False, text="c" * 64, **made)
        counts = {"bands": {"low": 1, "medium": 2, "high": 3, "critical": 4, "none": 5}, "groups": {}}
        put("picture_month", buyer_id=buyer, month="2026-11-01", counts=json.dumps(counts), made_at=given["now"])
        put(
            "portfolio_file",
            id=grant,
            buyer_id=buyer,
            kind="csv",
            wanted="{}",
            state="ready",
            part=1,
            done=1,
            total=1,
            done_before=0,
            ordered_at=given["now"],
            until="2027-11-24 09:30:00",
            size=3,
            content=LEAK.encode(),
        )
        put(
            "standing",
            supplier_id=supplier,
            buyer_id=buyer,
            name="Fen Edge Growers",
            sort_name="fen edge growers",
            searched="fen edge growers",
            status="shared",
            grant_id=grant,
            shown_until="2027-11-24 09:30:00",
            answered_on="2026-11-24",
            good_until="2027-11-24",
            band="high",
            provisional=False,
            open_steps=9,
            done_steps=0,
            late_steps=0,
            call_points=60,
            call_reasons=json.dumps([{"words": LEAK}]),
            reckoned_at=given["now"],
        )
        put("standing_bar", supplier_id=supplier, buyer_id=buyer, name=LEAK, step=1)


def everything(database: Database) -> str:
    with database.reading() as look:
        tables = (
            "share_grant share_file rendered check_code summary_file picture_month portfolio_file standing standing_bar"
        )
        return repr([readable_rows(look.connection(), table) for table in tables.split()])


def test_nothing_that_was_made_for_buyers_before_is_left(before: Database) -> None:
    fill(before)
    assert everything(before).count(LEAK) >= 7
    assert upgrade_to_head(before.engine)
    kept = everything(before)
    assert kept.count(LEAK) == 1, "the business keeps its own file"
    with before.reading() as look:
        assert look.execute(text("SELECT copy FROM rendered")).scalars().all() == ["business"]
        assert look.execute(text("SELECT state, content FROM portfolio_file")).all() == [("removed", None)]
        row = look.scalars(select(Standing)).one()
        assert (row.band, row.open_steps, row.call_points, row.call_reasons) == (None, 0, 100, [])
        (counts,) = look.execute(text("SELECT counts FROM picture_month")).scalars()
        bands = (json.loads(counts) if isinstance(counts, str) else counts)["bands"]
        assert bands == {"low": 1, "medium": 2, "high": 7, "none": 5}
        for code, only_date in (("K7QF-2M9D", True), ("K7QF-2M9F", True), ("K7QF-2M9G", False)):
            found = matched(look, code)
            assert found
            assert (found.made_on, found.before) == ("2026-11-24", only_date)


def test_copies_and_rows_are_made_anew_as_of_the_day_they_were_frozen(before: Database) -> None:
    fill(before)
    upgrade_to_head(before.engine)
    assert renew_shares(before, later(9)) == 1
    assert renew_shares(before, later(9)) == 0
    with before.reading() as look:
        grant = look.scalars(select(ShareGrant)).one()
        submission = look.get_one(Submission, grant.submission_id)
        assert grant.document["format"] == FORMAT
        copy = thaw(grant.document)
        plain = shared_copy(submission.record, edition_of("farming"), {}, Scope.PLAN)
        assert (copy.copy, copy.scope) == (plain.copy, Scope.PLAN)
        assert copy.copy.band == "medium", "its serious sign counts for nothing here"
        assert copy.done == 1, "what was done before it was shared, and not what was done since"
        assert matched(look, code_of_share(look, grant.document)), "the new code is known at once"
        row = look.scalars(select(Standing)).one()
        assert (row.band, row.quick, row.done_steps) == ("medium", False, 2)
        assert look.scalars(select(StandingBar)).all()
        assert canonical(freeze(copy)) == canonical(grant.document)
