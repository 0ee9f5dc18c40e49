from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.core.config import Settings
from assess.core.links import LinkUnknownError
from assess.core.models import OutgoingMail
from assess.core.pagination import fetch_page
from assess.core.route_permissions import route_permission
from assess.identity import one_time_tokens
from assess.identity.accounts.services import PersonUnknownError, appoint_staff, delete_account
from assess.identity.accounts.sessions import end_all_login_sessions
from assess.identity.accounts.sign_in import NEW_EMAIL_KIND, PROVE_KIND, RESET_KIND
from assess.identity.administration import (
    PAGE_SIZE,
    AccountNotReadyError,
    LastAdministratorError,
    ListQuery,
    disable_account,
    enable_account,
    find_invitations,
    find_organisations,
    find_people,
    get_person_details,
    give_staff_role,
    may_be_second_person,
    may_review,
    organisation_names,
    parse_list_query,
    remove_staff_role,
    years_offered,
)
from assess.identity.models import Organisation, Person, Role, StaffRole
from assess.identity.organisations.services import BUYER_OR_STAFF, BuyerAndStaffError, invite_member
from assess.identity.views_administration import NOT_YOURSELF
from tests.conftest import TODAY, Page, Visitor
from tests.identity.accounts_factory import a_person, an_organisation, database_of, sign_in
from tests.identity.administration.conftest import Town

OPEN = Settings(env="development", operator_name="A network")


def test_a_staff_role_is_given_and_taken_and_all_staff_are_told(session: Session, now: datetime) -> None:
    ann, ada = a_person(session, "ann@farm.example"), a_person(session, "ada@desk.example", desk="administrator")
    give_staff_role(session, ann.id, StaffRole.COORDINATOR, OPEN, ada.id, now)
    assert ann.desk is StaffRole.COORDINATOR
    told = sorted(session.scalars(select(OutgoingMail)), key=lambda one: one.to_address)
    assert [one.to_address for one in told] == ["ada@desk.example", "ann@farm.example"]
    assert "ann@farm.example now works here as a coordinator. That was decided by ada@desk.example." in told[0].body
    remove_staff_role(session, ann.id, ada.id, now)
    assert ann.desk is None
    assert len(session.scalars(select(OutgoingMail)).all()) == 4


def test_whoever_got_a_staff_role_lately_or_from_the_other_is_no_second_person(session: Session, now: datetime) -> None:
    ada, ann, bob = (
        a_person(session, "ada@desk.example"),
        a_person(session, "ann@x.example"),
        a_person(session, "bob@x.example"),
    )
    appoint_staff(session, ada.id, StaffRole.ADMINISTRATOR, now)
    assert may_be_second_person(session, ada.id, None, now), "the first of an installation"
    for one in (ann, bob):
        give_staff_role(session, one.id, StaffRole.COORDINATOR, OPEN, ada.id, now)
    soon, later = now + timedelta(days=14, seconds=-1), now + timedelta(days=14)
    assert not may_be_second_person(session, ann.id, bob.id, soon)
    assert may_be_second_person(session, ann.id, bob.id, later)
    assert not may_be_second_person(session, ann.id, ann.id, later)
    assert not may_be_second_person(session, ann.id, ada.id, later)
    assert not may_be_second_person(session, ada.id, ann.id, later)
    give_staff_role(session, bob.id, StaffRole.COORDINATOR, OPEN, ann.id, later)
    assert may_be_second_person(session, ann.id, bob.id, later), "the same desk again changes nothing"
    disable_account(session, bob.id, ada.id, later)
    assert (
        "bob@x.example no longer works here"
        in session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc())).all()[0].body
    )
    assert not may_be_second_person(session, ann.id, bob.id, later)
    enable_account(session, bob.id, ada.id, later)
    assert not may_be_second_person(session, ann.id, bob.id, later), (
        "nobody has looked after an account that was closed"
    )
    eve = a_person(session, "eve@x.example")
    appoint_staff(session, eve.id, StaffRole.ADMINISTRATOR, later)
    assert not may_be_second_person(session, eve.id, None, later), "not the first any more"


