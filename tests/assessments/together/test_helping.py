from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from assess.assessments.models import Part
from assess.assessments.together.helping import (
    CODE_LASTS,
    HELP_LASTS,
    CodeUnknownError,
    TooCloseError,
    ask,
    begin,
    end_all,
    forget_old,
    help_of,
    helps_given_by,
    open_help,
    stop,
    tidied,
    waiting_code,
    was_together,
)
from assess.assessments.together.models import AnsweredTogether, Mode, Together
from assess.kit.db import Database
from assess.people.caller import Caller
from assess.people.models import Desk, Role
from tests.people.persons import a_person

A_MOMENT = timedelta(seconds=1)


def caller_for(person_id: uuid.UUID, now: datetime, **more: Any) -> Caller:
    given: dict[str, Any] = {"desk": Desk.COORDINATOR, "roles": {}, "second_step": True} | more
    return Caller(person_id, "cora@network.example", "", signed_in_id=uuid.uuid4(), proven_at=now, **given)


@pytest.fixture
def cora(database: Database, now: datetime) -> Caller:
    with database.writing() as session:
        return caller_for(a_person(session, "cora@network.example", desk="coordinator").id, now)


def asked(database: Database, assessment_id: uuid.UUID, now: datetime, mode: Mode = Mode.PHONE) -> str:
    with database.writing() as session:
        return ask(session, assessment_id, mode, now)


def use(database: Database, who: Caller, code: str, now: datetime) -> uuid.UUID:
    with database.writing() as session:
        return begin(session, who, code, now).id


def helps(database: Database, who: Caller, assessment_id: uuid.UUID, now: datetime) -> bool:
    with database.reading() as look:
        return help_of(look, who, assessment_id, None, now) is not None


def test_a_code_acts_once_however_it_is_typed(
    database: Database, begun: uuid.UUID, another: uuid.UUID, cora: Caller, now: datetime
) -> None:
    code = asked(database, begun, now)
    assert len(code) == 14
    assert tidied(code.lower().replace("-", " ")) == code.replace("-", "")
    assert not helps(database, cora, begun, now)
    use(database, cora, code.lower().replace("-", " "), now)
    assert helps(database, cora, begun, now)
    assert not helps(database, cora, another, now)
    with pytest.raises(CodeUnknownError):
        use(database, cora, code, now)
    with database.reading() as look:
        assert [one.assessment_id for one in helps_given_by(look, cora, now)] == [begun]


@pytest.mark.both_databases
def test_of_twenty_at_once_one_begins(database: Database, begun: uuid.UUID, now: datetime) -> None:
    code = asked(database, begun, now)
    with database.writing() as session:
        people = [a_person(session, f"c{number}@network.example", desk="coordinator").id for number in range(20)]
    won: list[uuid.UUID] = []
    lost: list[uuid.UUID] = []

    def one(person: uuid.UUID) -> None:
        try:
            use(database, caller_for(person, now), code, now)
        except CodeUnknownError:
            lost.append(person)
        else:
            won.append(person)

    threads = [threading.Thread(target=one, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 19)


@pytest.mark.parametrize("spoilt", ["late", "newer", "ended", "nonsense", "vowels"])
def test_whatever_is_wrong_with_a_code_reads_alike(
    database: Database, begun: uuid.UUID, cora: Caller, now: datetime, spoilt: str
) -> None:
    code = asked(database, begun, now)
    with database.writing() as session:
        if spoilt == "newer":
            ask(session, begun, Mode.VISIT, now)
        if spoilt == "ended":
            end_all(session, begun, now)
    typed = {"nonsense": "x", "vowels": "AAAA-AAAA-AAAA"}.get(spoilt, code)
    with pytest.raises(CodeUnknownError):
        use(database, cora, typed, now + CODE_LASTS if spoilt == "late" else now)


@pytest.mark.parametrize("end", ["owner", "coordinator", "calendar", "another code"])
def test_it_is_over_at_once(database: Database, begun: uuid.UUID, cora: Caller, now: datetime, end: str) -> None:
    given = use(database, cora, asked(database, begun, now), now)
    assert helps(database, cora, begun, now + HELP_LASTS - A_MOMENT)
    later = now + HELP_LASTS if end == "calendar" else now
    with database.writing() as session:
        if end == "owner":
            end_all(session, begun, now)
        if end == "coordinator":
            assert stop(session, cora, given, now)
            assert not stop(session, cora, given, now)
        if end == "another code":
            other = a_person(session, "dan@network.example", desk="coordinator").id
            begin(session, caller_for(other, now), ask(session, begun, Mode.VISIT, now), now)
    assert not helps(database, cora, begun, later)
    with database.reading() as look:
        assert (open_help(look, begun, later) is not None) is (end == "another code")
        assert list(helps_given_by(look, cora, later)) == []


def test_nobody_helps_who_has_a_part_in_it(database: Database, begun: uuid.UUID, cora: Caller, now: datetime) -> None:
    firm, elsewhere = uuid.uuid4(), uuid.uuid4()
    use(database, cora, asked(database, begun, now), now)
    with database.reading() as look:
        for roles, organisation_id, may in (
            ({}, firm, True),
            ({elsewhere: frozenset({Role.MANAGER})}, firm, True),
            ({firm: frozenset({Role.SIGNER})}, firm, False),
            ({elsewhere: frozenset({Role.BUYER})}, None, False),
        ):
            who = caller_for(cora.id, now, roles=roles)
            assert (help_of(look, who, begun, organisation_id, now) is not None) is may
        for more in ({"desk": None}, {"desk": Desk.ADMINISTRATOR}, {"second_step": False}):
            assert help_of(look, caller_for(cora.id, now, **more), begun, None, now) is None
        assert help_of(look, caller_for(uuid.uuid4(), now), begun, None, now) is None
    code = asked(database, begun, now)
    with pytest.raises(TooCloseError):
        use(database, caller_for(cora.id, now, roles={elsewhere: frozenset({Role.BUYER})}), code, now)
    use(database, cora, code, now)  # and the code was not used up


def test_what_was_answered_together_is_told_once_for_each_day_and_way(
    database: Database, begun: uuid.UUID, cora: Caller, now: datetime
) -> None:
    with database.reading() as look:
        assert was_together(look, begun) == ()
    days = [timedelta(), timedelta(hours=1), timedelta(days=1)]
    for number, later in enumerate(days):
        given = use(database, cora, asked(database, begun, now + later, Mode.PHONE), now + later)
        with database.writing() as session:
            row = {"assessment_id": begun, "part": Part.ANSWER, "question": f"q{number}", "revision": 1}
            session.add(AnsweredTogether(**row, assisted_session_id=given))
    use(database, cora, asked(database, begun, now, Mode.VISIT), now)  # who only looked did not fill in
    with database.reading() as look:
        assert was_together(look, begun) == (
            {"mode": "phone", "on": "2026-11-24"},
            {"mode": "phone", "on": "2026-11-25"},
        )


def test_codes_that_nobody_used_are_forgotten(
    database: Database, begun: uuid.UUID, another: uuid.UUID, cora: Caller, now: datetime
) -> None:
    code = asked(database, begun, now)
    use(database, cora, asked(database, another, now), now)
    with database.reading() as look:
        assert waiting_code(look, begun, now) == now + CODE_LASTS
        assert waiting_code(look, another, now) is None
        assert code.replace("-", "") not in {row.code_hash for row in look.scalars(select(Together))}
    with database.writing() as session:
        forget_old(session, now + CODE_LASTS)
    with database.reading() as look:
        assert [row.assessment_id for row in look.scalars(select(Together))] == [another]
