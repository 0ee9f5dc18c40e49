"""A coordinator helps: what opens, what stays shut, and what is noted."""

from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from assess.assessments.assisted_completion import (
    ASSISTANCE_LASTS,
    CODE_LASTS,
    CodeUnknownError,
    ConflictOfInterestError,
    assistance_for_record,
    begin_assistance,
    clean_code,
    delete_unused_codes,
    end_all_assistance,
    get_assistance_by,
    get_open_assistance,
    list_assistance_by,
    request_assistance,
    stop_assistance,
    unused_code_until,
)
from assess.assessments.models import (
    ASSISTED_KEY,
    Assessment,
    AssistanceMode,
    AssistedAnswer,
    AssistedSession,
    FormPart,
    Submission,
)
from assess.assessments.retention import delete_assessment
from assess.assessments.services import save_answers
from assess.core.db import Database
from assess.identity.current_user import CurrentUser
from assess.identity.models import Membership, Person, Role, StaffRole
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in

A_MOMENT = timedelta(seconds=1)


def caller_for(person_id: uuid.UUID, now: datetime, **more: Any) -> CurrentUser:
    given: dict[str, Any] = {"staff_role": StaffRole.COORDINATOR, "roles": {}, "second_step": True} | more
    return CurrentUser(person_id, "cora@network.example", "", signed_in_id=uuid.uuid4(), proven_at=now, **given)


@pytest.fixture
def cora(database: Database, now: datetime) -> CurrentUser:
    with database.writing() as session:
        return caller_for(a_person(session, "cora@network.example", desk="coordinator").id, now)


def asked(
    database: Database, assessment_id: uuid.UUID, now: datetime, mode: AssistanceMode = AssistanceMode.PHONE
) -> str:
    with database.writing() as session:
        return request_assistance(session, assessment_id, mode, now)


def use(database: Database, who: CurrentUser, code: str, now: datetime) -> uuid.UUID:
    with database.writing() as session:
        return begin_assistance(session, who, code, now).id


def helps(database: Database, who: CurrentUser, assessment_id: uuid.UUID, now: datetime) -> bool:
    with database.reading() as session:
        return get_assistance_by(session, who, assessment_id, None, now) is not None


def test_a_code_acts_once_however_it_is_typed(
    database: Database, begun: uuid.UUID, another: uuid.UUID, cora: CurrentUser, now: datetime
) -> None:
    code = asked(database, begun, now)
    assert len(code) == 14
    assert clean_code(code.lower().replace("-", " ")) == code.replace("-", "")
    assert not helps(database, cora, begun, now)
    use(database, cora, code.lower().replace("-", " "), now)
    assert helps(database, cora, begun, now)
    assert not helps(database, cora, another, now)
    with pytest.raises(CodeUnknownError):
        use(database, cora, code, now)
    with database.reading() as session:
        assert [one.assessment_id for one in list_assistance_by(session, cora, now)] == [begun]


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
    database: Database, begun: uuid.UUID, cora: CurrentUser, now: datetime, spoilt: str
) -> None:
    code = asked(database, begun, now)
    with database.writing() as session:
        if spoilt == "newer":
            request_assistance(session, begun, AssistanceMode.VISIT, now)
        if spoilt == "ended":
            end_all_assistance(session, begun, now)
    typed = {"nonsense": "x", "vowels": "AAAA-AAAA-AAAA"}.get(spoilt, code)
    with pytest.raises(CodeUnknownError):
        use(database, cora, typed, now + CODE_LASTS if spoilt == "late" else now)


@pytest.mark.parametrize("end", ["owner", "coordinator", "calendar", "another code"])
def test_it_is_over_at_once(database: Database, begun: uuid.UUID, cora: CurrentUser, now: datetime, end: str) -> None:
    given = use(database, cora, asked(database, begun, now), now)
    assert helps(database, cora, begun, now + ASSISTANCE_LASTS - A_MOMENT)
    later = now + ASSISTANCE_LASTS if end == "calendar" else now
    with database.writing() as session:
        if end == "owner":
            end_all_assistance(session, begun, now)
        if end == "coordinator":
            assert stop_assistance(session, cora, given, now)
            assert not stop_assistance(session, cora, given, now)
        if end == "another code":
            other = a_person(session, "dan@network.example", desk="coordinator").id
            begin_assistance(
                session, caller_for(other, now), request_assistance(session, begun, AssistanceMode.VISIT, now), now
            )
    assert not helps(database, cora, begun, later)
    with database.reading() as look:
        assert (get_open_assistance(look, begun, later) is not None) is (end == "another code")
        assert list(list_assistance_by(look, cora, later)) == []