def test_mailboxes_that_let_each_other_in_are_one_person(session: Session, now: datetime) -> None:
    eve, ann = (a_person(session, f"{name}@desk.example", desk="administrator") for name in ("eve", "ann"))
    boxes = [a_person(session, f"box{number}@x.example") for number in range(3)]
    by = eve
    for box in boxes:
        give_staff_role(session, box.id, StaffRole.ADMINISTRATOR, OPEN, by.id, now)
        by = box
    later = now + timedelta(days=30)

    def only_ann_is_another() -> None:
        everybody = [eve, *boxes]
        for one in everybody:
            assert may_be_second_person(session, ann.id, one.id, later) == may_be_second_person(
                session, one.id, ann.id, later
            )
            assert may_be_second_person(session, one.id, ann.id, later)
            assert not any(may_be_second_person(session, one.id, other.id, later) for other in everybody)

    only_ann_is_another()
    for _ in range(2):
        remove_staff_role(session, boxes[0].id, boxes[1].id, now)
        give_staff_role(session, boxes[0].id, StaffRole.ADMINISTRATOR, OPEN, boxes[1].id, now)
    only_ann_is_another()
    disable_account(session, boxes[0].id, boxes[2].id, now)
    enable_account(session, boxes[0].id, boxes[2].id, now)
    only_ann_is_another()
    remove_staff_role(session, boxes[0].id, eve.id, now)
    assert not may_be_second_person(session, eve.id, boxes[2].id, later)
    delete_account(session, boxes.pop(0).id, now)
    session.expire_all()
    only_ann_is_another()


def test_an_administrator_reviews_what_her_only_coordinator_wrote_but_not_in_the_first_days(
    session: Session, now: datetime
) -> None:
    ada = a_person(session, "ada@desk.example", made_at=now - timedelta(days=100))
    ann, bob = a_person(session, "ann@x.example"), a_person(session, "bob@x.example", made_at=now - timedelta(days=90))
    appoint_staff(session, ada.id, StaffRole.ADMINISTRATOR, now - timedelta(days=100))
    give_staff_role(session, ann.id, StaffRole.COORDINATOR, OPEN, ada.id, now)
    soon, later = now + timedelta(days=14, seconds=-1), now + timedelta(days=14)
    for one, other in ((ada, ann), (ann, ada)):
        assert not may_review(session, one.id, {other.id}, soon), "a mailbox made for it"
        assert may_review(session, one.id, {other.id}, later)
        assert not may_review(session, one.id, {one.id, other.id}, later)
    assert may_review(session, ada.id, {None, bob.id}, soon), "whoever has no desk any more, or no account, bars nobody"
    disable_account(session, ann.id, ada.id, later)
    assert not may_review(session, ann.id, {ada.id}, later)


def test_where_everybody_is_new_the_second_person_may_be_new(session: Session, now: datetime) -> None:
    ada, ann = (a_person(session, f"{name}@desk.example", made_at=now) for name in ("ada", "ann"))
    appoint_staff(session, ada.id, StaffRole.ADMINISTRATOR, now)
    give_staff_role(session, ann.id, StaffRole.COORDINATOR, OPEN, ada.id, now)
    assert may_review(session, ada.id, {ann.id}, now)
    assert not may_review(session, ada.id, {ada.id}, now)
    assert not may_be_second_person(session, ada.id, ann.id, now), "the helpline stays"


def test_the_last_administrator_stays(session: Session, now: datetime) -> None:
    ada, abe = (a_person(session, f"{name}@desk.example", desk="administrator") for name in ("ada", "abe"))
    abe.disabled_at = now
    session.flush()
    with pytest.raises(LastAdministratorError):
        remove_staff_role(session, ada.id, abe.id, now)
    with pytest.raises(LastAdministratorError):
        give_staff_role(session, ada.id, StaffRole.COORDINATOR, OPEN, ada.id, now)
    abe.disabled_at = None
    session.flush()
    remove_staff_role(session, ada.id, abe.id, now)


def test_nobody_gets_one_who_is_not_ready_or_buys(session: Session, now: datetime) -> None:
    new, shut = a_person(session, "new@farm.example", confirmed=False), a_person(session, "shut@farm.example")
    shut.disabled_at = now
    bea = a_person(session, "bea@shop.example")
    an_organisation(session, "Big Shop", buyer=bea)
    for person in (new, shut):
        with pytest.raises(AccountNotReadyError):
            give_staff_role(session, person.id, StaffRole.COORDINATOR, OPEN, person.id, now)
    with pytest.raises(BuyerAndStaffError):
        give_staff_role(session, bea.id, StaffRole.ADMINISTRATOR, OPEN, bea.id, now)
    with pytest.raises(PersonUnknownError):
        remove_staff_role(session, uuid.UUID(int=5), bea.id, now)


