from __future__ import annotations

import json
import re
import threading
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click import ClickException
from sqlalchemy import Uuid, event, make_url, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from assess.app import create_app, prepare
from assess.assessments.links import make_buyer_link, make_resume_link
from assess.assessments.models import Assessment
from assess.assessments.services import save_answers, start_assessment
from assess.assessments.submissions import submit_assessment
from assess.cli.serve import prepare_and_report
from assess.core.config import BadSettingsError, Settings
from assess.core.db import Base, Database
from assess.core.forms.fields import EmailField
from assess.core.links import LinkUnknownError
from assess.core.models import OutgoingMail
from assess.identity.accounts.services import AccountEmailField
from assess.identity.models import Membership, OneTimeToken, Organisation, Person, Role, Site, StaffRole
from assess.identity.organisations import services as organisations_services
from assess.identity.organisations.services import (
    INVITATION_MAILS,
    NAME_DOES_NOT_MATCH,
    ROLE_LABELS,
    ROLE_MISSING,
    AlreadyMemberError,
    BuyerAndStaffError,
    ConflictOfInterestError,
    DuplicateSiteError,
    InvitationUnknownError,
    LastManagerError,
    MemberUnknownError,
    SiteUnknownError,
    TooManySitesError,
    TypedAgainField,
    add_roles,
    add_site,
    change_roles,
    create_organisation,
    delete_expired_invitations,
    delete_organisation,
    find_invitation,
    get_invitation,
    get_organisations,
    get_roles,
    invite_member,
    list_members,
    list_sites,
    open_invitations,
    organisation_as_data,
    remove_membership,
    remove_site,
    rename_site,
    require_no_conflicts,
    require_roles_allowed,
    require_staff_role_allowed,
    role_labels,
)
from assess.identity.organisations.views_invitations import InvitationForm
from tests.conftest import TODAY
from tests.identity.accounts_factory import a_person, an_organisation, confirm_name


def test_a_form_says_what_is_wrong_with_each_field() -> None:
    asked = InvitationForm().read(MultiDict({"email": "nobody"}))
    assert list(asked.errors.items()) == [("email", EmailField.wanted), ("roles", ROLE_MISSING)]
    assert asked.typed["email"] == "nobody"
    assert list(InvitationForm().read(MultiDict({"email": "a@b.example", "roles": "king"})).errors) == ["roles"]


def test_a_sound_form_has_no_fault() -> None:
    asked = InvitationForm().read(MultiDict({"email": "a@b.example", "roles": ["signer", "buyer"]}))
    assert asked.values == {"email": "a@b.example", "roles": [Role.SIGNER, Role.BUYER]}


CANARY = "Blue Tin Growers of Canary Fen"
RECORD: dict[str, Any] = {
    "engine": 1,
    "edition": {"bank": "farming"},
    "result": {"score": 11.0, "band": "low"},
    "text": "",
    "actions": [],
    "duties": [],
}


def an_organisation_with_all(session: Session, name: str, edition_id: int, now: datetime) -> uuid.UUID:
    person = a_person(session, f"m{uuid.uuid4().hex[:6]}@farm.example")
    made = an_organisation(session, name, manager=person, respondent=person)
    site = add_site(session, made.id, f"{name} north", now)
    # so many that some stand on pages of their own
    for number in range(30):
        invite_member(
            session, made, f"kim{number}@canary.example", frozenset({Role.SIGNER}), "https://x", now, secret="secret"
        )
    begun = start_assessment(session, edition_id, quick=False, now=now)
    session.get_one(Assessment, begun.id).organisation_id = made.id
    session.get_one(Assessment, begun.id).site_id = site.id
    save_answers(session, begun.id, {"q": name, "r": name * 200}, {}, now)
    make_buyer_link(
        session, submit_assessment(session, begun.id, lambda _said: {**RECORD, "text": name}, now), now, note=name
    )
    make_resume_link(session, begun.id, now)
    return made.id


def ids_in(session: Session) -> dict[str, set[uuid.UUID]]:
    """Every id that stands in any column of any table."""
    found: dict[str, set[uuid.UUID]] = {}
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if isinstance(column.type, Uuid)]
        for row in session.execute(select(*columns)) if columns else []:
            found.setdefault(table.name, set()).update(value for value in row if value)
    return found


