from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.documents.services import PdfStatus
from assess.core.events import publish
from assess.core.models import Job, JobState
from assess.portfolio.board.bulk_actions import Selection, count_selection
from assess.portfolio.board.columns import BoardFilter, BoardOrder, filter_from_query
from assess.portfolio.board.services import get_board_page
from assess.portfolio.bulk_exports.services import (
    EXPORT_QUEUE_ORDER,
    FILE_KIND_LABELS,
    FILE_RETENTION,
    MISSING_PLAN_REASONS,
    ExportProgress,
    ExportRequest,
    NoSupplierMatchesError,
    NothingSharedError,
    choose_plans,
    delete_expired_files,
    delete_file,
    describe_progress,
    export_request_for_picked,
    export_request_from_json,
    format_file_size,
    get_file,
    get_file_status,
    get_share_states,
    list_files,
    list_matching_suppliers,
    list_picked_suppliers,
    order_bundle,
    order_spreadsheet,
    resume_file,
    stop_file,
    time_left,
)
from assess.portfolio.models import (
    BoardBar,
    BoardDuty,
    BoardGoods,
    BoardRow,
    FileKind,
    FileState,
    PlanState,
    PortfolioFile,
    PortfolioFilePlan,
)
from assess.sharing.models import ShareGrant, ShareScope
from assess.sharing.services import end_share_grant
from assess.suppliers.events import SupplierChanged
from assess.suppliers.models import InvitationStatus, RiskTier, Supplier, SupplierSize
from assess.suppliers.services import archive_supplier
from tests.conftest import TODAY
from tests.plans.records import scenario
from tests.portfolio.bulk_exports.conftest import NAMES, Council
from tests.suppliers.factories import a_buyer, a_supplier, invited, later, shared


def names(council: Council, query: str, now: int = 0) -> list[str]:
    with council.database.reading() as session:
        found = list_matching_suppliers(session, council.id, filter_from_query(query), later(now))
        return [session.get_one(Supplier, key).name for key in found]


def plans(council: Council, now: int = 0) -> list[tuple[str, PlanState]]:
    with council.database.reading() as session:
        rows = list_matching_suppliers(session, council.id, BoardFilter(), later(now))
        found = list(choose_plans(session, council.id, rows, later(now)))
        return [(session.get_one(Supplier, one.supplier_id).name, one.state) for one in found]


def test_a_filter_finds_who_fits_by_name_and_no_other_buyers(council: Council) -> None:
    council.supplier("Zinnia Hotel", scope=None, sector="hospitality", area="norfolk")
    with council.database.writing() as session:
        other = a_buyer(session, "Another council")
        shared(session, invited(session, a_supplier(session, other, "Acle Fruit", sector="farming")))
    assert names(council, "") == [*NAMES, "Zinnia Hotel"]
    assert names(council, "status=shared") == list(NAMES)
    assert names(council, "status=invited&area=norfolk&sector=hospitality") == ["Zinnia Hotel"]
    assert names(council, "q=FEN") == ["Fen Edge Growers"]
    assert names(council, "q=%25") == [], "a sign of the database’s language is only a letter"
    assert names(council, "band=none") == ["Zinnia Hotel"]
    assert names(council, "band=low&band=medium&band=high") == list(NAMES)
    assert names(council, "tier=high") == []


EVERY_FILTER = {
    "late=yes": ["Late Hotel"],
    "old=yes": ["Old Farm"],
    "size=small": ["Old Farm"],
    "tier=high&status=shared": ["Old Farm"],
    "weak=A+bar": ["Acle Fruit"],
    "duty=A+duty": ["Acle Fruit"],
    "good=Shrimp": ["Acle Fruit", "Wash Packers"],
    "good=Shrimp&place=Ecuador": ["Acle Fruit"],
    "place=Spain&sort=due": ["Wash Packers"],
    "q=z-1": ["Late Hotel"],
    "q=nobody": [],
    "sector=hospitality&sector=farming": ["Late Hotel"],
}
"""A filter of the board, and whom it finds in the world of the test below."""


