"""The points in the row of the board: filled with it, and never resting on a copy that is gone."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from assess.core.db import Database
from assess.portfolio import contact_first
from assess.portfolio.board_projection import refresh_board_row
from assess.portfolio.contact_first import (
    ContactInputs,
    get_contact_page,
    get_current_score,
    get_weights,
    is_row_outdated,
    read_cursor,
    reasons_from_json,
    score_supplier,
)
from assess.portfolio.models import BoardRow
from assess.question_banks import content_versions
from assess.question_banks.content_versions import add_content_version
from assess.question_banks.files import BankFilesRefusedError, bundled_files
from assess.question_banks.models import ContentVersionReason
from assess.question_banks.settings import contact_first_weights_on
from assess.sharing.models import ShareGrant, ShareScope
from assess.suppliers.models import InvitationStatus, RiskTier
from tests.conftest import TODAY as CONFTEST_TODAY
from tests.plans.records import a_record, scenario
from tests.suppliers.factories import a_buyer, a_supplier, invited, later, shared

URGENT = {"core_documents": "employer"}


def words_of(row: BoardRow) -> dict[str, tuple[int, str]]:
    return {reason.part: (reason.points, reason.words) for reason in reasons_from_json(row.call_reasons)}


def test_points_follow_a_supplier_from_the_list_to_the_share(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge", sector="farming", spend_gbp=20_000)
        row = session.scalars(select(BoardRow)).one()
        assert (row.call_points, row.call_points) == (
            16 + 20 + 30 + 10 + 14 + 2,
            sum(p for p, _ in words_of(row).values()),
        )
        invitation = invited(session, farm)
        assert words_of(session.scalars(select(BoardRow)).one())["unanswered"][0] == 5
        shared(session, invitation, scope=ShareScope.PLAN)
        row = session.scalars(select(BoardRow)).one()
        said = words_of(row)
        assert said["band"] == (14, "Its own answers come out as “Medium”.")
        assert said["unanswered"][0] == 0
        assert said["slipping"][0] == 0
        refresh_board_row(session, farm.id, later(120))
        row = session.scalars(select(BoardRow)).one()
        assert words_of(row)["slipping"][0] > 0, "steps grow late with the days"
        assert row.call_points == sum(points for points, _ in words_of(row).values())


def test_a_copy_with_signs_counts_like_one_without(published: Database) -> None:
    records = [scenario(), a_record(change=URGENT), a_record(change={"core_min_wage": "some_not"})]
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        for number, record in enumerate(records):
            supplier = a_supplier(session, council, f"Farm {number}", sector="farming", spend_gbp=1)
            shared(session, invited(session, supplier), record=record, scope=ShareScope.PLAN)
        calm, *others = session.scalars(select(BoardRow).order_by(BoardRow.name)).all()
        assert calm.band
        for row in others:
            assert (row.band, row.call_points, row.call_reasons) == (calm.band, calm.call_points, calm.call_reasons)


def test_what_rested_on_a_copy_goes_with_its_share_and_is_worked_out_anew(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge", sector="farming", spend_gbp=1)
        grant = shared(session, invited(session, farm), scope=ShareScope.PLAN)
        before = session.scalars(select(BoardRow)).one().call_points
        session.execute(delete(ShareGrant).where(ShareGrant.id == grant.id))  # the rule of the database alone
        session.expire_all()
        row = session.scalars(select(BoardRow)).one()
        assert (row.call_points, row.call_reasons) == (100, [])
        assert is_row_outdated(row, CONFTEST_TODAY)
        counted = get_current_score(session, row, CONFTEST_TODAY)
        assert counted.points > before
        assert "no band to show" in counted.reasons[2].words
        assert counted.reasons[3].words.startswith("What it shared is over.")


def test_a_share_that_ran_out_counts_as_over_before_the_row_is_worked_out_again(published: Database) -> None:
    with published.writing() as session:
        farm = a_supplier(session, a_buyer(session, "The Council"), "Fen Edge", sector="farming", spend_gbp=1)
        shared(session, invited(session, farm), scope=ShareScope.PLAN, days=30)
        row = session.scalars(select(BoardRow)).one()
        then = later(31)
        assert not is_row_outdated(row, later(29))
        assert is_row_outdated(row, then)
        stale = get_current_score(session, row, then)
        refresh_board_row(session, farm.id, then)
        row = session.scalars(select(BoardRow)).one()
        assert not is_row_outdated(row, then)
        assert stale == get_current_score(session, row, then)


def test_files_that_cannot_be_used_leave_the_last_good_points(
    published: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content_versions, "_last_made", {})
    day = CONFTEST_TODAY.date()
    with published.writing() as session:
        good = get_weights(session, day)
        assert good == contact_first_weights_on(bundled_files(), day)
        broken = {"settings/calling.yaml": b"settings: 5"}
        add_content_version(session, broken, CONFTEST_TODAY, reason=ContentVersionReason.RELEASE)
        assert get_weights(session, day) == good
        monkeypatch.setattr(content_versions, "_last_made", {})
        with pytest.raises(BankFilesRefusedError):
            get_weights(session, day)


def test_each_supplier_stands_once_and_the_most_points_first(published: Database) -> None:
    with published.writing() as session:
        council, other = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        for number in range(60):
            a_supplier(session, council, f"Farm {number}", sector="farming", spend_gbp=number * 1_000, phone="01553 1")
        a_supplier(session, other, "Not theirs")
        # one whose share is over by the time somebody looks, in the middle of the order until then
        late = shared(session, invited(session, a_supplier(session, council, "Late farm", sector="farming")), days=30)
        assert late
        now = later(31)
        found, cursor, places = [], None, []
        while True:
            page = get_contact_page(session, council.id, now, cursor)
            found += page.lines
            places += [line.place for line in page.lines]
            if page.next is None:
                break
            cursor = read_cursor(str(page.next))
            assert cursor == page.next
        assert places == list(range(1, 62))
        assert len({line.supplier_id for line in found}) == 61
        assert [line.points for line in found] == sorted((line.points for line in found), reverse=True)
        assert page.total == 61
        assert found[0].phone == "01553 1" or found[0].name == "Late farm"
        assert all(line.points == sum(reason.points for reason in line.reasons) for line in found)
        over = next(line for line in found if line.name == "Late farm")
        assert over.reasons[3].words.startswith("What it shared is over.")
        assert "that time is over" in over.say[1]


def test_an_empty_list_and_a_place_that_is_none(published: Database) -> None:
    with published.reading() as session:
        page = get_contact_page(session, uuid.uuid4(), CONFTEST_TODAY)
    assert (page.lines, page.total, page.as_of, page.next) == ([], 0, None, None)
    assert read_cursor(f"100-{uuid.UUID(int=7).hex}") is not None
    assert read_cursor(f"{2**63}-{uuid.UUID(int=7).hex}") is None, "no number of a database"
    for text in ("", "x", "12", "12-x", "-5-00000000000040008000000000000000", "²-00000000000040008000000000000000"):
        assert read_cursor(text) is None, text


def test_what_to_say_goes_by_what_is_late(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        farm = a_supplier(session, council, "Fen Edge", sector="farming")
        shared(session, invited(session, farm), scope=ShareScope.PLAN)
        session.execute(update(BoardRow).values(late_steps=2, valid_until=CONFTEST_TODAY.date() + timedelta(days=90)))
        session.expire_all()
        assert "Which step is hardest" in get_contact_page(session, council.id, CONFTEST_TODAY).lines[0].say[2]
        session.execute(update(BoardRow).values(late_steps=0))
        session.expire_all()
        assert "What would help you most" in get_contact_page(session, council.id, CONFTEST_TODAY).lines[0].say[2]
        assert session.scalars(select(BoardRow.status)).one() is InvitationStatus.SHARED


TODAY = date(2026, 11, 24)
WEIGHTS = contact_first_weights_on(bundled_files(), TODAY)
KNOWN = ContactInputs(
    sector="farming",
    tier=RiskTier.MEDIUM,
    band="medium",
    status=InvitationStatus.SHARED,
    due=date(2026, 10, 1),
    valid_until=date(2027, 10, 1),
    steps=(1, 4),
    spend=50_000,
)
NOTHING = ContactInputs()

days = st.one_of(st.none(), st.integers(-900, 900).map(lambda ahead: TODAY + timedelta(days=ahead)))
steps = st.one_of(st.none(), st.integers(0, 40).flatmap(lambda all_: st.tuples(st.integers(0, all_), st.just(all_))))
facts = st.builds(
    ContactInputs,
    sector=st.sampled_from([None, "farming", "car_washes", "hospitality", "care_homes"]),
    tier=st.sampled_from([None, *RiskTier]),
    band=st.sampled_from([None, "low", "medium", "high"]),
    status=st.sampled_from(list(InvitationStatus)),
    due=days,
    valid_until=days,
    steps=steps,
    spend=st.one_of(st.none(), st.integers(0, 5_000_000)),
)


def points(one: ContactInputs) -> int:
    return score_supplier(one, WEIGHTS, TODAY).points


def part(one: ContactInputs, name: str) -> int:
    return next(reason.points for reason in score_supplier(one, WEIGHTS, TODAY).reasons if reason.part == name)


def less(one: ContactInputs) -> list[ContactInputs]:
    """The same supplier with one thing less known of it."""
    fewer = [
        replace(one, sector=None),
        replace(one, tier=None),
        replace(one, band=None),
        replace(one, due=None),
        replace(one, valid_until=None),
        replace(one, steps=None),
        replace(one, spend=None),
        replace(one, status=InvitationStatus.NOT_ASKED, band=None, due=None, valid_until=None, steps=None),
    ]
    if one.status is InvitationStatus.SHARED:
        # whatever it was asked besides, a share that is gone leaves it there
        fewer += [replace(one, status=status) for status in InvitationStatus if status is not InvitationStatus.SHARED]
    order = [
        InvitationStatus.EXTERNAL_RESULT,
        InvitationStatus.SUBMITTED,
        InvitationStatus.STARTED,
        InvitationStatus.OPENED,
        InvitationStatus.INVITED,
    ]
    if one.status in order:
        fewer += [replace(one, status=status) for status in order[order.index(one.status) :]]
    return fewer


def test_the_reasons_add_up_by_hand() -> None:
    counted = score_supplier(KNOWN, WEIGHTS, TODAY)
    assert [(reason.part, reason.points, reason.most) for reason in counted.reasons] == [
        ("sector", 16, 20),
        ("tier", 12, 20),
        ("band", 14, 30),
        ("unanswered", 0, 10),
        ("slipping", 3, 14),
        ("spend", 2, 6),
    ]
    assert counted.points == 16 + 12 + 14 + 0 + 3 + 2
    assert [reason.words for reason in counted.reasons] == [
        "Farming: the risk of this kind of work starts at 35. The highest of all kinds starts at 45.",
        "You graded a contract with it as medium risk.",
        "Its own answers come out as “Medium”.",
        "It has answered. Its answers count until 1 October 2027.",
        "1 of its 4 steps is late.",
        "You spend £50,000 a year with it.",
    ]
    assert all(reason.known for reason in counted.reasons)


def test_nothing_known_is_the_most_and_says_so() -> None:
    counted = score_supplier(NOTHING, WEIGHTS, TODAY)
    assert counted.points == 100
    assert all("counted as the most" in reason.words and not reason.known for reason in counted.reasons)
    assert counted.reasons[-1].words == "You have not told us what you spend: counted as the most."


@given(facts)
def test_each_part_stays_within_its_most_and_they_add_up(one: ContactInputs) -> None:
    counted = score_supplier(one, WEIGHTS, TODAY)
    assert counted.points == sum(reason.points for reason in counted.reasons)
    for reason in counted.reasons:
        assert 0 <= reason.points <= reason.most
        if "counted as the most" in reason.words and reason.part != "unanswered":
            assert reason.points == reason.most


@given(facts)
def test_less_data_never_ranks_safer(one: ContactInputs) -> None:
    for fewer in less(one):
        assert points(fewer) >= points(one), fewer
    assert points(NOTHING) >= points(one)


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine draws slowly
@given(st.lists(facts, min_size=2, max_size=8), st.data())
def test_whoever_takes_answers_back_never_moves_to_a_safer_place(
    everyone: list[ContactInputs], data: st.DataObject
) -> None:
    who = data.draw(st.integers(0, len(everyone) - 1))
    then = data.draw(st.sampled_from(less(everyone[who])))
    others = [points(one) for place, one in enumerate(everyone) if place != who]
    before = sum(other > points(everyone[who]) for other in others)
    assert sum(other > points(then) for other in others) <= before


@given(facts)
def test_a_band_and_a_plan_count_each_by_itself(one: ContactInputs) -> None:
    without = replace(one, band=None)
    assert part(without, "band") == WEIGHTS.most["band"]
    assert part(without, "slipping") == part(one, "slipping")
    assert part(replace(one, steps=None), "slipping") == WEIGHTS.most["slipping"]
    assert part(replace(one, status=InvitationStatus.NOT_ASKED), "band") == WEIGHTS.most["band"]


@pytest.mark.parametrize(
    ("change", "name", "expected", "said"),
    [
        ({"status": InvitationStatus.DECLINED, "due": TODAY}, "unanswered", 6, "It said no. You asked for it by"),
        (
            {"status": InvitationStatus.INVITED, "due": date(2026, 11, 9)},
            "unanswered",
            7,
            "It is 2 weeks past 9 November 2026.",
        ),
        ({"status": InvitationStatus.INVITED, "due": date(2026, 11, 17)}, "unanswered", 6, "It is 1 week past"),
        (
            {"status": InvitationStatus.OPENED, "due": date(2020, 1, 1)},
            "unanswered",
            8,
            "opened your email and has not begun",
        ),
        ({"status": InvitationStatus.STARTED, "due": None}, "unanswered", 7, "We do not know by when you asked"),
        ({"status": InvitationStatus.SHARE_OVER, "due": date(2020, 1, 1)}, "unanswered", 10, "What it shared is over."),
        ({"valid_until": date(2026, 11, 23)}, "unanswered", 2, "Its answers are old: they counted until 23 November"),
        ({"valid_until": None}, "unanswered", 2, "we do not know when"),
        ({"steps": (0, 0)}, "slipping", 0, "Its plan has no steps."),
        ({"steps": None}, "slipping", 14, "only of a plan that is shared."),
        ({"steps": (0, 0), "band": None}, "slipping", 0, "Its plan has no steps."),
        ({"band": None}, "band", 30, "There is no band to show: counted as the most."),
        ({"steps": (0, 1)}, "slipping", 0, "Its one step is not late."),
        ({"steps": (9, 9)}, "slipping", 14, "9 of its 9 steps are late."),
        ({"sector": "care_homes"}, "sector", 20, "We have no number for its kind of work: counted as the most."),
        ({"band": "high"}, "band", 30, "come out as “High”"),
        ({"spend": 999}, "spend", 1, "£999"),
        ({"spend": 2_000_000}, "spend", 6, "£2,000,000"),
    ],
)
def test_each_reason_says_what_it_counts(change: dict[str, object], name: str, expected: int, said: str) -> None:
    changed = ContactInputs(**{**{field: getattr(KNOWN, field) for field in KNOWN.__slots__}, **change})  # type: ignore[arg-type]  # fields by name
    reason = next(one for one in score_supplier(changed, WEIGHTS, TODAY).reasons if one.part == name)
    assert (reason.points, said in reason.words) == (expected, True), reason


def test_a_rule_that_trusted_silence_would_be_caught() -> None:
    """The property can fail: had silence no points, whoever shared nothing would stand further down."""
    trusting = replace(WEIGHTS, band={**WEIGHTS.band, "high": 0})
    bad = replace(KNOWN, band="medium", steps=(4, 4))
    assert score_supplier(replace(bad, band=None), trusting, TODAY).points < score_supplier(bad, trusting, TODAY).points


BLAME = re.compile(r"\b(why did|fail|must|breach|wrong|guilty|suspect|illegal|trafficking|slavery)\b", re.IGNORECASE)


@pytest.mark.parametrize("status", InvitationStatus)
@pytest.mark.parametrize("old", [True, False])
@pytest.mark.parametrize("late", [True, False])
def test_there_are_three_calm_sentences_for_every_call(status: InvitationStatus, old: bool, late: bool) -> None:  # noqa: FBT001  # what is tried
    said = contact_first.call_sentences(status, old_answers=old, late_steps=late)
    assert len(said) == 3
    assert said[0].startswith("“We want to go on buying from you")
    for sentence in said:
        assert not BLAME.search(sentence), sentence


def test_the_kind_of_work_reads_as_words() -> None:
    assert (contact_first.sector_label("car_washes"), contact_first.sector_label(None)) == ("Car washes", "Not told")
    assert (
        contact_first.sector_reason("farming", 35, 45)
        == "Farming: the risk of this kind of work starts at 35. The highest of all kinds starts at 45."
    )