def test_organisations_are_found_by_name_or_number(session: Session) -> None:
    an_organisation(session, "Fen Edge").company_number = "01234567"
    an_organisation(session, "Sea View")
    session.flush()
    for words in ("fen", "1234567", "01234567"):
        assert [one.name for one in find_organisations(session, ListQuery(words)).rows] == ["Fen Edge"]
    assert len(find_organisations(session, ListQuery()).rows) == 2


def test_nothing_is_kept_longer_than_the_installation_says() -> None:
    assert list(years_offered(3)) == [1, 2, 3]


def test_invitations_of_all_organisations_are_listed(session: Session, now: datetime) -> None:
    farm = an_organisation(session, "Fen Edge")
    invite_member(session, farm, "kim@farm.example", frozenset({Role.SIGNER}), "https://x", now, secret="secret")
    found = find_invitations(session, ListQuery("KIM"), now)
    assert organisation_names(session, found.rows) == {farm.id: "Fen Edge"}
    assert find_invitations(session, ListQuery("kim"), now.replace(year=2027)).rows == []


def test_blanks_between_the_words_do_not_matter() -> None:
    assert parse_list_query("  a   b ", 2) == ListQuery("a b", 2)


@pytest.mark.both_databases
def test_a_character_that_no_database_holds_finds_what_a_blank_finds(session: Session, now: datetime) -> None:
    query = parse_list_query("farm\0one", 1)
    assert query == parse_list_query("farm one", 1)
    assert not find_people(session, query).rows
    assert not find_organisations(session, query).rows
    assert not find_invitations(session, query, now).rows


def test_a_hundred_rows_at_a_time(session: Session) -> None:
    for number in range(PAGE_SIZE + 1):
        a_person(session, f"p{number:03}@farm.example")
    statement = select(Person).order_by(Person.email)
    first, second, third = (fetch_page(session, statement, page, PAGE_SIZE) for page in (1, 2, 3))
    assert [len(one.rows) for one in (first, second)] == [100, 1]
    assert third == second, "beyond the last page is the last"
    assert (first.before, first.after, second.before, second.after) == (None, 2, 1, None)


def test_people_are_found_by_a_part_of_address_or_name(session: Session) -> None:
    a_person(session, "ann@farm.example", name="Ann O’Neil")
    a_person(session, "100%@farm.example")
    a_person(session, "bob@hotel.example")
    assert [one.email for one in find_people(session, ListQuery("FARM")).rows] == [
        "100%@farm.example",
        "ann@farm.example",
    ]
    assert [one.email for one in find_people(session, ListQuery("neil")).rows] == ["ann@farm.example"]
    assert [one.email for one in find_people(session, ListQuery("%")).rows] == ["100%@farm.example"]
    assert len(find_people(session, ListQuery()).rows) == 3


def test_one_is_seen_with_what_they_do_and_without_secrets(session: Session, now: datetime) -> None:
    ann = a_person(session, "ann@farm.example")
    ann.password_hash = "$argon2id$secret"
    farm = an_organisation(session, "Fen Edge", manager=ann, signer=ann)
    seen = get_person_details(session, ann.id, now)
    assert seen.roles == [(farm.id, "Fen Edge", {Role.MANAGER, Role.SIGNER})]
    assert "secret" not in repr(seen)
    with pytest.raises(PersonUnknownError):
        get_person_details(session, uuid.UUID(int=5), now)


def test_whoever_is_disabled_has_no_link_left(session: Session, now: datetime) -> None:
    ann = a_person(session, "ann@farm.example")
    token = one_time_tokens.issue_token(session, "reset", ann.email, now, lasts=timedelta(hours=1), person_id=ann.id)
    disable_account(session, ann.id, ann.id, now)
    assert ann.disabled_at == now
    with pytest.raises(LinkUnknownError):
        one_time_tokens.find_token(session, "reset", token, now)
    enable_account(session, ann.id, ann.id, now)
    assert ann.disabled_at is None