def test_every_filter_of_the_board_holds_for_files(council: Council) -> None:
    council.supplier("Old Farm", size=SupplierSize.SMALL)
    council.supplier("Late Hotel", scope=None, sector="hospitality", reference="Z-1")
    with council.database.writing() as session:
        acle, wash = ({"supplier_id": council.suppliers[name], "buyer_id": council.id} for name in (NAMES[0], NAMES[2]))
        session.add(BoardBar(**acle, name="A bar", level=1))
        session.add(BoardDuty(**acle, duty="d", title="A duty", done=False))
        session.add_all(
            BoardGoods(**whose, good="Shrimp", country=place, risk_label="High")
            for whose, place in ((acle, "Ecuador"), (wash, "Spain"))
        )
        late = session.get_one(BoardRow, council.suppliers["Late Hotel"])
        late.due = TODAY.date() - timedelta(days=1)
        old = session.get_one(BoardRow, council.suppliers["Old Farm"])
        old.tier, old.shown_until = RiskTier.HIGH, TODAY + timedelta(days=20)
    for query, found in EVERY_FILTER.items():
        wanted = filter_from_query(query)
        assert names(council, query) == found, query
        with council.database.reading() as session:
            on_board = get_board_page(
                session, council.id, wanted.sorted_by(BoardOrder.NAME), TODAY, after=None, before=None
            )
            before = count_selection(session, council.id, Selection(all_of=wanted), TODAY)
            plans_ = choose_plans(
                session, council.id, list_matching_suppliers(session, council.id, wanted, TODAY), TODAY
            )
            sharing = {one.supplier_id for one in plans_ if one.state is PlanState.WAITING}
        assert [row.name for row in on_board.rows] == found, query
        assert (before.all, before.sharing) == (len(found), len(sharing)), "as many as the board says before the yes"


def test_a_share_whose_time_is_up_reads_as_over_before_anybody_worked_it_out(council: Council) -> None:
    assert names(council, "status=shared", now=366) == []
    assert names(council, "status=share_over", now=366) == list(NAMES)
    assert names(council, "band=none", now=366) == list(NAMES)
    assert plans(council, now=366) == [(name, PlanState.OVER) for name in NAMES]


def test_it_says_why_a_plan_is_not_there(council: Council) -> None:
    council.supplier("Zinnia Hotel", scope=None)
    with council.database.writing() as session:
        end_share_grant(session, council.grant(session, "Acle Fruit"), TODAY)
        again = council.grant(session, "Wash Packers")
        reopen_assessment(session, again.assessment_id, TODAY)
        submit_assessment(session, again.assessment_id, lambda _said: scenario(), TODAY)
    assert plans(council) == [
        ("Acle Fruit", PlanState.OVER),
        ("Fen Edge Growers", PlanState.WAITING),
        ("Wash Packers", PlanState.ANSWERED_AGAIN),
    ], "who never shared is not spoken of"


def test_entries_put_together_stand_once_and_an_archived_one_not_at_all(council: Council) -> None:
    with council.database.writing() as session:
        first, second = (session.get_one(Supplier, council.suppliers[name]) for name in NAMES[:2])
        second.merged_into = first.id
        session.flush()
        publish(session, SupplierChanged(first.id, TODAY))
        archive_supplier(session, session.get_one(Supplier, council.suppliers["Wash Packers"]), TODAY, by=None)
    assert names(council, "") == ["Acle Fruit"]
    assert sorted(plans(council)) == [("Acle Fruit", PlanState.WAITING), ("Fen Edge Growers", PlanState.WAITING)]
    with council.database.reading() as session:
        assert list_picked_suppliers(session, council.id, [second.id]) == [first.id], "its row stands for it"


def test_a_submission_that_was_shared_twice_is_there_once_as_shared_last(council: Council) -> None:
    with council.database.writing() as session:
        old = council.grant(session, "Acle Fruit")
        columns = {name: getattr(old, name) for name in ShareGrant.__mapper__.column_attrs.keys() if name != "id"}  # noqa: SIM118  # attributes are no dict
        newer = ShareGrant(**{**columns, "frozen_at": TODAY + timedelta(hours=1), "scope": ShareScope.BUYER_COPY})
        session.add(newer)
    with council.database.reading() as session:
        rows = list_picked_suppliers(session, council.id, [council.suppliers["Acle Fruit"]])
        assert [one.grant_id for one in choose_plans(session, council.id, rows, TODAY)] == [newer.id]


@pytest.mark.parametrize("locked", [False, True])
def test_whatever_changes_in_a_share_changes_what_tells_of_it(council: Council, *, locked: bool) -> None:
    with council.database.writing() as session:
        before = get_share_states(session, council.id, locked=locked)
        assert len(before) == len(NAMES)
        assert get_share_states(session, council.id) == before
        end_share_grant(session, council.grant(session, "Acle Fruit"), TODAY)
        assert get_share_states(session, council.id) != before


