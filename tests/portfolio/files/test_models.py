from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from assess.assessments.removing import delete_assessment
from assess.assessments.submitting import reopen, submit
from assess.plans.shares.granting import end
from assess.portfolio.board.filters import Filter
from assess.portfolio.files.models import FileKind, FileState, PortfolioFile, PortfolioFilePlan
from assess.portfolio.files.ordering import order_sheet
from tests.conftest import TODAY
from tests.plans.records import scenario
from tests.portfolio.files.conftest import Council
from tests.suppliers.makers import a_buyer

pytestmark = pytest.mark.both_databases


def a_sheet(council: Council) -> PortfolioFile:
    with council.database.writing() as session:
        made = order_sheet(session, council.id, FileKind.CSV, Filter(), TODAY, by=None)
    council.work()
    found = council.file(made.id)
    assert (found.state, bool(found.size)) == (FileState.READY, True)
    return found


@pytest.mark.parametrize("what", ["ended", "deleted", "narrowed", "answered again"])
def test_a_spreadsheet_goes_as_soon_as_a_share_in_it_does(council: Council, press: list[str], what: str) -> None:
    sheet = a_sheet(council)
    bundle = council.order()
    council.work()
    assert press
    with council.database.writing() as session:
        theirs = PortfolioFile(
            buyer_id=a_buyer(session, "Another council").id,
            kind=FileKind.CSV,
            wanted={},
            state=FileState.READY,
            ordered_at=TODAY,
            until=TODAY + timedelta(days=7),
            content=b"theirs",
        )
        session.add(theirs)
    with council.database.writing() as session:
        grant = council.grant(session, "Acle Fruit")
        if what == "ended":
            end(session, grant, TODAY)
        elif what == "deleted":
            delete_assessment(session, grant.assessment_id)
        elif what == "narrowed":
            grant.until -= timedelta(days=1)
        else:
            reopen(session, grant.assessment_id, TODAY)
            submit(session, grant.assessment_id, lambda _said: scenario(), TODAY)
    found = council.file(sheet.id)
    assert (found.state, found.size) == (FileState.REMOVED, None)
    with council.database.reading() as look:
        assert look.get_one(PortfolioFile, sheet.id).content is None
    assert council.file(bundle).state is FileState.READY, "a bundle keeps no copy"
    assert council.file(theirs.id).state is FileState.READY, "another buyer’s file is none of its business"


def test_what_a_buyer_ordered_goes_with_it_and_a_plan_outlives_its_share(council: Council, press: list[str]) -> None:
    file_id = council.order()
    council.work()
    with council.database.writing() as session:
        delete_assessment(session, council.grant(session, "Acle Fruit").assessment_id)
    with council.database.writing() as session:
        plans = session.scalars(select(PortfolioFilePlan).where(PortfolioFilePlan.file_id == file_id)).all()
        assert [plan.grant_id is None for plan in sorted(plans, key=lambda one: one.number)] == [True, False, False]
        session.delete(session.merge(council.organisation))
        session.flush()
        assert session.scalar(select(func.count()).select_from(PortfolioFile)) == 0
        assert session.scalar(select(func.count()).select_from(PortfolioFilePlan)) == 0
    assert press