@pytest.mark.both_databases
def test_no_row_and_no_word_is_left(
    database: Database, session: Session, edition_id: int, now: datetime, database_url: str
) -> None:
    goes = an_organisation_with_all(session, CANARY, edition_id, now)
    stays = an_organisation_with_all(session, "Neighbours", edition_id, now)
    gone_ids = {goes, *session.scalars(select(Site.id).where(Site.organisation_id == goes))}
    gone_ids |= set(session.scalars(select(Assessment.id).where(Assessment.organisation_id == goes)))
    session.commit()
    before = ids_in(session)
    assert {"assessment", "answer", "membership", "site", "member_invitation", "one_time_token"} <= {
        table for table, ids in before.items() if ids & gone_ids
    }
    people = len(session.scalars(select(Person)).all())
    session.rollback()
    with database.writing() as writing:
        delete_organisation(writing, writing.get_one(Organisation, goes))
    assert {table: ids & gone_ids for table, ids in ids_in(session).items() if ids & gone_ids} == {}
    assert session.get(Organisation, stays) is not None
    assert len(session.scalars(select(Membership)).all()) == 2
    assert len(session.scalars(select(Person)).all()) == people, "people keep their accounts"
    session.rollback()
    if database.engine.dialect.name == "sqlite":
        path = Path(str(make_url(database_url).database))
        kept = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
        assert CANARY.encode() not in kept
        assert kept.count(b"Neighbours") > 0, "the control: what stays can be found so"


@pytest.mark.both_databases
def test_the_name_has_to_be_typed() -> None:
    farm = Organisation(name="Fen Edge", made_at=TODAY)
    again = TypedAgainField(farm.name)
    assert again.read(" fen  EDGE ")[1] == ""
    assert again.read("Fen")[1] == again.read("")[1] == NAME_DOES_NOT_MATCH


def test_it_is_all_there_and_nothing_of_others(session: Session, now: datetime) -> None:
    ann, hal = a_person(session, "ann@farm.example", name="Ann"), a_person(session, "hal@hotel.example")
    farm = an_organisation(session, "Fen Edge", manager=ann, signer=ann)
    hotel = an_organisation(session, "Sea View", manager=[hal, ann])
    for place in (farm, hotel):
        add_site(session, place.id, f"North of {place.name}", now)
        invite_member(
            session,
            place,
            f"kim@{place.name.split()[0].lower()}.example",
            frozenset({Role.BUYER}),
            "https://x",
            now,
            secret="secret",
        )
    data = organisation_as_data(session, farm, now)
    text = json.dumps(data)
    assert data["people"] == [{"email": "ann@farm.example", "name": "Ann", "roles": ["manager", "signer"]}]
    assert [site["name"] for site in data["sites"]] == ["North of Fen Edge"]
    assert [(one["email"], one["roles"]) for one in data["invitations"]] == [("kim@fen.example", ["buyer"])]
    assert "Sea View" not in text
    assert "hal@" not in text
    assert "hash" not in text


BASE = "https://assess.example"
SIGNS = frozenset({Role.SIGNER})


def token_of(session: Session) -> str:
    found = re.search(
        r"/join/(\S{43})", session.scalars(select(OutgoingMail.body).order_by(OutgoingMail.id.desc())).first() or ""
    )
    assert found
    return found.group(1)


def test_a_name_nobody_confirmed_stands_in_no_mail_and_another_makes_no_link(session: Session, now: datetime) -> None:
    farm = an_organisation(session, "Win at evil.example")
    invite_member(session, farm, "jo@farm.example", SIGNS, BASE, now, secret="secret")
    unconfirmed = session.scalars(select(OutgoingMail)).one()
    assert "Somebody asks you to join their organisation" in unconfirmed.body
    assert "Win" not in unconfirmed.body + unconfirmed.subject
    session.delete(unconfirmed)
    confirm_name(farm, "farm.example")
    invite_member(session, farm, "kim@farm.example", SIGNS, BASE, now, secret="secret")
    mail = session.scalars(select(OutgoingMail)).one()
    assert "“Win at evil. example”" in mail.body
    assert mail.body.count("://") == 2, "to join, and to be asked no more"
    assert mail.stop == f"{BASE}{INVITATION_MAILS.unsubscribe_path('kim@farm.example', 'secret')}"
    assert "signs" not in mail.subject.lower()
    assert "slavery" not in (mail.subject + mail.body).lower()


