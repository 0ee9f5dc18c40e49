"""Every way in which the state of a name changes, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.kit.clock import date_at
from assess.kit.events import on
from assess.kit.mail.models import Outgoing
from assess.people.accounts.deleting import delete_account
from assess.people.accounts.people import change_email, disable, make_person
from assess.people.models import Membership, Method, NameState, Organisation, Person, Role
from assess.people.organisations.events import NameRevoked
from assess.people.organisations.keeping import begin
from assess.people.organisations.members import give_roles, remove
from assess.people.organisations.models import NameDeed, PostedCode
from assess.people.organisations.name_endings import see_to_names
from assess.people.organisations.names import (
    BelongedError,
    Confirmation,
    EvidenceError,
    NotNowError,
    ask,
    belonged,
    confirm,
    decisions_of,
    enter_code,
    give_number,
    is_confirmed,
    is_limited,
    lift_limit,
    lift_suspension,
    make_code,
    prove_domain,
    refuse,
    rename,
    standing_of,
    state_on,
    suspend,
)
from tests.conftest import TODAY
from tests.listed_instead import list_instead
from tests.people.persons import a_person

NETWORK = "Eastshire Anti-Slavery Network"
DAY = date_at(TODAY)


@pytest.fixture
def ada(session: Session) -> Person:
    return a_person(session, "ada@desk.example", desk="administrator")


@pytest.fixture
def ann(session: Session) -> Person:
    return a_person(session, "ann@fenedge.example")


@pytest.fixture
def farm(session: Session, ann: Person) -> Organisation:
    return begin(session, "Fen Edge", None, ann.id, TODAY)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[NameState]]:
    """The states in which others were told of the end of a name."""
    told: list[NameState] = []
    list_instead(monkeypatch, on(NameRevoked, lambda _session, event: told.append(event.organisation.name_state)))
    return iter([told]).__next__()


def said(
    by: Person | None, how: Method = Method.CALLED_BACK, *domains: str, words: str = "In the phone book"
) -> Confirmation:
    return Confirmation(how, words, domains, by, NETWORK)


def later(**span: int) -> datetime:
    return TODAY + timedelta(**span)


def test_a_name_is_asked_for_confirmed_and_counts_for_two_years(
    session: Session, farm: Organisation, ann: Person, ada: Person
) -> None:
    assert standing_of(session, farm, DAY).state is NameState.UNCONFIRMED
    ask(session, farm, ann, TODAY)
    with pytest.raises(NotNowError):
        ask(session, farm, ann, TODAY)
    assert standing_of(session, farm, DAY).state is NameState.WAITING
    confirm(session, farm, said(ada, Method.CALLED_BACK, "fenedge.example"), TODAY)
    found = standing_of(session, farm, DAY)
    assert (found.state, found.how, found.domains) == (NameState.CONFIRMED, Method.CALLED_BACK, ("fenedge.example",))
    assert (found.confirmed_by_words, found.since, found.until) == (NETWORK, DAY, date(2028, 11, 24))
    assert standing_of(session, farm, date(2028, 11, 23)).state is NameState.CONFIRMED
    over = standing_of(session, farm, date(2028, 11, 24))
    assert (over.state, over.domains, over.how, over.confirmed_by_words) == (NameState.UNCONFIRMED, (), None, None)
    assert [one.deed for one in decisions_of(session, farm)] == [NameDeed.CONFIRMED, NameDeed.ASKED]
    assert decisions_of(session, farm)[0].words == "In the phone book"


def test_confirming_again_renews_it_and_keeps_since_when(session: Session, farm: Organisation, ada: Person) -> None:
    confirm(session, farm, said(ada), TODAY)
    confirm(session, farm, said(ada, Method.KNOWN), later(days=400))
    assert (farm.name_since, farm.name_until) == (DAY, date(2029, 12, 29))


def test_a_refused_name_can_be_asked_for_again(
    session: Session, farm: Organisation, ann: Person, ada: Person, heard: list[NameState]
) -> None:
    with pytest.raises(NotNowError):
        refuse(session, farm, "Nobody answers there.", ada, TODAY)
    ask(session, farm, ann, TODAY)
    refuse(session, farm, "Nobody answers there.", ada, TODAY)
    assert (farm.name_state, heard) == (NameState.REFUSED, [NameState.REFUSED])
    ask(session, farm, ann, later(days=1))
    assert farm.name_state is NameState.WAITING


def test_a_name_once_refused_sends_nothing_while_it_waits_again(session: Session, ada: Person) -> None:
    kim = a_person(session, "kim@eastshire.gov.uk")
    council = begin(session, "Eastshire County Council", None, kim.id, TODAY)
    prove_domain(council, kim.email)
    ask(session, council, kim, TODAY)
    assert not standing_of(session, council, DAY).ever_refused
    refuse(session, council, "Nobody knows them there.", ada, TODAY)
    for name in ("Eastshire County Council", "Eastshire Borough Council"):
        rename(session, council, name, TODAY)
        ask(session, council, kim, TODAY)
        found = standing_of(session, council, DAY)
        assert (found.state, found.ever_refused, found.government_domain) == (NameState.WAITING, True, None)


@pytest.mark.parametrize("state", [one for one in NameState if one is not NameState.SUSPENDED])
def test_any_name_can_be_suspended_and_within_thirty_days_all_is_as_before(
    session: Session, farm: Organisation, ada: Person, heard: list[NameState], state: NameState
) -> None:
    if state is NameState.CONFIRMED:
        confirm(session, farm, said(ada), TODAY)
    farm.name_state = state
    suspend(session, farm, "Somebody rang us.", ada, TODAY)
    assert (state_on(farm, DAY), heard) == (NameState.SUSPENDED, [NameState.SUSPENDED])
    for refused in (
        lambda: suspend(session, farm, "Again", ada, TODAY),
        lambda: ask(session, farm, None, TODAY),
        lambda: confirm(session, farm, said(ada), TODAY),
    ):
        with pytest.raises(NotNowError):
            refused()
    lift_suspension(session, farm, "A mistake", ada, later(days=29))
    assert farm.name_state is state
    with pytest.raises(NotNowError):
        lift_suspension(session, farm, "A mistake", ada, later(days=29))


def test_after_thirty_days_a_name_has_to_be_confirmed_again(session: Session, farm: Organisation, ada: Person) -> None:
    confirm(session, farm, said(ada), TODAY)
    suspend(session, farm, "Somebody rang us.", ada, TODAY)
    lift_suspension(session, farm, "A mistake", ada, later(days=30))
    assert farm.name_state is NameState.UNCONFIRMED


def test_nobody_gets_out_of_a_suspension_by_another_name(session: Session, farm: Organisation, ada: Person) -> None:
    confirm(session, farm, said(ada), TODAY)
    suspend(session, farm, "Somebody rang us.", ada, TODAY)
    rename(session, farm, "Fen Hedge", TODAY)
    assert farm.name_state is NameState.SUSPENDED
    lift_suspension(session, farm, "A mistake", ada, TODAY)
    assert farm.name_state is NameState.UNCONFIRMED, "what was confirmed was another name"


@pytest.mark.parametrize("change", ["name", "number", "number away"])
@pytest.mark.parametrize("state", [NameState.CONFIRMED, NameState.WAITING, NameState.REFUSED])
def test_another_name_or_number_leads_back(
    session: Session, farm: Organisation, ada: Person, heard: list[NameState], change: str, state: NameState
) -> None:
    farm.company_number = "01234567"
    confirm(session, farm, said(ada), TODAY)
    farm.name_state = state
    rename(session, farm, "Fen Edge", TODAY)
    give_number(session, farm, "01234567", TODAY)
    assert (farm.name_state, heard) == (state, []), "the same is no change"
    if change == "name":
        rename(session, farm, "Marks & Spencer", TODAY)
    else:
        give_number(session, farm, None if change == "number away" else "07654321", TODAY)
    assert farm.name_state is NameState.UNCONFIRMED
    assert heard == ([] if state is NameState.REFUSED else [NameState.UNCONFIRMED])


def test_a_confirmation_ends_with_the_first_of_its_domains_that_nobody_is_at_any_more(
    session: Session, ann: Person, ada: Person
) -> None:
    council = begin(session, "Eastshire Services", None, a_person(session, "kim@eastshire.gov.uk").id, TODAY)
    give_roles(session, council.id, ann.id, frozenset({Role.MANAGER}), TODAY)
    confirm(session, council, said(ada, Method.KNOWN, "eastshire.gov.uk", "fenedge.example"), TODAY)
    kim = session.scalars(select(Person).where(Person.email == "kim@eastshire.gov.uk")).one()
    remove(session, council.id, kim.id, TODAY)
    assert (council.name_state, council.name_domains) == (NameState.UNCONFIRMED, "")


@pytest.mark.parametrize("way", ["removed", "disabled", "another address", "account deleted"])
def test_the_last_manager_at_a_domain_takes_the_confirmation_with_them(
    session: Session, farm: Organisation, ann: Person, ada: Person, heard: list[NameState], way: str
) -> None:
    bob = a_person(session, "bob@elsewhere.example")
    cat = a_person(session, "cat@mail.fenedge.example")
    for one in (bob, cat):
        give_roles(session, farm.id, one.id, frozenset({Role.MANAGER}), TODAY)
    prove_domain(farm, ann.email)
    confirm(session, farm, said(ada, Method.LIST, "fenedge.example"), TODAY)
    remove(session, farm.id, cat.id, TODAY)
    assert farm.name_state is NameState.CONFIRMED, "Ann is still there"
    if way == "removed":
        remove(session, farm.id, ann.id, TODAY)
    elif way == "disabled":
        disable(session, ann.email, TODAY)
    elif way == "another address":
        change_email(session, ann.id, "ann@gmail.com", TODAY)
    else:
        delete_account(session, ann.id, TODAY)
    assert (farm.name_state, farm.domain, heard) == (NameState.UNCONFIRMED, None, [NameState.UNCONFIRMED])


def test_what_ended_leaves_nothing_that_could_end_a_later_request(
    session: Session, farm: Organisation, ann: Person, ada: Person
) -> None:
    bob = a_person(session, "bob@elsewhere.example")
    give_roles(session, farm.id, bob.id, frozenset({Role.MANAGER}), TODAY)
    confirm(session, farm, said(ada, Method.LIST, "fenedge.example"), TODAY)
    rename(session, farm, "Fen Hedge", TODAY)
    assert (farm.name_domains, farm.name_how, farm.name_since, farm.name_until) == ("", None, None, None)
    ask(session, farm, ann, TODAY)
    remove(session, farm.id, ann.id, TODAY)
    assert farm.name_state is NameState.WAITING, "it waits under another name, of which no domain was confirmed"


def test_each_way_of_confirming_wants_its_evidence(session: Session, farm: Organisation, ada: Person) -> None:
    for how in Method:
        with pytest.raises(EvidenceError):
            confirm(session, farm, said(ada, how, words=""), TODAY)
    with pytest.raises(EvidenceError, match="stands in the list"):
        confirm(session, farm, said(ada, Method.LIST), TODAY)
    with pytest.raises(EvidenceError, match="confirmed addresses"):
        confirm(session, farm, said(ada, Method.KNOWN, "norfolk.gov.uk"), TODAY)
    assert farm.name_state is NameState.UNCONFIRMED
    for how in (Method.CALLED_BACK, Method.KNOWN, Method.MACHINE):
        confirm(session, farm, said(ada, how), TODAY)


def test_the_register_counts_only_with_the_code_from_the_letter(
    session: Session, farm: Organisation, ada: Person
) -> None:
    with pytest.raises(EvidenceError, match="no company number"):
        make_code(session, farm, TODAY)
    give_number(session, farm, "01234567", TODAY)
    code = make_code(session, farm, TODAY)
    stored = session.get_one(PostedCode, farm.id)
    assert code.replace("-", "") not in f"{stored.code_hash}"
    with pytest.raises(EvidenceError, match="not entered"):
        confirm(session, farm, said(ada, Method.REGISTER), TODAY)
    assert not enter_code(session, farm, "AAAA-AAAA", TODAY)
    assert enter_code(session, farm, f" {code.lower()} ", TODAY)
    confirm(session, farm, said(ada, Method.REGISTER), TODAY)
    assert (farm.name_how, session.get(PostedCode, farm.id, populate_existing=True)) == (Method.REGISTER, None)


def test_a_code_ends_with_time_with_tries_and_with_another_number(session: Session, farm: Organisation) -> None:
    give_number(session, farm, "01234567", TODAY)
    code = make_code(session, farm, TODAY)
    assert not enter_code(session, farm, code, later(days=42))
    for _ in range(10):
        enter_code(session, farm, "wrong", TODAY)
    assert not enter_code(session, farm, code, TODAY)
    code = make_code(session, farm, TODAY)
    give_number(session, farm, "07654321", TODAY)
    assert not enter_code(session, farm, code, TODAY)


def test_nobody_confirms_a_name_they_ever_had_a_part_in(session: Session, farm: Organisation, ann: Person) -> None:
    eve = a_person(session, "eve@fenedge.example", desk="administrator")
    assert not belonged(session, farm, eve)
    give_roles(session, farm.id, eve.id, frozenset({Role.RESPONDENT}), TODAY)
    with pytest.raises(BelongedError):
        confirm(session, farm, said(eve), TODAY)
    remove(session, farm.id, eve.id, TODAY)
    with pytest.raises(BelongedError):
        confirm(session, farm, said(eve), TODAY)
    change_email(session, eve.id, "eve@new.example", TODAY)
    assert belonged(session, farm, eve), "it is the same account"
    delete_account(session, eve.id, TODAY)
    again = make_person(session, "eve@fenedge.example", TODAY)
    assert belonged(session, farm, again), "it is the same address"
    hotel = begin(session, "Sea View", None, ann.id, TODAY)
    assert not belonged(session, hotel, again)


def test_somebody_whose_membership_is_older_than_the_marks_belongs_too(
    session: Session, farm: Organisation, ada: Person
) -> None:
    session.add(Membership(organisation_id=farm.id, person_id=ada.id, role=Role.SIGNER, made_at=TODAY))
    session.flush()
    assert belonged(session, farm, ada)


def test_the_first_fourteen_days_are_limited_until_somebody_lifts_that(
    session: Session, farm: Organisation, ada: Person
) -> None:
    with pytest.raises(NotNowError):
        lift_limit(session, farm, "They are big.", ada, TODAY)
    confirm(session, farm, said(ada), TODAY)
    assert is_limited(farm, date_at(later(days=13)))
    assert not is_limited(farm, date_at(later(days=14)))
    lift_limit(session, farm, "They are big.", ada, TODAY)
    assert standing_of(session, farm, DAY).lifted
    assert not is_limited(farm, DAY)
    with pytest.raises(NotNowError):
        lift_limit(session, farm, "They are big.", ada, TODAY)
    rename(session, farm, "Fen Hedge", TODAY)
    confirm(session, farm, said(ada), TODAY)
    assert is_limited(farm, DAY), "another name begins anew"


def test_a_government_domain_proves_the_domain_alone(session: Session, ada: Person) -> None:
    kim = a_person(session, "kim@mail.eastshire.gov.uk")
    council = begin(session, "Eastshire County Council", None, kim.id, TODAY)
    prove_domain(council, kim.email)
    assert standing_of(session, council, DAY).government_domain is None, "they have not asked"
    ask(session, council, kim, TODAY)
    found = standing_of(session, council, DAY)
    assert (found.state, found.government_domain, found.domains) == (NameState.WAITING, "eastshire.gov.uk", ())
    assert not is_confirmed(council, DAY)
    kim.disabled_at = TODAY
    session.flush()
    assert standing_of(session, council, DAY).government_domain is None, "nobody is there any more"
    _ = ada


def test_the_night_ends_what_is_over_and_writes_a_month_before(
    session: Session, farm: Organisation, ada: Person, heard: list[NameState]
) -> None:
    confirm(session, farm, said(ada), TODAY)
    until = farm.name_until
    assert until is not None
    at = datetime.combine(until, TODAY.timetz())
    before = len(session.scalars(select(Outgoing)).all())
    assert see_to_names(session, at - timedelta(days=31)) == 0
    assert see_to_names(session, at - timedelta(days=30)) == 1
    assert see_to_names(session, at - timedelta(days=29)) == 0, "once"
    told = session.scalars(select(Outgoing).order_by(Outgoing.id)).all()[before:]
    assert [(mail.to_address, "Fen Edge" in mail.body) for mail in told] == [
        ("ada@desk.example", True),
        ("ann@fenedge.example", False),
    ]
    assert see_to_names(session, at) == 1
    assert (farm.name_state, heard) == (NameState.UNCONFIRMED, [NameState.UNCONFIRMED])


def test_the_night_sees_a_manager_who_left_without_a_page(
    session: Session, farm: Organisation, ann: Person, ada: Person
) -> None:
    bob = a_person(session, "bob@elsewhere.example")
    give_roles(session, farm.id, bob.id, frozenset({Role.MANAGER}), TODAY)
    confirm(session, farm, said(ada, Method.KNOWN, "fenedge.example"), TODAY)
    ann.disabled_at = TODAY
    session.flush()
    assert see_to_names(session, TODAY) == 1
    assert farm.name_state is NameState.UNCONFIRMED


def test_all_desks_are_written_to_and_managers_only_of_what_concerns_them(
    session: Session, farm: Organisation, ann: Person, ada: Person
) -> None:
    a_person(session, "cy@desk.example", desk="coordinator")
    gone = a_person(session, "gone@desk.example", desk="coordinator")
    gone.disabled_at = TODAY

    def written() -> list[str]:
        rows = session.scalars(select(Outgoing).order_by(Outgoing.id)).all()
        found = sorted(row.to_address for row in rows if row.sent_at is None and row.to_address)
        for row in rows:
            row.blank()
        session.flush()
        return found

    desks, ours = ["ada@desk.example", "cy@desk.example"], "ann@fenedge.example"
    ask(session, farm, ann, TODAY)
    assert written() == desks
    confirm(session, farm, said(ada), TODAY)
    assert written() == sorted([*desks, ours])
    suspend(session, farm, "Somebody rang us.", ada, TODAY)
    assert written() == sorted([*desks, ours])
    lift_suspension(session, farm, "A mistake", ada, TODAY)
    assert written() == sorted([*desks, ours])
    lift_limit(session, farm, "They are big.", ada, TODAY)
    assert written() == desks
    rename(session, farm, "Fen Hedge", TODAY)
    assert written() == sorted([*desks, ours])
