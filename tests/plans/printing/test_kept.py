from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, func, make_url, select
from sqlalchemy.orm import Session

from assess.assessments.models import Assessment, Submission
from assess.assessments.removing import delete_assessment
from assess.kit.db import Database
from assess.kit.encryption import use_keys
from assess.plans.actions import register_of
from assess.plans.check_code.codes import code_of
from assess.plans.check_code.models import CheckCode
from assess.plans.copies import Copy, business_record
from assess.plans.printing.kept import Printed, is_kept, keep, kept, state_shown
from assess.plans.printing.models import Rendered
from assess.plans.register.keeping import Change, change, state_of
from assess.plans.register.state import NOTHING_YET, ItemState, digest_of_state
from tests.plans.records import scenario
from tests.plans.register.conftest import Kept, keep_record
from tests.readable import NoKeys

pytestmark = pytest.mark.both_databases

ACTION = "core_time_records"
CANARY = b"the cousin of the foreman collects the wages"


@pytest.fixture
def plan(database: Database, now: datetime) -> Kept:
    """A medium farm, submitted."""
    return keep_record(database, scenario(), now)


def touch(database: Database, plan: Kept, owner: str, now: datetime) -> dict[str, ItemState]:
    """Give an action an owner; returns the register as it is then."""
    with database.writing() as session:
        seen = state_of(session, plan.id).get(ACTION, ItemState()).revision
        change(session, plan.id, ACTION, Change(response="accepted", owner=owner), seen, now)
        return state_of(session, plan.id)


def store(database: Database, plan: Kept, copy: Copy, content: bytes, now: datetime) -> bool:
    """Store a file of the register as it is now."""
    with database.writing() as session:
        shown = state_shown(session, plan.id, copy)
        return keep(session, plan.id, copy, Printed(plan.digest, shown, content), now)


def file_of(database: Database, plan: Kept, copy: Copy = "business") -> bytes | None:
    with database.reading() as look:
        found = kept(look, plan.id, copy)
        return found.content if found else None


def states(session: Session, copy: Copy = "business") -> set[str]:
    return set(session.scalars(select(Rendered.state).where(Rendered.copy == copy)))


def test_a_file_is_stored_once_and_then_the_same(database: Database, plan: Kept, now: datetime) -> None:
    assert file_of(database, plan) is None
    assert store(database, plan, "business", b"first", now)
    assert store(database, plan, "business", b"second", now)
    assert file_of(database, plan) == b"first"
    assert file_of(database, plan, "buyer") is None
    with database.reading() as look:
        assert is_kept(look, plan.id, "business", "")
        assert not is_kept(look, plan.id, "business", "ab" * 32)


def test_an_earlier_state_is_never_given_for_the_present_one(database: Database, plan: Kept, now: datetime) -> None:
    for copy in ("business", "large", "wall", "coordinator", "buyer"):
        store(database, plan, copy, b"first", now)
    touch(database, plan, "Maria", now)
    for copy in ("business", "large", "coordinator"):
        assert file_of(database, plan, copy) is None, copy
    assert file_of(database, plan, "wall") == b"first", "nobody's name hangs on a wall"
    with database.writing() as session:
        change(session, plan.id, ACTION, Change(response="accepted", due="2026-12-01"), 1, now)
    assert file_of(database, plan, "wall") is None
    assert file_of(database, plan, "buyer") == b"first", "a buyer sees nothing of the register"


def test_a_wall_is_kept_whatever_becomes_of_what_does_not_hang_there(
    database: Database, plan: Kept, now: datetime
) -> None:
    hidden = next(item for item in register_of(business_record(scenario())).items if not item.ordinary)
    store(database, plan, "wall", b"first", now)
    with database.writing() as session:
        change(session, plan.id, hidden.key, Change(response="accepted", status="done"), 0, now)
        assert state_shown(session, plan.id, "business")
        assert state_shown(session, plan.id, "wall") == NOTHING_YET
    assert file_of(database, plan, "wall") == b"first"


def test_of_each_copy_the_first_and_the_newest_are_kept(database: Database, plan: Kept, now: datetime) -> None:
    store(database, plan, "business", b"first", now)
    store(database, plan, "large", b"large", now)
    for owner in ("Maria", "Piotr", "Maria again"):
        newest = digest_of_state(touch(database, plan, owner, now))
        store(database, plan, "business", owner.encode(), now)
        assert file_of(database, plan) == owner.encode()
        with database.reading() as look:
            assert states(look) == {"", newest}
            assert states(look, "large") == {""}


def test_what_was_printed_of_a_register_that_has_moved_on_is_not_stored(
    database: Database, plan: Kept, now: datetime
) -> None:
    before = touch(database, plan, "Maria", now)
    touch(database, plan, "Piotr", now)
    with database.writing() as session:
        assert not keep(session, plan.id, "business", Printed(plan.digest, before, b"late"), now)
        assert states(session) == set()


def test_what_was_deleted_while_it_was_printed_is_not_stored(database: Database, plan: Kept, now: datetime) -> None:
    with database.writing() as session:
        session.execute(delete(Assessment))
    with database.writing() as session:
        assert not keep(session, plan.id, "business", Printed(plan.digest, NOTHING_YET, b"late"), now)
        assert session.scalar(select(func.count()).select_from(Rendered)) == 0
        assert session.scalar(select(func.count()).select_from(CheckCode)) == 0


def test_what_was_printed_of_another_record_is_not_stored(database: Database, plan: Kept, now: datetime) -> None:
    with database.writing() as session:
        assert not keep(session, plan.id, "business", Printed("ab" * 32, NOTHING_YET, b"of another"), now)
        assert session.scalar(select(func.count()).select_from(Rendered)) == 0
        assert session.scalar(select(func.count()).select_from(CheckCode)) == 0


def test_the_code_of_a_copy_is_known_once_it_is_stored(database: Database, plan: Kept, now: datetime) -> None:
    store(database, plan, "business", b"file", now)
    with database.reading() as look:
        (row,) = look.scalars(select(CheckCode))
        submission = look.get_one(Submission, plan.id)
        assert (row.code, row.copy) == (code_of(look, submission, "business"), "business")


def remove(database: Database, assessment_id: uuid.UUID) -> None:
    with database.writing() as session:
        delete_assessment(session, assessment_id)


def test_files_and_codes_go_with_their_assessment(database: Database, plan: Kept, now: datetime) -> None:
    store(database, plan, "business", b"file", now)
    touch(database, plan, "Maria", now)
    store(database, plan, "business", b"newer", now)
    remove(database, plan.assessment_id)
    with database.reading() as look:
        assert look.scalar(select(func.count()).select_from(Rendered)) == 0
        assert look.scalar(select(func.count()).select_from(CheckCode)) == 0


@pytest.mark.parametrize("backend", ["sqlite"])
def test_no_byte_of_a_file_is_left_after_deletion(
    database: Database, database_url: str, plan: Kept, now: datetime
) -> None:
    use_keys(database.engine, NoKeys())  # the files are searched for words
    path = Path(str(make_url(database_url).database))

    def found() -> list[str]:
        return [one.name for one in path.parent.glob(f"{path.name}*") if CANARY in one.read_bytes()]

    store(database, plan, "business", b"first", now)
    touch(database, plan, "Maria", now)
    store(database, plan, "business", CANARY * 3000, now)
    assert found(), "it never was there: this would prove nothing"
    touch(database, plan, "Piotr", now)
    store(database, plan, "business", b"newest", now)
    remove(database, plan.assessment_id)
    assert found() == []
