"""Rows as releases wrote them come through every revision, and no number is ever given twice."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Integer, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.assessments.delegation import NewDelegation, create_delegation
from assess.assessments.guest_sessions import open_started_assessment
from assess.assessments.links import find_resume_link, make_buyer_link
from assess.assessments.models import Assessment
from assess.assessments.retention import delete_assessment
from assess.assessments.services import get_answers, save_answers, start_assessment
from assess.assessments.sign_off import request_sign_off
from assess.assessments.submissions import get_submission, is_intact, submit_assessment
from assess.core.db import Base, Database
from assess.core.mail.services import Mail, enqueue_mail
from assess.core.migrations import current, head, upgrade_to_head
from assess.identity.models import Organisation
from assess.identity.organisations.name_confirmation import request_confirmation as ask_for_name
from assess.plans.action_tracker.services import ItemContent, change_item
from assess.question_banks.models import EditionRow
from assess.sharing.models import ShareViewKind
from assess.sharing.viewing import log_link_view
from assess.suppliers.contracts import ChangedBy
from assess.suppliers.contracts import create_contract as add_contract
from assess.suppliers.models import Regime
from assess.suppliers.services import SupplierDetails, add_supplier
from tests.core.filled_database import NOW, RECORD, columns_of, count, fill, rows, rules
from tests.core.next_revision import add_revision
from tests.core.old_release_rows import copy_to_older, put
from tests.stored_files import document_of

pytestmark = pytest.mark.both_databases

NUMBERED = {
    "answer_event",
    "contract_event",
    "delegation_event",
    "job",
    "organisation_name_event",
    "outbox",
    "tracked_action_event",
    "share_view",
    "sign_off_event",
    "submission",
    "supplier_event",
    "guest_session",
}
"""Tables with numbers that are named elsewhere and whose rows may go. Editions never go."""


@pytest.fixture
def old(empty_url: str) -> Iterator[Database]:
    """A database without tables: each test makes those of the release it begins with."""
    opened = Database(empty_url)
    yield opened
    opened.close()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_every_table_with_numbers_says_that_they_only_grow(database: Database) -> None:
    with database.engine.connect() as connection:
        made = connection.execute(text("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"))
        assert set(made.scalars()) == NUMBERED
    numbered = {
        table.name
        for table in Base.metadata.sorted_tables
        if [column.name for column in table.primary_key] == ["id"] and isinstance(table.c.id.type, Integer)
    }
    assert numbered == NUMBERED | {"edition", "edition_event"}


def test_what_is_written_after_the_newest_was_deleted_has_numbers_of_its_own(database: Database) -> None:
    fill(database)

    def write() -> dict[str, tuple[int, int]]:
        """The first and last number in each table after somebody did everything there is."""
        with database.writing() as session:
            edition = session.scalars(select(EditionRow.id)).one()
            mine = start_assessment(session, edition, quick=False, now=NOW).id
            save_answers(session, mine, {"p": "a"}, {}, NOW)
            made = submit_assessment(session, mine, lambda _said: RECORD, NOW)
            change_item(session, made.id, "q", ItemContent(response="accepted"), 0, NOW)
            open_started_assessment(session, mine, NOW)
            create_delegation(session, mine, NewDelegation("people", None, "", 14), NOW)
            request_sign_off(session, made, "", NOW)
            log_link_view(session, make_buyer_link(session, made, NOW).id, ShareViewKind.PAGE, NOW)
            enqueue_mail(session, Mail(f"told {mine}", "a@example.org", "Hello", "Hello", about=mine), NOW)
            document_of(session, "business", made.id, NOW).enqueue(session, NOW)
            buyer = Organisation(name="Council", made_at=NOW)
            session.add(buyer)
            session.flush()
            ask_for_name(session, buyer, None, NOW)
            farm, _ = add_supplier(session, buyer.id, SupplierDetails("A Farm"), NOW, by=None)
            add_contract(session, farm, {"title": "Potatoes", "regime": Regime.OWN}, NOW, by=ChangedBy(None, "Ann"))
            session.flush()
            spans = {name: span_of(session, name) for name in NUMBERED}
            delete_assessment(session, mine)
            session.delete(buyer)
        return spans

    first = write()
    with database.writing() as session:
        delete_assessment(session, session.scalars(select(Assessment.id)).one())
    assert not any(count(database, table) for table in NUMBERED)
    second = write()
    assert {name: second[name][0] > first[name][1] for name in NUMBERED} == dict.fromkeys(NUMBERED, True)


def span_of(session: Session, table: str) -> tuple[int, int]:
    """The lowest and the highest number in a table that is not empty."""
    number = Base.metadata.tables[table].c.id
    low, high = session.execute(select(func.min(number), func.max(number))).one()
    return int(low), int(high)


def rows_of_release(database: Database, kept: dict[str, Any]) -> dict[str, Counter[str]]:
    """What the database says today of the columns in which a release had something."""
    return rows(database, {table: sorted(written[0]) for table, written in kept["tables"].items()})


def test_rows_of_the_first_release_come_through_the_next_revision(old: Database, revision: Path) -> None:
    upgrade_to_head(old.engine, revision="r0001")
    kept = put(old, "r0001")
    mine = uuid.UUID(kept["assessment"])
    before = rows_of_release(old, kept)
    assert all(before.values()), "an empty table would prove nothing"
    upgrade_to_head(old.engine)
    assert rows_of_release(old, kept) == before
    ruled = rules(old)  # of the tables of today, whatever was added since that release
    add_revision(revision, "op.add_column('answer', sa.Column('more', sa.Integer(), nullable=True))")
    assert upgrade_to_head(old.engine)
    assert current(old.engine) == head() == "r9999"
    assert rows_of_release(old, kept) == before
    assert [name for name, said in rules(old).items() if said != ruled[name]] == ["answer"]
    with old.writing() as session:
        assert {question: one.value for question, one in get_answers(session, mine).items()} == {"p": "a", "q": "b"}
        assert find_resume_link(session, kept["token"]).assessment_id == mine
        assert is_intact(get_submission(session, mine))
        change_item(session, get_submission(session, mine).id, "q", ItemContent(response="accepted"), 0, NOW)
    for statement in ("UPDATE submission SET score = 0", "DELETE FROM answer_event"):
        with old.writing() as session, pytest.raises(IntegrityError):
            session.execute(text(statement))
    with old.writing() as session:
        another = start_assessment(session, session.scalars(select(EditionRow.id)).one(), quick=False, now=NOW)
        assert submit_assessment(session, another.id, lambda _said: RECORD, NOW).id > 1
        delete_assessment(session, mine)


def test_what_stands_in_a_database_of_today_can_be_copied_into_an_older_one(database: Database, old: Database) -> None:
    fill(database)
    upgrade_to_head(old.engine, revision="r0001")
    copy_to_older(database, old)
    today = columns_of(database)
    both = {
        table: [name for name in names if name in today[table]]
        for table, names in columns_of(old).items()
        if table in today
    }
    assert rows(old, both) == rows(database, both)