def test_nobody_helps_who_has_a_part_in_it(
    database: Database, begun: uuid.UUID, cora: CurrentUser, now: datetime
) -> None:
    firm, elsewhere = uuid.uuid4(), uuid.uuid4()
    use(database, cora, asked(database, begun, now), now)
    with database.reading() as session:
        for roles, organisation_id, may in (
            ({}, firm, True),
            ({elsewhere: frozenset({Role.MANAGER})}, firm, True),
            ({firm: frozenset({Role.SIGNER})}, firm, False),
            ({elsewhere: frozenset({Role.BUYER})}, None, False),
        ):
            who = caller_for(cora.id, now, roles=roles)
            assert (get_assistance_by(session, who, begun, organisation_id, now) is not None) is may
        for more in ({"staff_role": None}, {"staff_role": StaffRole.ADMINISTRATOR}, {"second_step": False}):
            assert get_assistance_by(session, caller_for(cora.id, now, **more), begun, None, now) is None
        assert get_assistance_by(session, caller_for(uuid.uuid4(), now), begun, None, now) is None
    code = asked(database, begun, now)
    with pytest.raises(ConflictOfInterestError):
        use(database, caller_for(cora.id, now, roles={elsewhere: frozenset({Role.BUYER})}), code, now)
    use(database, cora, code, now)  # and the code was not used up


def test_what_was_answered_together_is_told_once_for_each_day_and_way(
    database: Database, begun: uuid.UUID, cora: CurrentUser, now: datetime
) -> None:
    with database.reading() as look:
        assert assistance_for_record(look, begun) == ()
    days = [timedelta(), timedelta(hours=1), timedelta(days=1)]
    for number, later in enumerate(days):
        given = use(database, cora, asked(database, begun, now + later, AssistanceMode.PHONE), now + later)
        with database.writing() as session:
            row = {"assessment_id": begun, "part": FormPart.ANSWER, "question": f"q{number}", "revision": 1}
            session.add(AssistedAnswer(**row, assisted_session_id=given))
    use(database, cora, asked(database, begun, now, AssistanceMode.VISIT), now)  # who only looked did not fill in
    with database.reading() as look:
        assert assistance_for_record(look, begun) == (
            {"mode": "phone", "on": "2026-11-24"},
            {"mode": "phone", "on": "2026-11-25"},
        )


def test_codes_that_nobody_used_are_forgotten(
    database: Database, begun: uuid.UUID, another: uuid.UUID, cora: CurrentUser, now: datetime
) -> None:
    code = asked(database, begun, now)
    use(database, cora, asked(database, another, now), now)
    with database.reading() as look:
        assert unused_code_until(look, begun, now) == now + CODE_LASTS
        assert unused_code_until(look, another, now) is None
        assert code.replace("-", "") not in {row.code_hash for row in look.scalars(select(AssistedSession))}
    with database.writing() as session:
        delete_unused_codes(session, now + CODE_LASTS)
    with database.reading() as look:
        assert [row.assessment_id for row in look.scalars(select(AssistedSession))] == [another]


SAID = "A coordinator can open this until 8 December 2026."
PAGES = ("", "check", "sections/people", "business", "business/gates", "purchases", "link", "delete", "copy")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_every_page_of_the_tasks_says_so_until_it_is_over(
    app: Flask, visit: Any, begin: Any, ask: Any, desk: Visitor
) -> None:
    home = begin()
    pages = [page for page in PAGES if visit(f"{home}{page}").status == 200]
    assert len(pages) >= 8
    assert not [page for page in pages if "A coordinator" in visit(f"{home}{page}").text and page not in {"", "check"}]
    assert not [page for page in pages if SAID in visit(f"{home}{page}").text]
    desk("/staff/assistance")
    desk.send(code=ask(home))
    for page in pages:
        shown = visit(f"{home}{page}")
        assert SAID in shown.text, page
        assert shown.soup.select_one("[role=note] a")["href"] == f"{home}assistance"
    # the frame of a section is kept ready for everybody: it keeps no word of this
    other = begin()
    assert SAID not in visit(f"{other}sections/people").text
    assert "You are helping with this by phone until 8 December 2026." in desk(f"{home}sections/people").text
    app.config["CLOCK"] = lambda: TODAY + timedelta(days=14)
    other = begin()
    assert SAID not in visit(f"{other}sections/people").text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_once_it_is_ended_no_page_says_so(visit: Any, helped: str) -> None:
    assert SAID in visit(helped).text
    visit(f"{helped}assistance")
    visit.send("/end")
    for page in PAGES:
        assert SAID not in visit(f"{helped}{page}").text


