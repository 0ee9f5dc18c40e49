"""The attack: whoever sees every picture there ever was, and knows who shared and how we count, tries to work out one answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import combinations_with_replacement, product
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.assessments.retention import delete_assessment
from assess.core.config import Settings
from assess.core.db import Database
from assess.core.jobs.services import enqueue
from assess.core.jobs.worker import run_due_jobs
from assess.core.models import AuditEvent
from assess.identity.models import Organisation
from assess.portfolio import supplier_feedback
from assess.portfolio.models import FeedbackPool, FeedbackPoolMember
from assess.portfolio.supplier_feedback import (
    ANSWER_LABELS,
    MIN_BUNDLE_SIZE,
    MIN_LEFT_OVER,
    MIN_POOL_SIZE,
    QUESTION_ID,
    FeedbackSummary,
    PoolCounts,
    build_pool,
    get_bundle_size,
    get_buyer_feedback,
    is_pool_over,
    list_buyers,
    run_monthly_round,
    summarise_pools,
)
from assess.sharing.models import ShareGrant
from assess.sharing.services import end_share_grant
from assess.suppliers.models import Supplier
from tests.engine.real_banks import BANKS, edition_of
from tests.plans.records import scenario
from tests.suppliers.factories import a_buyer, a_supplier, invited, shared

NOVEMBER, DECEMBER, JANUARY, FEBRUARY = (
    datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
    datetime(2026, 12, 1, 3, 20, tzinfo=UTC),
    datetime(2027, 1, 1, 3, 20, tzinfo=UTC),
    datetime(2027, 2, 1, 3, 20, tzinfo=UTC),
)


def saying(answer: str | None) -> dict[str, Any]:
    record = scenario()
    for section in record["sections"]:
        for question in section["questions"]:
            if question["id"] == QUESTION_ID:
                question["answer"] = answer
    return record


def sharing(session: Session, buyer: Organisation, name: str, answer: str | None) -> ShareGrant:
    farm = a_supplier(session, buyer, name, sector="farming")
    return shared(session, invited(session, farm), record=saying(answer))


def five(
    session: Session, buyer: Organisation, answers: str = "often often often never dk", more: str = ""
) -> list[Any]:
    return [sharing(session, buyer, f"Farm {more}{place}", one) for place, one in enumerate(answers.split())]


@pytest.mark.both_databases
def test_the_question_is_one_of_every_bank() -> None:
    for bank in BANKS:
        (pooled,) = [question for question in edition_of(bank).questions() if question.pooled]
        assert pooled.id == QUESTION_ID
        assert {option.id for option in pooled.options} == {"never", "sometimes", "often", "dk"}


@pytest.mark.both_databases
def test_a_picture_is_made_on_the_first_and_stays_until_the_next(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        grants = five(session, council)
        assert not run_monthly_round(session, council.id, NOVEMBER), "a new buyer waits for the first"
        assert get_buyer_feedback(session, council.id).picture is None
        assert run_monthly_round(session, council.id, DECEMBER)
        assert not run_monthly_round(session, council.id, DECEMBER)
        seen = get_buyer_feedback(session, council.id)
        assert seen.month == date(2026, 12, 1)
        assert seen.picture
        assert (seen.picture.answered, dict(seen.picture.tenths)) == (
            5,
            {"often": 6, "sometimes": 0, "never": 0, "dk": 0},
        )
        end_share_grant(session, grants[0], DECEMBER)
        assert get_buyer_feedback(session, council.id) == seen, "what happens meanwhile changes nothing"
        assert run_monthly_round(session, council.id, JANUARY)
        assert get_buyer_feedback(session, council.id).picture is None
        kept = session.scalars(select(FeedbackPool)).one()
        assert (kept.often, kept.over_on) == (0, date(2027, 1, 1)), "nothing of it is kept"


@pytest.mark.both_databases
def test_newcomers_wait_until_they_are_five_and_nobody_is_counted_twice(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        run_monthly_round(session, council.id, NOVEMBER)
        first = five(session, council)
        run_monthly_round(session, council.id, DECEMBER)
        before = get_buyer_feedback(session, council.id).picture
        sharing(session, council, "One more", "never")
        run_monthly_round(session, council.id, JANUARY)
        assert get_buyer_feedback(session, council.id).picture == before
        five(session, council, "never never never never", more="new ")
        end_share_grant(session, first[0], JANUARY)
        run_monthly_round(session, council.id, FEBRUARY)
        picture = get_buyer_feedback(session, council.id).picture
        assert picture
        assert (picture.answered, picture.tenths["never"], picture.tenths["often"]) == (5, 6, 0)
        counted = session.execute(
            select(FeedbackPoolMember.submission_id, func.count()).group_by("submission_id")
        ).all()
        assert {row[1] for row in counted} == {1}
        assert len(counted) == 10


@pytest.mark.both_databases
@pytest.mark.parametrize("few", [True, False])
def test_a_quick_check_is_not_counted_and_an_answer_left_out_is_a_dont_know(published: Database, *, few: bool) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        run_monthly_round(session, council.id, NOVEMBER)
        five(session, council, "often often often often")
        if few:
            record = saying("often")
            for section in record["sections"]:
                section["questions"] = [one for one in section["questions"] if one["id"] != QUESTION_ID]
            shared(session, invited(session, a_supplier(session, council, "Quick", sector="farming")), record=record)
        else:
            sharing(session, council, "Left out", None)
        assert run_monthly_round(session, council.id, DECEMBER) is not few


@pytest.mark.both_databases
def test_entries_shown_as_one_and_what_is_off_the_list_count_as_the_buyer_sees_them(published: Database) -> None:
    with published.writing() as session:
        council = a_buyer(session, "The Council")
        run_monthly_round(session, council.id, NOVEMBER)
        grants = five(session, council)
        root, part = (session.get_one(Supplier, grant.supplier_id) for grant in grants[:2])
        part.merged_into = root.id
        session.flush()
        assert not run_monthly_round(session, council.id, DECEMBER), "four suppliers, one of them in two parts"
        part.merged_into = None
        root.archived_at = DECEMBER
        session.flush()
        assert not run_monthly_round(session, council.id, JANUARY)
        root.archived_at = None
        session.flush()
        assert run_monthly_round(session, council.id, FEBRUARY)


@pytest.mark.both_databases
def test_each_buyer_has_its_own_pools_and_an_answer_that_is_deleted_goes(published: Database) -> None:
    with published.writing() as session:
        council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        for buyer in (council, shop):
            run_monthly_round(session, buyer.id, NOVEMBER)
        grants = five(session, council)
        sharing(session, shop, "Another", "often")
        assert set(list_buyers(session)) == {council.id, shop.id}
        assert run_monthly_round(session, council.id, DECEMBER)
        assert not run_monthly_round(session, shop.id, DECEMBER)
        assert get_buyer_feedback(session, shop.id).picture is None
        delete_assessment(session, grants[0].assessment_id)
        session.expire_all()
        assert session.scalar(select(func.count()).select_from(FeedbackPoolMember)) == 4
        assert run_monthly_round(session, council.id, JANUARY)
        assert get_buyer_feedback(session, council.id).picture is None


assert supplier_feedback  # it defines the job


def test_the_job_makes_each_buyers_picture_once_a_month(published: Database, settings: Settings) -> None:
    with published.writing() as session:
        council, shop = a_buyer(session, "The Council"), a_buyer(session, "The Shop")
        run_monthly_round(session, council.id, NOVEMBER)
        five(session, council)
        council_id, shop_id = council.id, shop.id
    for now in (DECEMBER, DECEMBER, JANUARY):
        with published.writing() as session:
            enqueue(session, "pool_pressure", now=now)
        run_due_jobs(published, settings, lambda now=now: now)
    with published.reading() as session:
        assert get_buyer_feedback(session, council_id).picture
        assert get_buyer_feedback(session, shop_id).picture is None
        events = session.scalars(select(AuditEvent.action).where(AuditEvent.action == "suppliers.manage: made")).all()
    assert len(events) == 1, "only a round that changed something is noted"


Counts = tuple[int, ...]
NAMES = tuple(ANSWER_LABELS)
PAIRS = tuple(combinations_with_replacement(range(len(NAMES)), 2))


def worlds(answered: int, cells: int = len(NAMES)) -> Iterator[Counts]:
    """Every way in which so many may have answered, by how many said what: who said it changes nothing in a pool."""
    if cells == 1:
        yield (answered,)
        return
    for first in range(answered + 1):
        for rest in worlds(answered - first, cells - 1):
            yield (first, *rest)


def answers_in(world: Counts) -> list[str]:
    return [name for name, count in zip(NAMES, world, strict=True) for _ in range(count)]


def may_be(world: Counts, pair: tuple[int, int]) -> bool:
    """Whether two suppliers may have said these two things."""
    first, second = pair
    return world[first] >= 2 if first == second else min(world[first], world[second]) >= 1


def told_by(seen: Callable[[Counts], object], answered: int) -> list[tuple[object, tuple[int, int]]]:
    """What is seen, and two answers of which it tells that no two suppliers gave them."""
    alike: dict[object, list[Counts]] = defaultdict(list)
    for world in worlds(answered):
        alike[seen(world)].append(world)
    return [
        (picture, pair)
        for picture, some in alike.items()
        for pair in PAIRS
        if not any(may_be(one, pair) for one in some)
    ]


def as_seen(pool: PoolCounts) -> object:
    """All that is kept of a pool, which is more than is ever shown."""
    return pool.answered, pool.bundle, tuple(pool.bundles.items())


@pytest.mark.parametrize("answered", [*range(MIN_POOL_SIZE, 21), 37, 50])
def test_of_a_pool_any_two_suppliers_may_have_said_anything(answered: int) -> None:
    assert told_by(lambda world: as_seen(build_pool(answers_in(world))), answered) == []


def test_exact_shares_would_tell() -> None:
    """So the test above can fail: if all five said the same, whole numbers say so."""
    told = told_by(lambda world: tuple(10 * count // 5 for count in world), 5)
    assert ((10, 0, 0, 0), (1, 1)) in told


def test_bundles_that_come_out_even_would_tell() -> None:
    assert told_by(lambda world: tuple(count // 3 for count in world), 6)


def test_what_is_left_over_is_never_nothing() -> None:
    for answered in range(MIN_POOL_SIZE, 2000):
        bundle = get_bundle_size(answered)
        assert MIN_BUNDLE_SIZE <= bundle < answered, answered
        assert answered % bundle >= MIN_LEFT_OVER, answered
        assert bundle * 10 >= answered, answered


def test_fewer_than_five_are_never_put_together() -> None:
    with pytest.raises(ValueError, match="too few"):
        build_pool(["never"] * 4)
    assert summarise_pools([]) is None


def test_a_picture_is_in_whole_tenths_and_says_how_many_it_does_not_tell_of() -> None:
    picture = summarise_pools([build_pool(["often"] * 5), build_pool(["never"] * 3 + ["sometimes", "no idea"])])
    assert picture == FeedbackSummary(10, {"often": 3, "sometimes": 0, "never": 3, "dk": 0})
    assert picture.untold == 4


def test_a_pool_goes_when_fewer_than_five_of_it_share() -> None:
    assert not is_pool_over([1, 2, 3, 4, 5, 6], {1, 2, 3, 4, 5})
    assert is_pool_over([1, 2, 3, 4, 5, 6], {1, 2, 3, 4, 9, 10, 11})


class Rounds:
    """The same rounds as in the database, by hand: `sharing` names who shares in each month."""

    def __init__(self, answers: Mapping[int, str]) -> None:
        self.answers = answers
        self.pools: dict[frozenset[int], PoolCounts] = {}
        self.counted: set[int] = set()
        self.seen: list[FeedbackSummary | None] = []

    def go(self, sharing: set[int]) -> None:
        self.pools = {members: pool for members, pool in self.pools.items() if not is_pool_over(members, sharing)}
        fresh = frozenset(sharing - self.counted)
        if len(fresh) >= MIN_POOL_SIZE:
            self.counted |= fresh
            self.pools[fresh] = build_pool([self.answers[one] for one in sorted(fresh)])
        self.seen.append(summarise_pools(self.pools.values()))


FIRST, SECOND = {1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}
MONTHS: Sequence[set[int]] = (
    FIRST,
    FIRST | {6},  # one comes
    FIRST | SECOND - {10},  # four wait
    FIRST | SECOND,  # five came
    (FIRST | SECOND) - {1},  # one goes, and the first pool with it
    SECOND | {1, 2, 3, 4, 5},  # it comes back
    SECOND - {10},  # nothing is left
)


def history(first: Counts, second: Counts) -> tuple[FeedbackSummary | None, ...]:
    said = dict(enumerate([*answers_in(first), *answers_in(second)], 1))
    rounds = Rounds(said)
    for sharing in MONTHS:
        rounds.go(sharing)
    return tuple(rounds.seen)


def test_all_pictures_there_ever_were_tell_of_no_two_suppliers_what_they_said() -> None:
    alike: dict[str, list[tuple[Counts, Counts]]] = defaultdict(list)
    for first, second in product(worlds(5), repeat=2):
        alike[repr(history(first, second))].append((first, second))
    assert len(alike) > 10, "there is something to see"
    for some in alike.values():
        for number in (0, 1):
            assert all(any(may_be(world[number], pair) for world in some) for pair in PAIRS)
        # one of the first pool and one of the second
        assert all(
            any(one[first] and two[second] for one, two in some)
            for first, second in product(range(len(NAMES)), repeat=2)
        )


def test_counting_all_who_share_each_month_would_tell_what_a_newcomer_said() -> None:
    def seen(world: Sequence[str]) -> object:
        def shares(some: Sequence[str]) -> tuple[int, ...]:
            return tuple(round(10 * some.count(name) / len(some)) for name in NAMES)

        return shares(world[:5]), shares(world)

    alike: dict[object, set[str]] = defaultdict(set)
    for world in product(NAMES, repeat=6):
        alike[seen(world)].add(world[5])
    assert any(len(last) == 1 for last in alike.values())