def test_the_same_is_asked_of_the_database_whoever_is_invited(database: Database, now: datetime) -> None:
    """What is not looked up can take no other time."""
    asked: dict[str, list[str]] = {}
    with database.writing() as session:
        farm = an_organisation(session, "Fen Edge", signer=a_person(session, "sue@farm.example"))
        a_person(session, "known@farm.example")
        a_person(session, "desk@farm.example", desk="coordinator")
        a_person(session, "shut@farm.example").disabled_at = now
        session.flush()
        invite_member(
            session, farm, "first@farm.example", frozenset(Role), BASE, now, secret="secret"
        )  # the first mail of all begins the count of mails
        said: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda _c, _k, statement, *_more: said.append(statement))
        for name in ("known", "none", "desk", "shut"):
            said.clear()
            invite_member(session, farm, f"{name}@farm.example", frozenset(Role), BASE, now, secret="secret")
            asked[name] = list(said)
    assert asked["none"]
    assert asked["known"] == asked["desk"] == asked["shut"] == asked["none"]
    assert not [statement for statement in asked["known"] if "person.email =" in statement]


def test_an_address_is_taken_as_accounts_have_it() -> None:
    assert AccountEmailField().read(" Kim@Farm.Example ") == ("kim@farm.example", "")


def test_inviting_again_leaves_one_invitation_and_one_link(session: Session, now: datetime) -> None:
    farm = an_organisation(session, "Farm", signer=a_person(session, "sue@farm.example"))
    invite_member(session, farm, "kim@farm.example", SIGNS, BASE, now, secret="secret")
    first = token_of(session)
    again = invite_member(
        session, farm, "kim@farm.example", frozenset({Role.MANAGER, Role.BUYER}), BASE, now, secret="secret"
    )
    assert again.as_roles == {Role.MANAGER, Role.BUYER}
    assert open_invitations(session, farm.id, now) == [again]
    with pytest.raises(LinkUnknownError):
        find_invitation(session, first, now)
    assert find_invitation(session, token_of(session), now) == (farm, again)
    with pytest.raises(AlreadyMemberError):
        invite_member(session, farm, "sue@farm.example", SIGNS, BASE, now, secret="secret")


def test_invitations_of_another_organisation_are_not_there(session: Session, now: datetime) -> None:
    farm, hotel = an_organisation(session, "Farm"), an_organisation(session, "Hotel")
    one = invite_member(session, farm, "kim@farm.example", SIGNS, BASE, now, secret="secret")
    invite_member(session, hotel, "kim@farm.example", SIGNS, BASE, now, secret="secret")
    assert len(session.scalars(select(OneTimeToken)).all()) == 2, "each has its own link"
    with pytest.raises(InvitationUnknownError):
        get_invitation(session, hotel.id, one.id)


def test_what_nobody_accepted_in_time_is_deleted(session: Session, now: datetime) -> None:
    farm = an_organisation(session, "Farm")
    invite_member(session, farm, "kim@farm.example", SIGNS, BASE, now, secret="secret")
    delete_expired_invitations(session, now + timedelta(days=6))
    assert open_invitations(session, farm.id, now)
    delete_expired_invitations(session, now + timedelta(days=7))
    assert not open_invitations(session, farm.id, now)


@pytest.mark.both_databases
def test_whoever_begins_one_is_its_first_member(session: Session, now: datetime) -> None:
    ann = a_person(session, "ann@farm.example")
    made = create_organisation(session, "Fen Edge", "01234567", ann.id, now)
    (only,) = list_members(session, made.id)
    assert (only.shown, only.roles) == ("ann@farm.example", {Role.MANAGER, Role.RESPONDENT})
    assert get_organisations(session, [made.id]) == [made]
    assert role_labels(only.roles, ROLE_LABELS) == ["Manager", "Answers and follows the plan"]


