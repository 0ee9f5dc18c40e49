"""A supplier that answers again, and differs in nothing but answers that are not ordinary: every page and file of its buyer stays as it is.

Short form: some answers of each firm. Long form: `ASSESS_TEST_EXAMPLES=500`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from assess.assessments.submissions import get_submission, reopen_assessment, submit_assessment
from assess.portfolio.board.columns import BAND_LABELS, BoardFilter, BoardOrder
from assess.portfolio.bulk_exports.tables import build_tables, tables_to_csv, tables_to_xlsx
from assess.portfolio.dashboard import get_dashboard, summary_html
from assess.portfolio.models import BoardRow
from assess.sharing.models import ShareScope
from assess.sharing.services import end_share_grant, share_with_buyer
from assess.suppliers.models import InvitationStatus
from tests.conftest import TODAY
from tests.long_runs import either
from tests.plans.hidden_answers import EXAMPLES, MISSING, changes_of, with_answers
from tests.plans.records import Record, a_record, answers_of
from tests.portfolio.conftest import Council
from tests.sharing.test_shared_copy import LARGE
from tests.sharing.test_telling_nothing import recorded
from tests.suppliers.factories import a_supplier, invited, shared

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
TOKEN = re.compile(r'name="csrf_token"[^>]*value="[^"]*"')
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}")
SURE = [("core_documents", "employer"), ("core_min_wage", "some_not"), ("core_debt", "dk"), ("core_threats", MISSING)]
"""An urgent sign, a serious one, one that is not known, and one that is not answered."""
BANK = "farming"
ROUNDS = 8
"""After so many the five lines of the trail on the page of the supplier are those of any other round."""


def addresses(council: Council) -> Iterator[str]:
    """Every sort, every filter, and what stands in them; then the other pages."""
    queries = [f"sort={order.value}" for order in BoardOrder]
    queries += [f"band={band}&sort=band" for band in BAND_LABELS]
    queries += [
        f"status={status.value}"
        for status in InvitationStatus
        if status in {InvitationStatus.SHARED, InvitationStatus.SHARE_OVER}
    ]
    queries += ["late=yes", "old=yes", "weak=Pay", "duty=Annual"]
    yield from (f"{council.address}?{query}" for query in queries)
    yield from (f"{council.address}/{page}" for page in ("call-first", "picture"))


class World:
    """A farm that shares all it can with a council that has other suppliers too, and answers again as often as it is told."""

    def __init__(self, council: Council) -> None:
        self.council = council
        with council.database.writing() as session:
            for name, level in (("Acle Farm", "low"), ("Wroxham Farm", "critical")):
                supplier = a_supplier(session, council.organisation, name, sector=BANK)
                record = a_record(BANK, f"{BANK} {level}", facts=LARGE)
                shared(session, invited(session, supplier), record=record, scope=ShareScope.PLAN)
            farm = a_supplier(session, council.organisation, "Fen Edge", sector=BANK)
            self.farm_id, self.invitation = farm.id, invited(session, farm)
            self.grant = shared(session, self.invitation, record=a_record(BANK, facts=LARGE), scope=ShareScope.EVIDENCE)

    def seen_with(self, record: Record) -> dict[str, Any]:
        """Everything the buyer can open after the farm has answered so and shared it."""
        with self.council.database.writing() as session:
            grant, invitation = session.merge(self.grant), session.merge(self.invitation)
            end_share_grant(session, grant, TODAY)
            reopen_assessment(session, grant.assessment_id, TODAY)
            submit_assessment(session, grant.assessment_id, lambda _said: record, TODAY)
            submission = get_submission(session, grant.assessment_id)
            self.grant = share_with_buyer(session, submission, invitation, ShareScope.EVIDENCE, 365, TODAY)
        visit, address = self.council.visit, self.council.address
        paths = [*addresses(self.council), f"{address}/{self.farm_id}", f"/shared/{self.grant.id}"]
        found: dict[str, Any] = {IDS.sub("ID", path): IDS.sub("ID", TOKEN.sub("", visit(path).html)) for path in paths}
        with self.council.database.reading() as session:
            buyer = self.council.organisation.id
            tables = build_tables(session, buyer, BoardFilter(), TODAY)
            picture = get_dashboard(session, buyer, "The Council", TODAY)
            rows = session.scalars(select(BoardRow).where(BoardRow.buyer_id == buyer).order_by(BoardRow.name))
            found["rows"] = [
                {
                    column.name: getattr(row, column.name)
                    for column in BoardRow.__table__.columns
                    if column.name != "grant_id"
                }
                for row in rows
            ]
        found |= {"csv": tables_to_csv(tables), "xlsx": tables_to_xlsx(tables)}
        return found | {
            f"summary {names}": IDS.sub("ID", summary_html(picture, names=names)) for names in (True, False)
        }


@pytest.fixture
def world(council: Council) -> World:
    return World(council)


@pytest.mark.parametrize("level", either(["critical"], ["low", "medium", "critical"]))
def test_no_answer_that_is_not_ordinary_changes_a_page_or_file_of_a_buyer(world: World, level: str) -> None:
    answers = answers_of(BANK, f"{BANK} {level}")
    wanted: dict[str, Any] = {}
    for _ in range(ROUNDS):
        wanted = world.seen_with(recorded(BANK, answers))
    for name, answer in [*SURE, *changes_of(BANK, level, most=EXAMPLES // 4)]:
        record = recorded(BANK, with_answers(answers, {name: answer}))
        found = world.seen_with(record)
        assert {key for key in wanted if wanted[key] != found[key]} == set(), (name, answer)


def test_an_ordinary_answer_changes_them(world: World) -> None:
    for _ in range(ROUNDS):
        calm = world.seen_with(a_record(BANK, f"{BANK} low", facts=LARGE))
    worse = world.seen_with(a_record(BANK, f"{BANK} critical", facts=LARGE))
    differing = {key for key in calm if calm[key] != worse[key]}
    assert {"csv", "xlsx", "rows", "summary True", "summary False", "/shared/ID"} <= differing