def test_picked_suppliers_of_somebody_else_are_as_if_there_were_none(council: Council) -> None:
    with council.database.writing() as session:
        theirs = a_supplier(session, a_buyer(session, "Another council"), "Theirs").id
    with council.database.reading() as session:
        mine = council.suppliers["Acle Fruit"]
        assert list_picked_suppliers(session, council.id, [theirs, mine]) == [mine]


def test_the_order_and_its_job_are_one_and_hold_ids_alone(council: Council) -> None:
    file_id = council.order(BoardFilter(text="Fen"))
    with council.database.reading() as session:
        job = session.scalars(select(Job)).one()
        file = session.get_one(PortfolioFile, file_id)
        assert (job.arguments, job.rank) == ({"file_id": file_id.hex, "part": 1}, EXPORT_QUEUE_ORDER)
        assert "Fen" not in f"{job.key}{job.arguments}"
        assert (file.total, file.wanted, file.by_person) == (1, {"query": "q=Fen"}, council.person.id)
        assert get_file_status(session, file, TODAY) is PdfStatus.WAITING
        assert get_file_status(session, file, TODAY + timedelta(minutes=1)) is PdfStatus.LATE


def test_the_same_is_never_under_way_twice(council: Council) -> None:
    first = council.order()
    assert council.order() == first
    picked = [council.suppliers["Acle Fruit"]]
    other = council.order(picked=picked)
    assert other != first
    assert council.order(picked=picked) == other
    with council.database.writing() as session:
        sheets = [
            order_spreadsheet(session, council.id, kind, BoardFilter(), TODAY, by=None).id
            for kind in FileKind
            if kind != "bundle"
        ]
        assert (
            len({*sheets, order_spreadsheet(session, council.id, FileKind.CSV, BoardFilter(), TODAY, by=None).id}) == 2
        )


def test_there_is_nothing_to_order_where_nobody_fits_or_nothing_is_shared(council: Council) -> None:
    council.supplier("Zinnia Hotel", scope=None)
    with council.database.writing() as session:
        empty = a_buyer(session, "Another council")
        for wrong, filter_, picked, error in (
            (empty.id, BoardFilter(), (), NoSupplierMatchesError),
            (council.id, BoardFilter(text="nobody"), (), NoSupplierMatchesError),
            (council.id, BoardFilter(), (uuid.uuid4(),), NoSupplierMatchesError),
            (council.id, BoardFilter(text="Zinnia"), (), NothingSharedError),
        ):
            with pytest.raises(error):
                order_bundle(session, wrong, filter_, TODAY, by=None, picked=picked)
        with pytest.raises(NoSupplierMatchesError):
            order_spreadsheet(session, empty.id, FileKind.CSV, BoardFilter(), TODAY, by=None)
        assert session.scalars(select(PortfolioFile)).all() == []


def test_stopped_it_does_nothing_and_taken_up_again_it_goes_on(council: Council, press: list[str]) -> None:
    file_id = council.order()
    with council.database.writing() as session:
        stop_file(session.get_one(PortfolioFile, file_id))
    council.work()
    assert (council.file(file_id).state, press) == (FileState.STOPPED, [])
    with council.database.writing() as session:
        resume_file(session, session.get_one(PortfolioFile, file_id), TODAY)
        resume_file(session, session.get_one(PortfolioFile, file_id), TODAY)  # pressed twice
    council.work()
    assert (council.file(file_id).state, council.file(file_id).part, len(press)) == (FileState.READY, 2, 3)
    with council.database.writing() as session:
        stop_file(session.get_one(PortfolioFile, file_id))
        resume_file(session, session.get_one(PortfolioFile, file_id), TODAY)
    assert council.file(file_id).state is FileState.READY, "what is finished stays so"


def test_what_was_given_up_or_failed_is_tried_again(council: Council, press: list[str]) -> None:
    file_id = council.order()
    with council.database.writing() as session:
        session.scalars(select(Job)).one().state = JobState.FAILED
        file = session.get_one(PortfolioFile, file_id)
        session.flush()
        assert get_file_status(session, file, TODAY) is PdfStatus.GIVEN_UP
        resume_file(session, file, TODAY)
    council.work()
    with council.database.writing() as session:
        plan = session.get_one(PortfolioFilePlan, (file_id, 2))
        plan.state, plan.tries = PlanState.FAILED, 3
        session.flush()
        resume_file(session, session.get_one(PortfolioFile, file_id), TODAY)
        assert (plan.state, plan.tries) == (PlanState.WAITING, 0)
        assert session.get_one(PortfolioFile, file_id).done == 2
    council.work()
    assert (council.file(file_id).state, council.file(file_id).done, len(press)) == (FileState.READY, 3, 3)