@pytest.mark.both_databases
def test_sites_stay_with_their_organisation(session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, theirs = an_organisation(session, "Mine"), an_organisation(session, "Theirs")
    north = add_site(session, mine.id, "North", now)
    add_site(session, theirs.id, "north", now)
    with pytest.raises(DuplicateSiteError):
        add_site(session, mine.id, "NORTH", now)
    rename_site(session, mine.id, north.id, "north")
    with pytest.raises(SiteUnknownError):
        rename_site(session, theirs.id, north.id, "Stolen")
    with pytest.raises(SiteUnknownError):
        remove_site(session, theirs.id, north.id)
    monkeypatch.setattr(organisations_services, "MAX_SITES", 1)
    with pytest.raises(TooManySitesError):
        add_site(session, mine.id, "South", now)
    remove_site(session, mine.id, north.id)
    assert list_sites(session, mine.id) == []
    assert len(list_sites(session, theirs.id)) == 1


M, R, S = Role.MANAGER, Role.RESPONDENT, Role.SIGNER


@pytest.mark.both_databases
def test_roles_are_exactly_what_was_said(session: Session, now: datetime) -> None:
    ann, bob, eve = (a_person(session, f"{name}@farm.example") for name in ("ann", "bob", "eve"))
    farm = an_organisation(session, "Farm", manager=ann, respondent=bob)
    change_roles(session, farm.id, bob.id, frozenset({M, S}), now)
    assert get_roles(session, farm.id, bob.id) == {M, S}
    change_roles(session, farm.id, ann.id, frozenset({R}), now)
    assert get_roles(session, farm.id, ann.id) == {R}
    with pytest.raises(MemberUnknownError):
        change_roles(session, farm.id, eve.id, frozenset({M}), now)
    with pytest.raises(MemberUnknownError):
        remove_membership(session, farm.id, eve.id, TODAY)
    add_roles(session, farm.id, ann.id, frozenset({R, S}), now)
    assert get_roles(session, farm.id, ann.id) == {R, S}


@pytest.mark.both_databases
def test_a_disabled_manager_manages_nothing(session: Session, now: datetime) -> None:
    ann, bob = a_person(session, "ann@farm.example"), a_person(session, "bob@farm.example")
    farm = an_organisation(session, "Farm", manager=[ann, bob])
    bob.disabled_at = now
    session.flush()
    with pytest.raises(LastManagerError):
        remove_membership(session, farm.id, ann.id, TODAY)
    with pytest.raises(LastManagerError):
        change_roles(session, farm.id, ann.id, frozenset({S}), now)


@pytest.mark.both_databases
def test_of_two_managers_who_remove_each_other_one_stays(database: Database) -> None:
    with database.writing() as session:
        ann, bob = a_person(session, "ann@farm.example"), a_person(session, "bob@farm.example")
        farm = an_organisation(session, "Farm", manager=[ann, bob])
    gate = threading.Barrier(2)
    failed: list[str] = []

    def take(whom: str) -> None:
        gate.wait()
        try:
            with database.writing() as session:
                remove_membership(session, farm.id, ann.id if whom == "ann" else bob.id, TODAY)
        except LastManagerError:
            failed.append(whom)

    threads = [threading.Thread(target=take, args=(whom,)) for whom in ("ann", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 1


OPEN = Settings(env="development", operator_name="A network")
BY_BUYER = Settings(env="development", operator_name="Big Shop", run_by_buyer=True)
WITH_DESK = Settings(env="development", operator_name="Big Shop", run_by_buyer=True, independent_desk="A charity")


def test_a_buyer_gets_no_staff_role_and_staff_buy_nothing(session: Session) -> None:
    bea, cora = a_person(session, "bea@shop.example"), a_person(session, "cora@desk.example", desk="coordinator")
    an_organisation(session, "Big Shop", buyer=bea)
    for desk in StaffRole:
        with pytest.raises(BuyerAndStaffError):
            require_staff_role_allowed(session, bea, desk, OPEN)
    with pytest.raises(BuyerAndStaffError):
        require_roles_allowed(cora, {Role.SIGNER, Role.BUYER})
    require_roles_allowed(cora, {Role.MANAGER, Role.RESPONDENT, Role.SIGNER})
    require_staff_role_allowed(session, cora, StaffRole.ADMINISTRATOR, OPEN)


def test_a_buyer_that_runs_it_has_coordinators_only_at_an_independent_desk(session: Session) -> None:
    ann = a_person(session, "ann@shop.example")
    with pytest.raises(BuyerAndStaffError, match="independent desk"):
        require_staff_role_allowed(session, ann, StaffRole.COORDINATOR, BY_BUYER)
    require_staff_role_allowed(session, ann, StaffRole.ADMINISTRATOR, BY_BUYER)
    require_staff_role_allowed(session, ann, StaffRole.COORDINATOR, WITH_DESK)
    a_person(session, "cora@desk.example", desk="coordinator")
    require_no_conflicts(session, OPEN)
    require_no_conflicts(session, WITH_DESK)
    with pytest.raises(ConflictOfInterestError, match="1 of its people"):
        require_no_conflicts(session, BY_BUYER)


def test_the_independent_desk_is_not_the_buyer_itself() -> None:
    with pytest.raises(BadSettingsError, match="somebody apart"):
        Settings(env="development", operator_name="Big Shop", run_by_buyer=True, independent_desk="big  shop")


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO membership SELECT person.id, organisation.id, person.id, 'buyer', person.made_at FROM person, organisation WHERE desk IS NOT NULL",
        "UPDATE membership SET role = 'buyer' WHERE role = 'signer'",
        "UPDATE membership SET person_id = (SELECT id FROM person WHERE desk IS NOT NULL) WHERE role = 'buyer'",
        "UPDATE person SET desk = 'coordinator' WHERE email LIKE 'bea%'",
    ],
)
def test_the_database_refuses_it_whatever_writes(database: Database, statement: str) -> None:
    with database.writing() as session:
        bea, cora = a_person(session, "bea@shop.example"), a_person(session, "cora@desk.example", desk="administrator")
        an_organisation(session, "Big Shop", buyer=bea, signer=cora)
    with database.new_session(writes=True) as session, pytest.raises(IntegrityError, match="has a desk here"):
        session.execute(text(statement))
    with database.writing() as session:  # the control: each half alone is well
        session.execute(text("UPDATE membership SET role = 'manager' WHERE role = 'signer'"))
        session.execute(text("UPDATE person SET desk = 'coordinator' WHERE email LIKE 'cora%'"))


@pytest.mark.both_databases
def test_of_two_that_mix_at_the_same_moment_one_fails(database: Database, now: datetime) -> None:
    """Both look before either writes: only the database can see it."""
    with database.writing() as session:
        kim = a_person(session, "kim@shop.example")
        shop = an_organisation(session, "Big Shop", signer=kim)
    gate = threading.Barrier(2)
    failed: list[str] = []

    def give(what: str) -> None:
        gate.wait()
        try:
            with database.writing() as session:
                if what == "desk":
                    session.execute(text("UPDATE person SET desk = 'coordinator'"))
                else:
                    session.add(Membership(organisation_id=shop.id, person_id=kim.id, role=Role.BUYER, made_at=now))
        except DBAPIError:
            failed.append(what)

    threads = [threading.Thread(target=give, args=(what,)) for what in ("desk", "role")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(failed) == 1
    with database.reading() as look:
        require_no_conflicts(look, OPEN)
        assert (look.get_one(Person, kim.id).desk is None) == (failed == ["desk"])


def without_triggers(url: str) -> None:
    """A database somebody mixed by hand, past the triggers."""
    database = Database(url)
    with database.writing() as session:
        bea = a_person(session, "bea@shop.example")
        an_organisation(session, "Big Shop", buyer=bea)
        on = "" if database.engine.dialect.name == "sqlite" else " ON person"
        session.execute(text(f"DROP TRIGGER person_apart{on}"))
        session.execute(text("UPDATE person SET desk = 'administrator'"))
        assert session.scalar(select(Person.desk)) is StaffRole.ADMINISTRATOR
    database.close()


@pytest.mark.both_databases
def test_no_site_starts_on_mixed_data(banks_url: str, tmp_path: Path, now: datetime) -> None:
    without_triggers(banks_url)
    settings = Settings(env="development", database_url=banks_url, data_folder=tmp_path, operator_name="A network")
    with pytest.raises(ConflictOfInterestError, match="1 of the staff") as said:
        prepare(settings, clock=lambda: now)
    assert "bea" not in str(said.value), "it goes to a log"
    with pytest.raises(ConflictOfInterestError):
        create_app(settings)
    with pytest.raises(ClickException, match="Take one of both"):
        prepare_and_report(settings)


def test_no_site_starts_that_a_buyer_runs_with_coordinators_of_its_own(
    banks_url: str, tmp_path: Path, now: datetime
) -> None:
    database = Database(banks_url)
    with database.writing() as session:
        a_person(session, "cora@shop.example", desk="coordinator")
    database.close()
    settings = Settings(
        env="development", database_url=banks_url, data_folder=tmp_path, operator_name="Big Shop", run_by_buyer=True
    )
    with pytest.raises(ConflictOfInterestError, match="ASSESS_INDEPENDENT_DESK"):
        prepare(settings, clock=lambda: now)
