from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from assess.assessments.purchases import (
    MAX_LINES,
    WHOLE,
    LineChange,
    LineContent,
    LineFields,
    LineSaveResult,
    TooManyLinesError,
    add_lines,
    get_line,
    get_lines,
    has_new_content,
    highest_line_number,
    save_lines,
)
from assess.assessments.services import AlreadySubmittedError, AssessmentUnknownError, get_assessment
from assess.assessments.submissions import reopen_assessment, submit_assessment
from assess.core.db import Database
from tests.long_runs import examples

pytestmark = pytest.mark.both_databases

RECORD = {"engine": 1, "edition": {"bank": "farming"}, "result": {"score": 11.0, "band": "low"}}


def said(session: Session, begun: uuid.UUID) -> list[LineContent]:
    return [line.said for line in get_lines(session, begun)]


def save(session: Session, begun: uuid.UUID, number: int, seen: int, now: datetime, **parts: object) -> LineSaveResult:
    return save_lines(session, begun, {number: LineChange(seen, LineFields(**parts))}, now)  # type: ignore[typeddict-item]


def test_lines_are_kept_in_the_order_in_which_they_were_added(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    assert highest_line_number(session, begun) == 0
    assert add_lines(session, begun, ["tea", "rice"], 0, now) == (1, 2)
    assert add_lines(session, begun, ["prawns"], 2, now) == (3,)
    assert said(session, begun) == [LineContent("tea"), LineContent("rice"), LineContent("prawns")]
    assert highest_line_number(session, begun) == 3


def test_the_same_good_can_stand_there_twice_for_two_countries(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    add_lines(session, begun, ["tea"], 0, now)
    assert add_lines(session, begun, ["tea", "tea"], 1, now) == (2, 3)


def test_a_second_press_and_somebody_else_who_adds_the_same_make_no_second_line(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    add_lines(session, begun, ["tea", "rice"], 0, now)
    assert add_lines(session, begun, ["tea", "rice"], 0, now) == ()
    assert add_lines(session, begun, ["rice", "salt"], 0, now) == (3,)
    assert [one.good for one in said(session, begun)] == ["tea", "rice", "salt"]


def test_a_list_has_an_end_and_nothing_is_added_by_halves(session: Session, begun: uuid.UUID, now: datetime) -> None:
    add_lines(session, begun, [f"thing {number}" for number in range(MAX_LINES - 1)], 0, now)
    with pytest.raises(TooManyLinesError):
        add_lines(session, begun, ["tea", "rice"], MAX_LINES - 1, now)
    assert len(said(session, begun)) == MAX_LINES - 1
    save(session, begun, 1, 1, now, removed=True)
    assert len(add_lines(session, begun, ["tea", "rice"], MAX_LINES - 1, now)) == 2


def test_what_a_form_says_is_kept_and_what_it_leaves_out_stays(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    add_lines(session, begun, ["tea", "rice"], 0, now)
    later = now + timedelta(hours=1)
    done = save_lines(
        session,
        begun,
        {
            1: LineChange(1, {"country": "KE", "share": 12.5, "supplier": "Leaf & Co"}),
            2: LineChange(1, {"country": None}),
        },
        later,
    )
    assert done.saved == (1,)
    assert save(session, begun, 1, 2, later, share=None).saved == (1,)
    assert said(session, begun)[0] == LineContent("tea", "KE", None, "Leaf & Co")
    assert get_assessment(session, begun).changed_at == later
    assert [line.revision for line in get_lines(session, begun)] == [3, 1]


def test_two_people_at_once_lose_nothing(session: Session, begun: uuid.UUID, now: datetime) -> None:
    add_lines(session, begun, ["tea", "rice"], 0, now)
    save(session, begun, 1, 1, now, country="KE")
    done = save_lines(session, begun, {1: LineChange(1, {"country": "IN"}), 2: LineChange(1, {"country": "PK"})}, now)
    (conflict,) = done.conflicts
    assert (conflict.yours.country, conflict.theirs.said.country) == ("IN", "KE")
    assert done.saved == (2,)
    assert [one.country for one in said(session, begun)] == ["KE", "PK"]
    assert save(session, begun, 1, conflict.theirs.revision, now, country="IN").saved == (1,)


def test_who_did_not_touch_a_line_or_says_the_same_is_in_no_conflict(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    add_lines(session, begun, ["tea"], 0, now)
    save(session, begun, 1, 1, now, country="KE", supplier="Leaf")
    assert save(session, begun, 1, 1, now, country=None, supplier="") == LineSaveResult()
    assert save(session, begun, 1, 1, now, country="KE", supplier="Leaf") == LineSaveResult()
    assert said(session, begun) == [LineContent("tea", "KE", None, "Leaf")]


def test_a_revision_that_never_was_is_a_conflict_and_no_loss(session: Session, begun: uuid.UUID, now: datetime) -> None:
    add_lines(session, begun, ["tea"], 0, now)
    (conflict,) = save(session, begun, 1, 99, now, country="KE").conflicts
    assert conflict.yours == LineContent("tea", "KE")
    assert said(session, begun) == [LineContent("tea")]


def test_a_line_taken_off_can_come_back_and_its_number_is_never_given_again(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    add_lines(session, begun, ["tea"], 0, now)
    save(session, begun, 1, 1, now, country="KE", removed=True)
    assert said(session, begun) == []
    gone = get_line(session, begun, 1)
    assert gone is not None
    assert gone.said.removed
    assert add_lines(session, begun, ["rice"], 1, now) == (2,)
    save(session, begun, 1, 2, now, removed=False)
    assert said(session, begun) == [LineContent("tea", "KE"), LineContent("rice")]


def test_taking_off_what_somebody_else_just_changed_asks_first(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    add_lines(session, begun, ["tea"], 0, now)
    save(session, begun, 1, 1, now, country="KE")
    (conflict,) = save(session, begun, 1, 1, now, removed=True).conflicts
    assert conflict.yours.removed
    assert said(session, begun) == [LineContent("tea", "KE")]


def test_together_the_shares_stay_within_a_hundred_and_the_rest_is_saved(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    add_lines(session, begun, ["tea", "rice", "salt"], 0, now)
    save_lines(session, begun, {1: LineChange(1, {"share": 60.0}), 2: LineChange(1, {"share": 40.0})}, now)
    done = save_lines(
        session,
        begun,
        {1: LineChange(2, {"share": 50.0, "country": "KE"}), 3: LineChange(1, {"share": 20.0, "country": "IT"})},
        now,
    )
    assert (done.over, done.total) == ({3}, 110.0)
    assert [(one.share, one.country) for one in said(session, begun)] == [(50.0, "KE"), (40.0, None), (None, "IT")]
    assert save_lines(session, begun, {3: LineChange(2, {"share": 10.0})}, now).over == set()


def test_a_line_that_comes_back_leaves_its_share_behind_when_there_is_no_room(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    add_lines(session, begun, ["tea", "rice"], 0, now)
    save(session, begun, 1, 1, now, share=60.0)
    save(session, begun, 1, 2, now, removed=True)
    save(session, begun, 2, 1, now, share=80.0)
    save(session, begun, 1, 3, now, removed=False)
    assert [one.share for one in said(session, begun)] == [None, 80.0]


def test_the_list_never_grows_past_its_end_by_putting_back(session: Session, begun: uuid.UUID, now: datetime) -> None:
    add_lines(session, begun, [f"thing {number}" for number in range(MAX_LINES)], 0, now)
    save(session, begun, 1, 1, now, removed=True, country="KE")
    save(session, begun, 2, 1, now, removed=True)
    add_lines(session, begun, ["tea"], MAX_LINES, now)
    back = {
        1: LineChange(2, {"removed": False}),
        2: LineChange(2, {"removed": False}),
        3: LineChange(1, {"country": "IN"}),
    }
    done = save_lines(session, begun, back, now)
    assert done.full == {2}
    assert set(done.saved) == {1, 3}
    assert len(said(session, begun)) == MAX_LINES
    again = save(session, begun, 2, 2, now, removed=False)
    assert (again.full, again.saved) == ({2}, ())
    save(session, begun, 4, 1, now, removed=True)
    assert save(session, begun, 2, 2, now, removed=False).saved == (2,)


def test_what_was_added_and_taken_off_can_be_added_again_from_the_same_page(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    assert add_lines(session, begun, ["rice"], 0, now) == (1,)
    save(session, begun, 1, 1, now, removed=True)
    assert add_lines(session, begun, ["rice"], 0, now) == (2,)
    assert add_lines(session, begun, ["rice"], 0, now) == ()


def test_whether_a_form_says_anything_new(session: Session, begun: uuid.UUID, now: datetime) -> None:
    add_lines(session, begun, ["tea"], 0, now)
    save(session, begun, 1, 1, now, country="KE")
    submit_assessment(session, begun, lambda _said: RECORD, now)
    asked = [(1, {"country": None}), (2, {"country": "KE"}), (2, {}), (1, {"country": "IN"}), (2, {"share": 3.0})]
    new = [has_new_content(session, begun, {1: LineChange(seen, LineFields(**parts))}) for seen, parts in asked]  # type: ignore[typeddict-item]
    assert new == [False, False, False, True, True]
    assert not has_new_content(session, begun, {7: LineChange(1, {"country": "IN"})})


def test_nothing_changes_once_it_is_submitted_and_lines_come_back_as_they_were(
    session: Session, begun: uuid.UUID, now: datetime
) -> None:
    add_lines(session, begun, ["tea"], 0, now)
    save(session, begun, 1, 1, now, country="KE", supplier="Leaf")
    submit_assessment(session, begun, lambda _said: RECORD, now)
    with pytest.raises(AlreadySubmittedError):
        add_lines(session, begun, ["rice"], 1, now)
    with pytest.raises(AlreadySubmittedError):
        save(session, begun, 1, 2, now, country="IN")
    reopen_assessment(session, begun, now)
    assert said(session, begun) == [LineContent("tea", "KE", None, "Leaf")]


def test_lines_of_another_business_cannot_be_reached(
    session: Session, begun: uuid.UUID, another: uuid.UUID, now: datetime
) -> None:
    add_lines(session, begun, ["tea"], 0, now)
    assert save(session, another, 1, 1, now, country="KE") == LineSaveResult()
    assert get_line(session, another, 1) is None
    with pytest.raises(AssessmentUnknownError):
        add_lines(session, uuid.uuid4(), ["tea"], 0, now)


def test_people_who_add_and_change_at_the_same_moment_lose_no_line(
    database: Database, begun: uuid.UUID, now: datetime
) -> None:
    gate = threading.Barrier(4)

    def add(name: str) -> None:
        gate.wait()
        with database.writing() as session:
            (number,) = add_lines(session, begun, [name], 0, now)
        with database.writing() as session:
            save(session, begun, number, 1, now, share=30.0)

    people = [threading.Thread(target=add, args=(name,)) for name in ("tea", "rice", "salt", "eggs")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    with database.reading() as session:
        lines = get_lines(session, begun)
    assert sorted(line.said.good for line in lines) == ["eggs", "rice", "salt", "tea"]
    assert [line.number for line in lines] == [1, 2, 3, 4]
    assert sorted(line.said.share or 0.0 for line in lines) == [0.0, 30.0, 30.0, 30.0], "the fourth had no room"


@pytest.mark.parametrize("backend", ["sqlite"])
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.integers(1, 3), st.integers(0, 4), st.one_of(st.none(), st.sampled_from([0.0, 10.0, 45.5, 70.0, 100.0])),
            st.booleans(),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_whatever_is_sent_the_shares_never_pass_a_hundred_and_no_line_is_lost(
    session: Session, begun: uuid.UUID, now: datetime, sent: list[tuple[int, int, float | None, bool]]
) -> None:
    session.rollback()
    add_lines(session, begun, ["tea", "rice", "salt"], 0, now)
    for number, seen, share, removed in sent:
        save(session, begun, number, seen, now, share=share, removed=removed)
        assert sum(one.share or 0.0 for one in said(session, begun)) <= WHOLE
    assert all(get_line(session, begun, number) for number in (1, 2, 3))
