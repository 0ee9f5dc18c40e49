from __future__ import annotations

from datetime import date, timedelta

from assess.assessments.models import Submission
from assess.plans.buyer_view import STEPS
from assess.plans.register.keeping import Change, change
from assess.plans.shares.document import thaw
from assess.plans.shares.granting import end
from assess.plans.shares.scopes import Scope
from assess.plans.talk.planning import question_of, set_in_plan
from assess.plans.talk.steps import steps_of
from assess.portfolio.board.filters import Filter
from assess.portfolio.files.tables import NOT_A_FINDING, Table, Tables, tables_of
from assess.suppliers.models import Size
from tests.conftest import TODAY
from tests.plans.records import a_record
from tests.portfolio.files.conftest import Council
from tests.suppliers.makers import a_supplier, invited, later, shared


def tables(council: Council, now: int = 0, filter_: Filter | None = None) -> Tables:
    with council.database.reading() as look:
        return tables_of(look, council.id, filter_ or Filter(), later(now))


def row(table: Table, name: str) -> dict[str, object]:
    found = next(one for one in table.rows if one[0] == name)
    return {column.name: cell for column, cell in zip(table.columns, found, strict=True)}


def test_the_board_as_it_stands(council: Council) -> None:
    council.supplier("Zinnia Hotel", scope=None, sector="hospitality", size=Size.SMALL, spend_gbp=1200, reference="Z-1")
    found = tables(council)
    asked = row(found.suppliers, "Zinnia Hotel")
    assert asked | {"asked_on": "2026-11-24", "due": "2026-12-24"} == asked
    assert (asked["reference"], asked["sector"], asked["size"], asked["spend"]) == (
        "Z-1",
        "Hospitality",
        "10 to 49 people",
        1200,
    )
    assert (asked["status"], asked["band"], asked["open_steps"]) == ("Invited", None, None)
    mine = row(found.suppliers, "Acle Fruit")
    assert mine["band"] in {"Low", "Medium", "High"}
    steps, _goods, bars = found.others
    assert sum(one[0] == "Acle Fruit" for one in steps.rows) == mine["open_steps"]
    assert {one[2] for one in bars.rows} <= set(STEPS)
    assert NOT_A_FINDING in found.about
    assert found.shown_until == TODAY + timedelta(days=365)
    assert [one[0] for one in tables(council, filter_=Filter(text="Zinnia")).suppliers.rows] == ["Zinnia Hotel"]


def test_nothing_of_a_copy_is_there_once_its_share_is_over(council: Council) -> None:
    with council.database.writing() as session:
        end(session, council.grant(session, "Acle Fruit"), TODAY)
    for found in (tables(council), tables(council, now=366)):
        over = row(found.suppliers, "Acle Fruit")
        assert over["status"] == "Share over"
        assert [over[name] for name in ("answered_on", "good_until", "band", "open_steps", "next_step_due")] == [
            None
        ] * 5
        assert not any(one[0] == "Acle Fruit" for table in found.others for one in table.rows)
    assert tables(council, now=366).shown_until is None


def test_a_quick_check_has_a_word_in_the_place_of_its_band_and_all_but_bars(council: Council) -> None:
    with council.database.writing() as session:
        supplier = a_supplier(session, council.organisation, "Quick Farm", sector="farming")
        shared(session, invited(session, supplier), record=a_record(quick=True), scope=Scope.PLAN)
    found = tables(council)
    assert row(found.suppliers, "Quick Farm")["band"] == "Quick check done"
    steps, _goods, bars = found.others
    assert "Quick Farm" in {line[0] for line in steps.rows}
    assert "Quick Farm" not in {line[0] for line in bars.rows}


def test_steps_are_those_of_the_plan_as_it_stands_and_what_was_said_of_them_since_is_not_told(council: Council) -> None:
    with council.database.writing() as session:
        grant = council.grant(session, "Acle Fruit")
        submission = session.get_one(Submission, grant.submission_id)
        moved, done, refused, *rest = steps_of(thaw(grant.document))
        assert set_in_plan(session, submission, moved.key, date(2028, 1, 1), TODAY)
        for step, said in ((done, Change(status="done")), (refused, Change(response="will_not", reason="cost"))):
            change(session, submission.id, str(question_of(session, submission, step.key)), said, 0, TODAY)
    found = tables(council)
    mine = row(found.suppliers, "Acle Fruit")
    assert (mine["open_steps"], mine["done_steps"]) == (2 + len(rest), 1)
    steps = {one[1]: one[2:] for one in found.others[0].rows if one[0] == "Acle Fruit"}
    assert len(steps) == 2 + len(rest)
    assert steps[moved.do] == ("2028-01-01", "proposed, not answered yet")
    assert steps[refused.do][1] == "proposed, not answered yet", "as it was on the day it was shared"
    assert done.do not in steps