def test_it_is_kept_for_seven_days_and_found_by_its_own_buyer_alone(council: Council, press: list[str]) -> None:
    file_id = council.order()
    council.work(later(1))
    assert press
    assert council.file(file_id).until == later(1) + FILE_RETENTION
    with council.database.writing() as session:
        other = a_buyer(session, "Another council").id
        assert get_file(session, other, file_id, TODAY) is None
        assert get_file(session, council.id, file_id, later(8)) is None
        assert get_file(session, council.id, file_id, TODAY, locked=True) is not None
        assert [file.id for file in list_files(session, council.id, later(7))] == [file_id]
        assert not list_files(session, council.id, later(8))
        assert delete_expired_files(session, later(7)) == 0
        assert delete_expired_files(session, later(8)) == 1
    another = council.order(now=later(9))
    with council.database.writing() as session:
        delete_file(session, session.get_one(PortfolioFile, another))
    with council.database.reading() as session:
        assert session.scalars(select(PortfolioFilePlan)).all() == []


def test_a_filter_is_stored_without_its_order_and_comes_back() -> None:
    wanted = ExportRequest(filter_from_query("status=shared&late=yes&weak=Pay&sort=due"))
    assert wanted.data == {"query": "status=shared&late=yes&weak=Pay"}
    back = export_request_from_json(wanted.data)
    assert back.filter == BoardFilter(statuses=frozenset({InvitationStatus.SHARED}), late=True, weak="Pay")
    assert back.sentences == ["How it stands: Shared.", "Only: Late.", "Weak: Pay."]


def test_a_long_filter_is_never_cut_to_one_that_finds_more() -> None:
    wanted = BoardFilter(text="\N{HOT BEVERAGE}" * 200, duty="é" * 200, good="é" * 120, place="é" * 120, late=True)
    assert len(wanted.query) > 1500
    assert export_request_from_json(ExportRequest(wanted).data).filter == wanted


def test_those_that_were_picked_are_one_choice_in_any_order() -> None:
    ids = [uuid.uuid4() for _ in range(3)]
    wanted = export_request_for_picked(ids)
    assert (wanted, wanted.picked) == (export_request_for_picked(ids[::-1]), 3)
    assert export_request_from_json(wanted.data) == wanted
    assert wanted != export_request_for_picked(ids[:2])
    assert wanted.sentences == ["3 suppliers that you picked."]
    assert export_request_for_picked(ids[:1]).sentences == ["1 supplier that you picked."]


MINUTES = timedelta(minutes=1)


def test_how_far_it_is_reads_as_a_person_would_say_it() -> None:
    far = ExportProgress(142, 300, 0, 142 * timedelta(seconds=1.5))
    assert describe_progress(FileKind.BUNDLE, far) == "142 of 300 plans printed, about 4 minutes left."
    assert describe_progress(FileKind.BUNDLE, ExportProgress(0, 1, 0, None)) == "0 of 1 plan printed."
    assert describe_progress(FileKind.CSV, far) == "The spreadsheet is being made."


@pytest.mark.parametrize(
    ("far", "left"),
    [
        (ExportProgress(2, 300, 0, MINUTES), None),
        (ExportProgress(102, 300, 100, MINUTES), None),
        (ExportProgress(300, 300, 0, MINUTES), None),
        (ExportProgress(290, 300, 0, 5 * MINUTES), "less than a minute"),
        (ExportProgress(150, 300, 100, 25 * timedelta(seconds=1)), "about a minute"),
        (ExportProgress(100, 300, 0, 300 * MINUTES), "about 10 hours"),
    ],
)
def test_nobody_guesses_before_there_is_something_to_judge_by(far: ExportProgress, left: str | None) -> None:
    assert time_left(far) == left


def test_sizes_and_reasons_have_words() -> None:
    assert [format_file_size(size) for size in (None, 0, 10, 24_600, 45_678_901)] == [
        "",
        "",
        "1 kB",
        "25 kB",
        "45.7 MB",
    ]
    assert set(MISSING_PLAN_REASONS) == set(PlanState)
    assert set(FILE_KIND_LABELS) == set(FileKind)
