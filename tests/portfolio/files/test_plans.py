from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from assess.assessments.submitting import reopen, submit
from assess.plans.printing.render import PressBusyError, PrintingFailedError
from assess.plans.shares.granting import end
from assess.plans.shares.models import ShareFile
from assess.portfolio.files.models import PlanState, PortfolioFile, PortfolioFilePlan
from assess.portfolio.files.ordering import stop
from assess.portfolio.files.plans import MOST_TRIES, Part, Step, next_plan, state_now
from tests.conftest import TODAY
from tests.plans.records import scenario
from tests.portfolio.files.conftest import NAMES, Council
from tests.suppliers.makers import a_buyer, later

RENDER = "assess.portfolio.files.plans.render_page"
PDF = b"%PDF-1.7 %%EOF"


def clock() -> Any:
    return TODAY


def states(council: Council, part: Part) -> list[PlanState]:
    with council.database.reading() as look:
        rows = look.query(PortfolioFilePlan).filter_by(file_id=part.file_id).order_by(PortfolioFilePlan.number)
        return [row.state for row in rows]


def test_one_plan_after_the_other_each_kept_at_once(council: Council, press: list[str]) -> None:
    part = Part(council.order(), 1)
    assert next_plan(council.database, part, clock) == Step(1, 3, printed=True)
    with council.database.reading() as look:
        assert look.get(ShareFile, council.grants["Acle Fruit"]) is not None
    assert states(council, part) == [PlanState.THERE, PlanState.WAITING, PlanState.WAITING]
    assert next_plan(council.database, Part(part.file_id, 2), clock) is None, "another part’s business"
    assert next_plan(council.database, part, clock) == Step(2, 3, printed=True)
    with council.database.writing() as session:
        stop(session.get_one(PortfolioFile, part.file_id))
    assert next_plan(council.database, part, clock) is None
    assert len(press) == 2


def test_what_is_over_or_answered_again_is_not_printed(council: Council, press: list[str]) -> None:
    part = Part(council.order(), 1)
    with council.database.writing() as session:
        end(session, council.grant(session, "Acle Fruit"), TODAY)
        grant = council.grant(session, "Fen Edge Growers")
        reopen(session, grant.assessment_id, TODAY)
        submit(session, grant.assessment_id, lambda _said: scenario(), TODAY)
    for _ in NAMES:
        assert next_plan(council.database, part, clock) is not None
    assert next_plan(council.database, part, clock) is None
    assert states(council, part) == [PlanState.OVER, PlanState.AGAIN, PlanState.THERE]
    assert len(press) == 1


def ended_meanwhile(council: Council) -> Callable[[str], bytes]:
    def printed(_html: str) -> bytes:
        with council.database.writing() as session:
            end(session, council.grant(session, "Acle Fruit"), TODAY)
        return PDF

    return printed


def stopped_meanwhile(council: Council) -> Callable[[str], bytes]:
    def printed(_html: str) -> bytes:
        with council.database.writing() as session:
            stop(session.query(PortfolioFile).one())
        return PDF

    return printed


def test_a_share_that_ends_while_it_is_printed_is_stored_nowhere(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = Part(council.order(picked=[council.suppliers["Acle Fruit"]]), 1)
    monkeypatch.setattr(RENDER, ended_meanwhile(council))
    assert next_plan(council.database, part, clock) == Step(0, 1, printed=True)
    with council.database.reading() as look:
        assert look.query(ShareFile).count() == 0
    assert next_plan(council.database, part, clock) == Step(1, 1, printed=False)
    assert states(council, part) == [PlanState.OVER]


def test_what_was_printed_while_it_was_stopped_is_kept_for_the_next_time(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = Part(council.order(), 1)
    monkeypatch.setattr(RENDER, stopped_meanwhile(council))
    assert next_plan(council.database, part, clock) is None
    with council.database.reading() as look:
        assert look.query(ShareFile).count() == 1
        assert look.get_one(PortfolioFile, part.file_id).done == 0


def test_one_that_cannot_be_printed_holds_nobody_up(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def fails_first(_html: str) -> bytes:
        asked.append(len(asked))
        if len(asked) == 1 or len(asked) > len(NAMES):
            raise PrintingFailedError("The press ended with 1.")
        return PDF

    part = Part(council.order(), 1)
    monkeypatch.setattr(RENDER, fails_first)
    assert next_plan(council.database, part, clock) == Step(0, 3, printed=True)
    while next_plan(council.database, part, clock) is not None:
        pass
    assert states(council, part) == [PlanState.FAILED, PlanState.THERE, PlanState.THERE]
    assert len(asked) == len(NAMES) - 1 + MOST_TRIES


def test_a_busy_press_changes_nothing(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(_html: str) -> bytes:
        raise PressBusyError

    part = Part(council.order(), 1)
    monkeypatch.setattr(RENDER, busy)
    with pytest.raises(PressBusyError):
        next_plan(council.database, part, clock)
    assert states(council, part) == [PlanState.WAITING] * 3


def test_a_share_is_looked_at_for_its_own_buyer_alone(council: Council) -> None:
    grant = council.grants["Acle Fruit"]
    with council.database.writing() as session:
        other = a_buyer(session, "Another council").id
        assert state_now(session, council.id, grant, TODAY) is PlanState.WAITING
        assert state_now(session, council.id, grant, later(365)) is PlanState.OVER
        assert state_now(session, other, grant, TODAY) is PlanState.OVER
        assert state_now(session, council.id, None, TODAY) is PlanState.OVER
