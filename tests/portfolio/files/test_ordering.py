from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from assess.kit.jobs.models import Job, JobState
from assess.plans.printing.standing import Standing
from assess.portfolio.board.filters import Filter
from assess.portfolio.files.models import FileKind, FileState, PlanState, PortfolioFile, PortfolioFilePlan
from assess.portfolio.files.ordering import (
    KEPT,
    RANK,
    NobodyFitsError,
    NothingSharedError,
    file_of,
    files_of,
    forget_old,
    go_on,
    order_bundle,
    order_sheet,
    remove,
    standing,
    stop,
)
from tests.conftest import TODAY
from tests.portfolio.files.conftest import Council
from tests.suppliers.makers import a_buyer, later


def test_the_order_and_its_job_are_one_and_hold_ids_alone(council: Council) -> None:
    file_id = council.order(Filter(text="Fen"))
    with council.database.reading() as look:
        job = look.scalars(select(Job)).one()
        file = look.get_one(PortfolioFile, file_id)
        assert (job.arguments, job.rank) == ({"file_id": file_id.hex, "part": 1}, RANK)
        assert "Fen" not in f"{job.key}{job.arguments}"
        assert (file.total, file.wanted, file.by_person) == (1, {"query": "q=Fen"}, council.person.id)
        assert standing(look, file, TODAY) is Standing.WAITING
        assert standing(look, file, TODAY + timedelta(minutes=1)) is Standing.LATE


def test_the_same_is_never_under_way_twice(council: Council) -> None:
    first = council.order()
    assert council.order() == first
    picked = [council.suppliers["Acle Fruit"]]
    other = council.order(picked=picked)
    assert other != first
    assert council.order(picked=picked) == other
    with council.database.writing() as session:
        sheets = [
            order_sheet(session, council.id, kind, Filter(), TODAY, by=None).id for kind in FileKind if kind != "bundle"
        ]
        assert len({*sheets, order_sheet(session, council.id, FileKind.CSV, Filter(), TODAY, by=None).id}) == 2


def test_there_is_nothing_to_order_where_nobody_fits_or_nothing_is_shared(council: Council) -> None:
    council.supplier("Zinnia Hotel", scope=None)
    with council.database.writing() as session:
        empty = a_buyer(session, "Another council")
        for wrong, filter_, picked, error in (
            (empty.id, Filter(), (), NobodyFitsError),
            (council.id, Filter(text="nobody"), (), NobodyFitsError),
            (council.id, Filter(), (uuid.uuid4(),), NobodyFitsError),
            (council.id, Filter(text="Zinnia"), (), NothingSharedError),
        ):
            with pytest.raises(error):
                order_bundle(session, wrong, filter_, TODAY, by=None, picked=picked)
        with pytest.raises(NobodyFitsError):
            order_sheet(session, empty.id, FileKind.CSV, Filter(), TODAY, by=None)
        assert session.scalars(select(PortfolioFile)).all() == []


def test_stopped_it_does_nothing_and_taken_up_again_it_goes_on(council: Council, press: list[str]) -> None:
    file_id = council.order()
    with council.database.writing() as session:
        stop(session.get_one(PortfolioFile, file_id))
    council.work()
    assert (council.file(file_id).state, press) == (FileState.STOPPED, [])
    with council.database.writing() as session:
        go_on(session, session.get_one(PortfolioFile, file_id), TODAY)
        go_on(session, session.get_one(PortfolioFile, file_id), TODAY)  # pressed twice
    council.work()
    assert (council.file(file_id).state, council.file(file_id).part, len(press)) == (FileState.READY, 2, 3)
    with council.database.writing() as session:
        stop(session.get_one(PortfolioFile, file_id))
        go_on(session, session.get_one(PortfolioFile, file_id), TODAY)
    assert council.file(file_id).state is FileState.READY, "what is finished stays so"


def test_what_was_given_up_or_failed_is_tried_again(council: Council, press: list[str]) -> None:
    file_id = council.order()
    with council.database.writing() as session:
        session.scalars(select(Job)).one().state = JobState.SET_ASIDE
        file = session.get_one(PortfolioFile, file_id)
        session.flush()
        assert standing(session, file, TODAY) is Standing.GIVEN_UP
        go_on(session, file, TODAY)
    council.work()
    with council.database.writing() as session:
        plan = session.get_one(PortfolioFilePlan, (file_id, 2))
        plan.state, plan.tries = PlanState.FAILED, 3
        session.flush()
        go_on(session, session.get_one(PortfolioFile, file_id), TODAY)
        assert (plan.state, plan.tries) == (PlanState.WAITING, 0)
        assert session.get_one(PortfolioFile, file_id).done == 2
    council.work()
    assert (council.file(file_id).state, council.file(file_id).done, len(press)) == (FileState.READY, 3, 3)


def test_it_is_kept_for_seven_days_and_found_by_its_own_buyer_alone(council: Council, press: list[str]) -> None:
    file_id = council.order()
    council.work(later(1))
    assert press
    assert council.file(file_id).until == later(1) + KEPT
    with council.database.writing() as session:
        other = a_buyer(session, "Another council").id
        assert file_of(session, other, file_id, TODAY) is None
        assert file_of(session, council.id, file_id, later(8)) is None
        assert file_of(session, council.id, file_id, TODAY, locked=True) is not None
        assert [file.id for file in files_of(session, council.id, later(7))] == [file_id]
        assert not files_of(session, council.id, later(8))
        assert forget_old(session, later(7)) == 0
        assert forget_old(session, later(8)) == 1
    another = council.order(now=later(9))
    with council.database.writing() as session:
        remove(session, session.get_one(PortfolioFile, another))
    with council.database.reading() as look:
        assert look.scalars(select(PortfolioFilePlan)).all() == []
