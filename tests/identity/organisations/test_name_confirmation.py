"""Every way in which the state of a name changes, and what is told of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.core.clock import uk_date
from assess.core.events import subscribe
from assess.core.models import OutgoingMail
from assess.identity.accounts.services import change_email, create_person, delete_account, disable_by_email
from assess.identity.events import NameRevoked
from assess.identity.models import (
    ConfirmationMethod,
    Membership,
    NameEventKind,
    NameState,
    Organisation,
    Person,
    PostedCode,
    Role,
)
from assess.identity.organisations.name_confirmation import (
    FormerMemberError,
    MissingEvidenceError,
    NameConfirmation,
    WrongNameStateError,
    confirm_organisation_name,
    end_expired_names,
    enter_posted_code,
    ever_belonged,
    get_name_status,
    is_limited,
    is_name_confirmed,
    lift_limit,
    lift_suspension,
    list_name_events,
    make_posted_code,
    name_state_on,
    refuse_organisation_name,
    rename_organisation,
    request_confirmation,
    set_company_number,
    set_proven_domain,
    suspend_organisation_name,
    was_refused,
)
from assess.identity.organisations.services import add_roles, create_organisation, remove_membership
from tests.conftest import TODAY
from tests.identity.accounts_factory import a_person
from tests.patch_subscriptions import list_instead

NETWORK = "Eastshire Anti-Slavery Network"
DAY = uk_date(TODAY)


@pytest.fixture
def ada(session: Session) -> Person:
    return a_person(session, "ada@desk.example", desk="administrator")


@pytest.fixture
def ann(session: Session) -> Person:
    return a_person(session, "ann@fenedge.example")


@pytest.fixture
def farm(session: Session, ann: Person) -> Organisation:
    return create_organisation(session, "Fen Edge", None, ann.id, TODAY)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[NameState]]:
    """The states in which others were told of the end of a name."""
    told: list[NameState] = []
    list_instead(
        monkeypatch, subscribe(NameRevoked, lambda _session, event: told.append(event.organisation.name_state))
    )
    return iter([told]).__next__()


def said(
    by: Person | None,
    how: ConfirmationMethod = ConfirmationMethod.CALLED_BACK,
    *domains: str,
    words: str = "In the phone book",
) -> NameConfirmation:
    return NameConfirmation(how, words, domains, by, NETWORK)


def later(**span: int) -> datetime:
    return TODAY + timedelta(**span)


def test_a_name_is_asked_for_confirmed_and_counts_for_two_years(
    session: Session, farm: Organisation, ann: Person, ada: Person
) -> None:
    assert get_name_status(session, farm, DAY).state is NameState.UNCONFIRMED
    request_confirmation(session, farm, ann, TODAY)
    with pytest.raises(WrongNameStateError):
        request_confirmation(session, farm, ann, TODAY)
    assert get_name_status(session, farm, DAY).state is NameState.WAITING
    confirm_organisation_name(session, farm, said(ada, ConfirmationMethod.CALLED_BACK, "fenedge.example"), TODAY)
    found = get_name_status(session, farm, DAY)
    assert (found.state, found.how, found.domains) == (
        NameState.CONFIRMED,
        ConfirmationMethod.CALLED_BACK,
        ("fenedge.example",),
    )
    assert (found.confirmed_by_words, found.since, found.until) == (NETWORK, DAY, date(2028, 11, 24))
    assert get_name_status(session, farm, date(2028, 11, 23)).state is NameState.CONFIRMED
    over = get_name_status(session, farm, date(2028, 11, 24))
    assert (over.state, over.domains, over.how, over.confirmed_by_words) == (NameState.UNCONFIRMED, (), None, None)
    assert [one.deed for one in list_name_events(session, farm)] == [NameEventKind.CONFIRMED, NameEventKind.ASKED]
    assert list_name_events(session, farm)[0].words == "In the phone book"


def test_confirming_again_renews_it_and_keeps_since_when(session: Session, farm: Organisation, ada: Person) -> None:
    confirm_organisation_name(session, farm, said(ada), TODAY)
    confirm_organisation_name(session, farm, said(ada, ConfirmationMethod.KNOWN), later(days=400))
    assert (farm.name_since, farm.name_until) == (DAY, date(2029, 12, 29))


def test_a_refused_name_can_be_asked_for_again(
    session: Session, farm: Organisation, ann: Person, ada: Person, heard: list[NameState]
) -> None:
    with pytest.raises(WrongNameStateError):
        refuse_organisation_name(session, farm, "Nobody answers there.", ada, TODAY)
    request_confirmation(session, farm, ann, TODAY)
    refuse_organisation_name(session, farm, "Nobody answers there.", ada, TODAY)
    assert (farm.name_state, heard) == (NameState.REFUSED, [NameState.REFUSED])
    request_confirmation(session, farm, ann, later(days=1))
    assert farm.name_state is NameState.WAITING


def test_a_name_once_refused_sends_nothing_while_it_waits_again(session: Session, ada: Person) -> None:
    kim = a_person(session, "kim@eastshire.gov.uk")
    council = create_organisation(session, "Eastshire County Council", None, kim.id, TODAY)
    set_proven_domain(council, kim.email)
    request_confirmation(session, council, kim, TODAY)
    assert not was_refused(session, council)
    refuse_organisation_name(session, council, "Nobody knows them there.", ada, TODAY)
    for name in ("Eastshire County Council", "Eastshire Borough Council"):
        rename_organisation(session, council, name, TODAY)
        request_confirmation(session, council, kim, TODAY)
        found = get_name_status(session, council, DAY)
        assert was_refused(session, council)
        assert (found.state, found.government_domain) == (NameState.WAITING, None)


@pytest.mark.parametrize("state", [one for one in NameState if one is not NameState.SUSPENDED])
def test_any_name_can_be_suspended_and_within_thirty_days_all_is_as_before(
    session: Session, farm: Organisation, ada: Person, heard: list[NameState], state: NameState
) -> None:
    if state is NameState.CONFIRMED:
        confirm_organisation_name(session, farm, said(ada), TODAY)
    farm.name_state = state
    suspend_organisation_name(session, farm, "Somebody rang us.", ada, TODAY)
    assert (name_state_on(farm, DAY), heard) == (NameState.SUSPENDED, [NameState.SUSPENDED])
    for refused in (
        lambda: suspend_organisation_name(session, farm, "Again", ada, TODAY),
        lambda: request_confirmation(session, farm, None, TODAY),
        lambda: confirm_organisation_name(session, farm, said(ada), TODAY),
    ):
        with pytest.raises(WrongNameStateError):
            refused()
    lift_suspension(session, farm, "A mistake", ada, later(days=29))
    assert farm.name_state is state
    with pytest.raises(WrongNameStateError):
        lift_suspension(session, farm, "A mistake", ada, later(days=29))


def test_after_thirty_days_a_name_has_to_be_confirmed_again(session: Session, farm: Organisation, ada: Person) -> None:
    confirm_organisation_name(session, farm, said(ada), TODAY)
    suspend_organisation_name(session, farm, "Somebody rang us.", ada, TODAY)
    lift_suspension(session, farm, "A mistake", ada, later(days=30))
    assert farm.name_state is NameState.UNCONFIRMED


def test_nobody_gets_out_of_a_suspension_by_another_name(session: Session, farm: Organisation, ada: Person) -> None:
    confirm_organisation_name(session, farm, said(ada), TODAY)
    suspend_organisation_name(session, farm, "Somebody rang us.", ada, TODAY)
    rename_organisation(session, farm, "Fen Hedge", TODAY)
    assert farm.name_state is NameState.SUSPENDED
    lift_suspension(session, farm, "A mistake", ada, TODAY)
    assert farm.name_state is NameState.UNCONFIRMED, "what was confirmed was another name"


@pytest.mark.parametrize("change", ["name", "number", "number away"])
@pytest.mark.parametrize("state", [NameState.CONFIRMED, NameState.WAITING, NameState.REFUSED])
def test_another_name_or_number_leads_back(
    session: Session, farm: Organisation, ada: Person, heard: list[NameState], change: str, state: NameState
) -> None:
    farm.company_number = "01234567"
    confirm_organisation_name(session, farm, said(ada), TODAY)
    farm.name_state = state
    rename_organisation(session, farm, "Fen Edge", TODAY)
    set_company_number(session, farm, "01234567", TODAY)
    assert (farm.name_state, heard) == (state, []), "the same is no change"
    if change == "name":
        rename_organisation(session, farm, "Marks & Spencer", TODAY)
    else:
        set_company_number(session, farm, None if change == "number away" else "07654321", TODAY)
    assert farm.name_state is NameState.UNCONFIRMED
    assert heard == ([] if state is NameState.REFUSED else [NameState.UNCONFIRMED])


def test_a_confirmation_ends_with_the_first_of_its_domains_that_nobody_is_at_any_more(
    session: Session, ann: Person, ada: Person
) -> None:
    council = create_organisation(
        session, "Eastshire Services", None, a_person(session, "kim@eastshire.gov.uk").id, TODAY
    )
    add_roles(session, council.id, ann.id, frozenset({Role.MANAGER}), TODAY)
    confirm_organisation_name(
        session, council, said(ada, ConfirmationMethod.KNOWN, "eastshire.gov.uk", "fenedge.example"), TODAY
    )
    kim = session.scalars(select(Person).where(Person.email == "kim@eastshire.gov.uk")).one()
    remove_membership(session, council.id, kim.id, TODAY)
    assert (council.name_state, council.name_domains) == (NameState.UNCONFIRMED, "")


@pytest.mark.parametrize("way", ["removed", "disabled", "another address", "account deleted"])
def test_the_last_manager_at_a_domain_takes_the_confirmation_with_them(
    session: Session, farm: Organisation, ann: Person, ada: Person, heard: list[NameState], way: str
) -> None:
    bob = a_person(session, "bob@elsewhere.example")
    cat = a_person(session, "cat@mail.fenedge.example")
    for one in (bob, cat):
        add_roles(session, farm.id, one.id, frozenset({Role.MANAGER}), TODAY)
    set_proven_domain(farm, ann.email)
    confirm_organisation_name(session, farm, said(ada, ConfirmationMethod.LIST, "fenedge.example"), TODAY)
    remove_membership(session, farm.id, cat.id, TODAY)
    assert farm.name_state is NameState.CONFIRMED, "Ann is still there"
    if way == "removed":
        remove_membership(session, farm.id, ann.id, TODAY)
    elif way == "disabled":
        disable_by_email(session, ann.email, TODAY)
    elif way == "another address":
        change_email(session, ann.id, "ann@gmail.com", TODAY)
    else:
        delete_account(session, ann.id, TODAY)
    assert (farm.name_state, farm.domain, heard) == (NameState.UNCONFIRMED, None, [NameState.UNCONFIRMED])


def test_what_ended_leaves_nothing_that_could_end_a_later_request(
    session: Session, farm: Organisation, ann: Person, ada: Person
) -> None:
    bob = a_person(session, "bob@elsewhere.example")
    add_roles(session, farm.id, bob.id, frozenset({Role.MANAGER}), TODAY)
    confirm_organisation_name(session, farm, said(ada, ConfirmationMethod.LIST, "fenedge.example"), TODAY)
    rename_organisation(session, farm, "Fen Hedge", TODAY)
    assert (farm.name_domains, farm.name_how, farm.name_since, farm.name_until) == ("", None, None, None)
    request_confirmation(session, farm, ann, TODAY)
    remove_membership(session, farm.id, ann.id, TODAY)
    assert farm.name_state is NameState.WAITING, "it waits under another name, of which no domain was confirmed"


def test_each_way_of_confirming_wants_its_evidence(session: Session, farm: Organisation, ada: Person) -> None:
    for how in ConfirmationMethod:
        with pytest.raises(MissingEvidenceError):
            confirm_organisation_name(session, farm, said(ada, how, words=""), TODAY)
    with pytest.raises(MissingEvidenceError, match="stands in the list"):
        confirm_organisation_name(session, farm, said(ada, ConfirmationMethod.LIST), TODAY)
    with pytest.raises(MissingEvidenceError, match="confirmed addresses"):
        confirm_organisation_name(session, farm, said(ada, ConfirmationMethod.KNOWN, "norfolk.gov.uk"), TODAY)
    assert farm.name_state is NameState.UNCONFIRMED
    for how in (ConfirmationMethod.CALLED_BACK, ConfirmationMethod.KNOWN, ConfirmationMethod.MACHINE):
        confirm_organisation_name(session, farm, said(ada, how), TODAY)


def test_the_register_counts_only_with_the_code_from_the_letter(
    session: Session, farm: Organisation, ada: Person
) -> None:
    with pytest.raises(MissingEvidenceError, match="no company number"):
        make_posted_code(session, farm, TODAY)
    set_company_number(session, farm, "01234567", TODAY)
    code = make_posted_code(session, farm, TODAY)
    stored = session.get_one(PostedCode, farm.id)
    assert code.replace("-", "") not in f"{stored.code_hash}"
    with pytest.raises(MissingEvidenceError, match="not entered"):
        confirm_organisation_name(session, farm, said(ada, ConfirmationMethod.REGISTER), TODAY)
    assert not enter_posted_code(session, farm, "AAAA-AAAA", TODAY)
    assert enter_posted_code(session, farm, f" {code.lower()} ", TODAY)
    confirm_organisation_name(session, farm, said(ada, ConfirmationMethod.REGISTER), TODAY)
    assert (farm.name_how, session.get(PostedCode, farm.id, populate_existing=True)) == (
        ConfirmationMethod.REGISTER,
        None,
    )


def test_a_code_ends_with_time_with_tries_and_with_another_number(session: Session, farm: Organisation) -> None:
    set_company_number(session, farm, "01234567", TODAY)
    code = make_posted_code(session, farm, TODAY)
    assert not enter_posted_code(session, farm, code, later(days=42))
    for _ in range(10):
        enter_posted_code(session, farm, "wrong", TODAY)
    assert not enter_posted_code(session, farm, code, TODAY)
    code = make_posted_code(session, farm, TODAY)
    set_company_number(session, farm, "07654321", TODAY)
    assert not enter_posted_code(session, farm, code, TODAY)


def test_nobody_confirms_a_name_they_ever_had_a_part_in(session: Session, farm: Organisation, ann: Person) -> None:
    eve = a_person(session, "eve@fenedge.example", desk="administrator")
    assert not ever_belonged(session, farm, eve)
    add_roles(session, farm.id, eve.id, frozenset({Role.RESPONDENT}), TODAY)
    with pytest.raises(FormerMemberError):
        confirm_organisation_name(session, farm, said(eve), TODAY)
    remove_membership(session, farm.id, eve.id, TODAY)
    with pytest.raises(FormerMemberError):
        confirm_organisation_name(session, farm, said(eve), TODAY)
    change_email(session, eve.id, "eve@new.example", TODAY)
    assert ever_belonged(session, farm, eve), "it is the same account"
    delete_account(session, eve.id, TODAY)
    again = create_person(session, "eve@fenedge.example", TODAY)
    assert ever_belonged(session, farm, again), "it is the same address"
    hotel = create_organisation(session, "Sea View", None, ann.id, TODAY)
    assert not ever_belonged(session, hotel, again)


def test_somebody_whose_membership_is_older_than_the_marks_belongs_too(
    session: Session, farm: Organisation, ada: Person
) -> None:
    session.add(Membership(organisation_id=farm.id, person_id=ada.id, role=Role.SIGNER, made_at=TODAY))
    session.flush()
    assert ever_belonged(session, farm, ada)


def test_the_first_fourteen_days_are_limited_until_somebody_lifts_that(
    session: Session, farm: Organisation, ada: Person
) -> None:
    with pytest.raises(WrongNameStateError):
        lift_limit(session, farm, "They are big.", ada, TODAY)
    confirm_organisation_name(session, farm, said(ada), TODAY)
    assert is_limited(farm, uk_date(later(days=13)))
    assert not is_limited(farm, uk_date(later(days=14)))
    lift_limit(session, farm, "They are big.", ada, TODAY)
    assert get_name_status(session, farm, DAY).lifted
    assert not is_limited(farm, DAY)
    with pytest.raises(WrongNameStateError):
        lift_limit(session, farm, "They are big.", ada, TODAY)
    rename_organisation(session, farm, "Fen Hedge", TODAY)
    confirm_organisation_name(session, farm, said(ada), TODAY)
    assert is_limited(farm, DAY), "another name begins anew"


def test_a_government_domain_proves_the_domain_alone(session: Session, ada: Person) -> None:
    kim = a_person(session, "kim@mail.eastshire.gov.uk")
    council = create_organisation(session, "Eastshire County Council", None, kim.id, TODAY)
    set_proven_domain(council, kim.email)
    assert get_name_status(session, council, DAY).government_domain is None, "they have not asked"
    request_confirmation(session, council, kim, TODAY)
    found = get_name_status(session, council, DAY)
    assert (found.state, found.government_domain, found.domains) == (NameState.WAITING, "eastshire.gov.uk", ())
    assert not is_name_confirmed(council, DAY)
    kim.disabled_at = TODAY
    session.flush()
    assert get_name_status(session, council, DAY).government_domain is None, "nobody is there any more"
    _ = ada


def test_the_night_ends_what_is_over_and_writes_a_month_before(
    session: Session, farm: Organisation, ada: Person, heard: list[NameState]
) -> None:
    confirm_organisation_name(session, farm, said(ada), TODAY)
    until = farm.name_until
    assert until is not None
    at = datetime.combine(until, TODAY.timetz())
    before = len(session.scalars(select(OutgoingMail)).all())
    assert end_expired_names(session, at - timedelta(days=31)) == 0
    assert end_expired_names(session, at - timedelta(days=30)) == 1
    assert end_expired_names(session, at - timedelta(days=29)) == 0, "once"
    told = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()[before:]
    assert [(mail.to_address, "Fen Edge" in mail.body) for mail in told] == [
        ("ada@desk.example", True),
        ("ann@fenedge.example", False),
    ]
    assert end_expired_names(session, at) == 1
    assert (farm.name_state, heard) == (NameState.UNCONFIRMED, [NameState.UNCONFIRMED])


def test_the_night_sees_a_manager_who_left_without_a_page(
    session: Session, farm: Organisation, ann: Person, ada: Person
) -> None:
    bob = a_person(session, "bob@elsewhere.example")
    add_roles(session, farm.id, bob.id, frozenset({Role.MANAGER}), TODAY)
    confirm_organisation_name(session, farm, said(ada, ConfirmationMethod.KNOWN, "fenedge.example"), TODAY)
    ann.disabled_at = TODAY
    session.flush()
    assert end_expired_names(session, TODAY) == 1
    assert farm.name_state is NameState.UNCONFIRMED


def test_all_staff_are_written_to_and_managers_only_of_what_concerns_them(
    session: Session, farm: Organisation, ann: Person, ada: Person
) -> None:
    a_person(session, "cy@desk.example", desk="coordinator")
    gone = a_person(session, "gone@desk.example", desk="coordinator")
    gone.disabled_at = TODAY

    def written() -> list[str]:
        rows = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
        found = sorted(row.to_address for row in rows if row.sent_at is None and row.to_address)
        for row in rows:
            row.blank()
        session.flush()
        return found

    desks, ours = ["ada@desk.example", "cy@desk.example"], "ann@fenedge.example"
    request_confirmation(session, farm, ann, TODAY)
    assert written() == desks
    confirm_organisation_name(session, farm, said(ada), TODAY)
    assert written() == sorted([*desks, ours])
    suspend_organisation_name(session, farm, "Somebody rang us.", ada, TODAY)
    assert written() == sorted([*desks, ours])
    lift_suspension(session, farm, "A mistake", ada, TODAY)
    assert written() == sorted([*desks, ours])
    lift_limit(session, farm, "They are big.", ada, TODAY)
    assert written() == desks
    rename_organisation(session, farm, "Fen Hedge", TODAY)
    assert written() == sorted([*desks, ours])