@pytest.mark.both_databases
def test_a_change_is_marked_by_its_revision_and_all_goes_with_the_assessment(
    database: Database, begun: uuid.UUID, another: uuid.UUID, now: datetime
) -> None:
    with database.writing() as session:
        request_assistance(session, begun, AssistanceMode.PHONE, now)
        given = session.scalars(select(AssistedSession.id)).one()
        save_answers(session, begun, {"a": "x", "b": "y"}, {}, now)
        session.info[ASSISTED_KEY] = {begun: given}
        save_answers(session, begun, {"a": "z", "b": "y"}, {"a": 1, "b": 1}, now)
        save_answers(session, another, {"a": "x"}, {}, now)
    with database.reading() as look:
        (one,) = look.scalars(select(AssistedAnswer)).all()
    assert (one.assessment_id, one.part, one.question, one.revision, one.assisted_session_id) == (
        begun,
        FormPart.ANSWER,
        "a",
        2,
        given,
    )
    with database.writing() as session:
        delete_assessment(session, begun)
    with database.reading() as look:
        assert look.scalar(select(func.count()).select_from(AssistedSession)) == 0
        assert look.scalar(select(func.count()).select_from(AssistedAnswer)) == 0


SHUT = ("delete", "link", "share", "save-to-account", "transfer", "copy", "assistance")


def test_only_a_coordinator_with_both_steps_has_the_assistance_page(
    app: Flask, visit: Any, coordinator: Person
) -> None:
    assert visit("/staff/assistance", follow=False).headers["Location"].startswith("/sign-in")
    with database_of(app).writing() as session:
        others = [a_person(session, f"{name}@x.example", desk=name or None) for name in ("", "administrator")]
    for who in others:
        sign_in(visit, app, who)
        assert visit("/staff/assistance").status == 404
    sign_in(visit, app, coordinator, second_step=False)
    assert visit("/staff/assistance", follow=False).status == 303, "first the second step"
    sign_in(visit, app, coordinator)
    assert visit("/staff/assistance").status == 200
    assert visit("/account").soup.select("a[href='/staff/assistance']")


def test_the_coordinator_answers_and_it_is_noted(
    app: Flask, visit: Any, identify: Any, helped: str, desk: Visitor
) -> None:
    identify(helped)
    visit(f"{helped}sections/hours")
    visit.send(core_time_records="daily")
    desk(f"{helped}sections/people")
    assert desk.send(core_people_peak="9").status == 200
    assert visit(f"{helped}sections/people").soup.select_one("#core_people_peak")["value"] == "9"
    with database_of(app).reading() as session:
        noted = session.scalars(select(AssistedAnswer.question)).all()
    assert noted == ["core_people_peak"], "and what the owner typed is not"
    desk(f"{helped}check")
    page = desk.send(reread="yes")
    assert page.address == f"{helped}result"
    with database_of(app).reading() as session:
        record = session.scalars(select(Submission)).one().record
    assert record["together"] == [{"mode": "phone", "on": "2026-11-24"}]
    assert (
        "Filled in together with a coordinator, by phone, on 24 November 2026." in visit(f"{helped}result/areas").text
    )


def test_a_record_made_alone_says_nothing_of_it(
    app: Flask, visit: Any, identify: Any, helped: str, desk: Visitor
) -> None:
    identify(helped)
    assert desk(helped).status == 200
    visit(f"{helped}check")
    visit.send(reread="yes")
    with database_of(app).reading() as session:
        assert "together" not in session.scalars(select(Submission)).one().record
    assert "Filled in together" not in visit(f"{helped}result/areas").text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("page", SHUT)