def test_signing_somebody_out_everywhere_ends_the_links_their_browsers_asked_for(
    session: Session, now: datetime
) -> None:
    ann, bob = a_person(session, "ann@farm.example"), a_person(session, "bob@farm.example")
    tokens = [
        one_time_tokens.issue_token(
            session, kind, one.email, now, lasts=timedelta(hours=1), person_id=one.id, about=uuid.uuid4()
        )
        for one in (ann, bob)
        for kind in (NEW_EMAIL_KIND, PROVE_KIND, RESET_KIND)
    ]
    end_all_login_sessions(session, ann.id)
    for kind, token in zip((NEW_EMAIL_KIND, PROVE_KIND, RESET_KIND), tokens[:3], strict=True):
        with pytest.raises(LinkUnknownError):
            one_time_tokens.find_token(session, kind, token, now)
    assert one_time_tokens.find_token(session, RESET_KIND, tokens[5], now).person_id == bob.id


def desk_pages(app: Flask, town: Town) -> Mapping[str, list[str]]:
    """Every page of the desk by its method, about things that are there."""
    values: dict[str, Any] = {
        "organisation_id": town.farm.id,
        "person_id": town.ann.id,
        "invitation_id": uuid.UUID(int=4),
        "pause_id": uuid.UUID(int=4),
    }
    found: dict[str, list[str]] = {"GET": [], "POST": []}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            for method in (rule.methods or set()) & {"GET", "POST"}:
                if route_permission(app, rule.endpoint, method) == "desk.administer":
                    given = {key: values[key] for key in rule.arguments}
                    found[method].append(app.url_map.bind("localhost").build(rule.endpoint, given))
    return found


@pytest.mark.parametrize("who", ["nobody", "manager", "buyer", "coordinator", "one step only"])
def test_nobody_but_an_administrator_with_a_second_step_opens_the_staff_area(
    app: Flask, visit: Visitor, town: Town, who: str
) -> None:
    with database_of(app).writing() as session:
        cora = a_person(session, "cora@desk.example", desk="coordinator")
    people = {"manager": town.ann, "buyer": town.bea, "coordinator": cora, "one step only": town.ada}
    if who in people:
        sign_in(visit, app, people[who], second_step=who != "one step only")
    pages = desk_pages(app, town)
    assert len(pages["GET"]) >= 9
    assert len(pages["POST"]) >= 7
    away = {"nobody": "/sign-in", "one step only": "/account/second-steps"}
    for path in pages["GET"]:
        page = visit(path, follow=False)
        if who in away:
            assert page.headers["Location"].startswith(away[who]), path
        else:
            assert page.status == 404, path
    visit("/start")
    token = visit("/start?bank=farming").fields()["csrf_token"][0]
    for path in pages["POST"]:
        sent = visit.client.post(path, data={"csrf_token": token, "name": "Fen Edge", "desk": "none"})
        assert sent.status_code in {302, 303, 404}, path
        assert sent.status_code == 404 or sent.headers["Location"].startswith(away.get(who, "nowhere")), path


def test_all_links_of_the_staff_area_open(app: Flask, as_ada: Visitor, town: Town) -> None:
    for path in desk_pages(app, town)["GET"]:
        assert as_ada(path).status == 200, path


def test_an_administrator_opens_nothing_of_an_organisation(as_ada: Visitor, town: Town) -> None:
    for end in ("", "/details", "/plans", "/export", "/export.zip"):
        assert as_ada(f"/organisations/{town.farm.id}{end}").status == 404


def test_an_invitation_is_withdrawn_in_the_staff_area(app: Flask, as_ada: Visitor, town: Town) -> None:
    with database_of(app).writing() as session:
        invite_member(
            session,
            town.farm,
            "kim@farm.example",
            frozenset({Role.SIGNER}),
            "https://x",
            app.config["CLOCK"](),
            secret="secret",
        )
    page = as_ada("/staff/invitations?q=KIM")
    assert "kim@farm.example" in page.text
    assert "Fen Edge" in page.text
    assert "kim@farm.example" not in as_ada.send("/withdraw").text


def of(app: Flask, town: Town) -> Organisation | None:
    with database_of(app).reading() as session:
        return session.get(Organisation, town.farm.id)


def test_years_are_chosen_from_what_the_installation_allows(app: Flask, as_ada: Visitor, town: Town) -> None:
    here = f"/staff/organisations/{town.farm.id}"
    as_ada(here)
    assert as_ada.send("/retention", years="2").status == 200
    found = of(app, town)
    assert found is not None
    assert found.keep_years == 2
    for odd in ("7", "0", "-1", "2.5", "\u0662", "two", ""):
        assert as_ada.send("/retention", years=odd).status == 422, odd
    assert found.keep_years == 2
    assert as_ada.send("/retention", years="all").status == 200
    found = of(app, town)
    assert found is not None
    assert found.keep_years is None