def test_what_only_the_business_does_stays_shut(
    app: Flask, visit: Any, identify: Any, helped: str, desk: Visitor, page: str
) -> None:
    identify(helped)
    visit(f"{helped}check")
    visit.send(reread="yes")
    assert f"{helped}{page}" not in desk(helped).html.replace(f"{helped}assistance_desk", "")
    token = {"csrf_token": desk.page.fields("correct")["csrf_token"]}  # type: ignore[union-attr]  # a page was opened
    assert desk(f"{helped}{page}").status == 404
    assert desk.client.post(f"{helped}{page}", data=token | {"sure": "yes", "mode": "phone"}).status_code == 404
    with database_of(app).reading() as session:
        assert session.get(Assessment, uuid.UUID(helped.split("/")[2])) is not None


def test_stopping_shuts_it_and_is_ones_own(app: Flask, helped: str, desk: Visitor) -> None:
    page = desk("/staff/assistance")
    stop = str(page.form("/stop").action)
    with database_of(app).writing() as session:
        dan = a_person(session, "dan@network.example", desk=StaffRole.COORDINATOR)
    other = Visitor(app.test_client())
    sign_in(other, app, dan)
    token = other("/staff/assistance").fields()["csrf_token"]
    assert other(helped).status == 404
    assert other.client.post(stop, data={"csrf_token": token}).status_code == 404
    assert desk(helped).status == 200
    desk("/staff/assistance")
    assert "You are helping nobody just now." in desk.send("/stop").text
    assert desk(helped).status == 404


def test_a_wrong_code_and_too_many_of_them(begin: Any, ask: Any, desk: Visitor) -> None:
    home = begin()
    code = ask(home)
    for _ in range(10):
        desk("/staff/assistance")
        page = desk.send(code="K7QF-2M9D-4RTB")
        assert page.status == 422
        assert "This code opens nothing." in page.text
    desk("/staff/assistance")
    assert desk.send(code=code).status == 429


def test_whoever_joins_the_business_stops_helping(app: Flask, helped: str, desk: Visitor, coordinator: Person) -> None:
    with database_of(app).writing() as session:
        firm = an_organisation(session, "Fen Edge")
        found = session.get(Assessment, uuid.UUID(helped.split("/")[2]))
        assert found is not None
        found.organisation_id = firm.id
    assert desk(f"{helped}sections/people").status == 200
    assert "Fen Edge" not in desk(helped).text
    with database_of(app).writing() as session:
        session.add(Membership(organisation_id=firm.id, person_id=coordinator.id, role=Role.SIGNER, made_at=TODAY))
    page = desk(f"{helped}sections/people")
    assert page.status == 404, "a signer reads, and does not answer"


def test_without_the_code_a_coordinator_sees_nothing(begin: Any, desk: Visitor) -> None:
    home = begin()
    assert desk(home).status == desk(f"{home}result").status == 404


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_code_is_shown_once(visit: Any, begin: Any) -> None:
    home = begin()
    assert "Fill it in with a coordinator" in visit(home).text
    visit(f"{home}assistance")
    page = visit.send("/assistance")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#mode"
    page = visit.send("/assistance", mode="visit")
    code = page.soup.select_one("#code").text
    assert "Show it to the coordinator on the visit. It works once, until 1 December 2026." in page.text
    page = visit(f"{home}assistance")
    assert code not in page.html
    assert "A code waits for a coordinator until 1 December 2026." in page.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_owner_ends_it_and_the_next_request_is_refused(visit: Any, helped: str, desk: Visitor) -> None:
    assert desk(f"{helped}sections/people").status == 200
    drawn = desk.page
    assert drawn is not None
    visit(f"{helped}assistance")
    assert "A coordinator can open this until 8 December 2026, by phone." in visit.page.text
    visit.send("/end")
    assert desk(helped).status == 404
    assert desk(f"{helped}sections/people").status == 404
    sent = desk.client.post(f"{helped}sections/people", data=drawn.fields() | {"core_people_peak": ["9"]})
    assert sent.status_code == 404
    assert visit(f"{helped}sections/people").soup.select_one("#core_people_peak")["value"] == ""


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_code_that_waits_is_ended(visit: Any, begin: Any, ask: Any, desk: Visitor) -> None:
    home = begin()
    code = ask(home)
    visit(f"{home}assistance")
    visit.send("/end")
    desk("/staff/assistance")
    assert desk.send(code=code).status == 422