def test_the_export_in_the_staff_area_holds_people_and_no_answer(as_ada: Visitor, town: Town) -> None:
    answer = as_ada.client.get(f"/staff/organisations/{town.farm.id}/export.zip")
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        assert archive.namelist() == ["organisation.json"]
        data = json.loads(archive.read("organisation.json"))
    assert data["people"][0]["email"] == "ann@farm.example"
    assert set(data) == {
        "id", "name", "company_number", "domain", "name_state", "name_confirmed_how", "name_confirmed_domains",
        "name_confirmed_until", "keep_years", "made_at", "sites", "people", "invitations",
    }  # fmt: skip


def test_an_organisation_is_deleted_with_its_name_typed(app: Flask, as_ada: Visitor, town: Town) -> None:
    as_ada(f"/staff/organisations/{town.farm.id}/delete")
    assert as_ada.send(name="Fen").status == 422
    assert of(app, town) is not None
    page = as_ada.send(name="Fen Edge")
    assert page.heading == "Organisations"
    assert "Fen Edge" not in page.text
    assert of(app, town) is None
    assert as_ada(f"/staff/organisations/{town.farm.id}").status == 404


def of_people(app: Flask, person: Person) -> Person:
    with database_of(app).reading() as session:
        return session.get_one(Person, person.id)


def test_whoever_is_disabled_or_signed_out_opens_nothing_at_the_next_request(
    app: Flask, as_ada: Visitor, another_visit: Visitor, town: Town
) -> None:
    farm = f"/organisations/{town.farm.id}"
    for end in ("/sign-out", "/disable"):
        sign_in(another_visit, app, town.ann)
        assert another_visit(farm).status == 200
        as_ada(f"/staff/people/{town.ann.id}")
        page = as_ada.send(end)
        assert page.status == 200
        assert (
            page.soup.select_one("main [role=status]")
            .get_text(strip=True)
            .startswith({"/sign-out": "Signed out everywhere", "/disable": "You disabled this account"}[end])
        )
        assert another_visit(farm, follow=False).headers["Location"].startswith("/sign-in")
    sign_in(another_visit, app, town.ann)
    assert another_visit(farm, follow=False).headers["Location"].startswith("/sign-in")
    as_ada(f"/staff/people/{town.ann.id}")
    as_ada.send("/enable")
    sign_in(another_visit, app, town.ann)
    assert another_visit(farm).status == 200


@pytest.mark.parametrize("desk", ["coordinator", "administrator"])
def test_a_staff_role_is_given_but_not_to_a_buyer(app: Flask, as_ada: Visitor, town: Town, desk: str) -> None:
    as_ada(f"/staff/people/{town.ann.id}/role")
    assert as_ada.send(desk=desk).status == 200
    assert of_people(app, town.ann).desk is StaffRole(desk)
    as_ada(f"/staff/people/{town.bea.id}/role")
    page = as_ada.send(desk=desk)
    assert (page.status, BUYER_OR_STAFF in page.text) == (422, True)
    assert of_people(app, town.bea).desk is None
    as_ada(f"/staff/people/{town.bea.id}/role")
    assert as_ada.send(desk="king").status == 422


def test_nobody_shuts_themselves_out(app: Flask, as_ada: Visitor, town: Town) -> None:
    as_ada(f"/staff/people/{town.ada.id}/role")
    page = as_ada.send(desk="none")
    assert (page.status, NOT_YOURSELF in page.text) == (422, True)
    token = page.fields()["csrf_token"][0]
    sent = as_ada.client.post(f"/staff/people/{town.ada.id}/disable", data={"csrf_token": token})
    assert sent.status_code == 422
    assert of_people(app, town.ada).disabled_at is None


def test_grave_acts_ask_who_it_is_when_that_was_long_ago(app: Flask, as_ada: Visitor, town: Town) -> None:
    token = as_ada(f"/staff/people/{town.ann.id}/role").fields()["csrf_token"][0]
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=16)
    for end in ("/role", "/disable", "/enable"):
        sent = as_ada.client.post(
            f"/staff/people/{town.ann.id}{end}", data={"csrf_token": token, "desk": "coordinator"}
        )
        assert Page(sent).heading == "Prove that it is you", end
    assert (of_people(app, town.ann).desk, of_people(app, town.ann).disabled_at) == (None, None)
