"""The desks and the names of organisations: who sees, who suspends, who decides, and with what."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from assess.core.config import Settings
from assess.identity.models import (
    ConfirmationMethod,
    LoginSession,
    Membership,
    NameState,
    Organisation,
    OrganisationNameEvent,
    PostedCode,
    Role,
)
from assess.identity.organisations import similar_names
from assess.identity.organisations.name_confirmation import (
    refuse_organisation_name,
    rename_organisation,
    request_confirmation,
    set_company_number,
    suspend_organisation_name,
)
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import (
    a_person,
    an_organisation,
    asks_for_proof,
    confirm_name,
    database_of,
    sign_in,
)
from tests.identity.administration.conftest import Town


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, operator_name="Norfolk Test Desk")


def state_of(app: Flask, town: Town) -> NameState:
    with database_of(app).reading() as session:
        return session.get_one(Organisation, town.farm.id).name_state


def asks(app: Flask, town: Town, number: str | None = None) -> str:
    """The farm asks to have its name confirmed; the address of its page at the desk."""
    with database_of(app).writing() as session:
        farm = session.get_one(Organisation, town.farm.id)
        set_company_number(session, farm, number, TODAY)
        request_confirmation(session, farm, None, TODAY)
    return f"/staff/names/{town.farm.id}"


def test_the_waiting_ones_stand_first_and_the_list_says_how_each_was_confirmed(
    app: Flask, as_ada: Visitor, town: Town
) -> None:
    asks(app, town)
    with database_of(app).writing() as session:
        confirm_name(session.merge(town.shop), "bigshop.example")
    page = as_ada("/staff/names")
    rows = [re.sub(r"\s+", " ", row.get_text(" ", strip=True)) for row in page.soup.select("tbody tr")]
    assert rows[0].startswith("Fen Edge Waiting")
    assert "Big Shop Confirmed Called back on a number found without the applicant bigshop.example" in rows[1]
    assert [len(as_ada(f"/staff/names?state={state}").soup.select("tbody tr")) for state in NameState] == [
        0,
        1,
        1,
        0,
        0,
    ]
    assert len(as_ada("/staff/names?q=shop").soup.select("tbody tr")) == 1
    assert as_ada("/staff/names?state=nonsense").status == 200


@pytest.mark.parametrize(
    ("name", "alike"),
    [
        ("B1g Sh0p Ltd", True),
        ("Eastshire Council", True),
        ("ECC Payments", True),
        ("Norfolk test desk", True),
        ("Plain Growers", False),
    ],
)
def test_similar_names_are_marked_for_staff_and_can_be_listed(
    app: Flask, as_ada: Visitor, town: Town, name: str, *, alike: bool
) -> None:
    with database_of(app).writing() as session:
        confirm_name(session.merge(town.shop), "bigshop.example")
        confirm_name(an_organisation(session, "Eastshire County Council"), "eastshire.gov.uk")
        session.get_one(Organisation, town.farm.id).name = name
    here = asks(app, town)
    row = as_ada("/staff/names").soup.select_one("tbody tr")
    assert row is not None
    assert ("Look-alike" in row.get_text()) is alike
    assert (name in as_ada("/staff/names?state=alike").text) is alike
    assert ("What the name looks like" in as_ada(here).text) is alike


def test_each_name_is_read_once_however_many_wait(app: Flask, as_ada: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = 120
    with database_of(app).writing() as session:
        for number in range(waiting):
            made = an_organisation(session, f"{'Growers of abcdefgh ' * 5}{number}")
            made.name_state, made.name_changed_at = NameState.WAITING, TODAY
    read: list[str] = []
    before = similar_names.comparable_words

    def counted(name: str, *, whole: bool = False) -> tuple[str, ...]:
        read.append(name)
        return before(name, whole=whole)

    monkeypatch.setattr(similar_names, "comparable_words", counted)
    similar_names.comparable_forms.cache_clear()
    for address in ("/staff/names", "/staff/names?state=alike"):
        assert "Look-alike" in as_ada(address).text
    assert len(read) < 10 * waiting


def test_a_name_is_confirmed_with_its_evidence(app: Flask, as_ada: Visitor, town: Town) -> None:
    here = asks(app, town)
    as_ada(here)
    page = as_ada(f"{here}/decide")
    assert page.status == 200
    assert as_ada.send("/confirm", words="In the phone book").status == 422
    assert as_ada.send("/confirm", how="called_back", words=" ").status == 422
    assert "500 characters" in as_ada.send("/confirm", how="called_back", words="x" * 501).text
    page = as_ada.send("/confirm", how="called_back", words="In the phone book", domains=["farm.example"])
    assert "In the phone book" in page.text
    assert "24 November 2026 to 24 November 2028" in page.text
    with database_of(app).reading() as session:
        farm = session.get_one(Organisation, town.farm.id)
        assert (farm.name_state, farm.name_how, farm.name_domains) == (
            NameState.CONFIRMED,
            ConfirmationMethod.CALLED_BACK,
            "farm.example",
        )
        newest = session.scalars(select(OrganisationNameEvent).order_by(OrganisationNameEvent.id.desc())).first()
        assert newest is not None
        assert (newest.by_id, newest.words) == (town.ada.id, "In the phone book")


def test_confirming_again_begins_with_the_domains_of_before(app: Flask, as_ada: Visitor, town: Town) -> None:
    with database_of(app).writing() as session:
        confirm_name(session.merge(town.farm), "farm.example")
    page = as_ada(f"/staff/names/{town.farm.id}/decide")
    assert "checked" in page.soup.select("input[name=domains]")[0].attrs
    as_ada.send("/confirm", how="known", words="From the network")
    with database_of(app).reading() as look:
        assert look.get_one(Organisation, town.farm.id).name_domains == "farm.example"


def test_only_proven_domains_and_offered_ways_are_taken(app: Flask, as_ada: Visitor, town: Town) -> None:
    here = asks(app, town)
    as_ada(f"{here}/decide")
    page = as_ada.send("/confirm", how="list", words="A list", domains=["norfolk.gov.uk"])
    assert (page.status, "confirmed addresses" in page.text) == (422, True)
    assert as_ada.send("/confirm", how="machine", words="Us").status == 422
    assert as_ada.send("/confirm", how="list", words="A list", domains=None).status == 422
    assert state_of(app, town) is NameState.WAITING


def test_the_register_needs_the_code_which_is_shown_once(app: Flask, as_ada: Visitor, town: Town) -> None:
    here = asks(app, town, "01234567")
    as_ada(f"{here}/decide")
    page = as_ada.send("/confirm", how="register", words="Fen Edge, looked today")
    assert (page.status, "has not entered the code" in page.text) == (422, True)
    page = as_ada.send("/code")
    code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", page.text)
    assert code is not None
    assert code.group() not in as_ada(f"{here}/decide").text
    ann = Visitor(app.test_client())
    sign_in(ann, app, town.ann)
    ann(f"/organisations/{town.farm.id}/name")
    assert "The code is right" in ann.send("/code", code=code.group()).text
    as_ada(f"{here}/decide")
    as_ada.send("/confirm", how="register", words="Fen Edge, looked today")
    assert state_of(app, town) is NameState.CONFIRMED


def test_refusing_suspending_lifting_and_the_limit_want_a_reason(app: Flask, as_ada: Visitor, town: Town) -> None:
    here = asks(app, town)
    as_ada(f"{here}/decide")
    assert as_ada.send("/refuse", no=" ").status == 422
    as_ada.send("/refuse", no="Nobody answers there.")
    assert state_of(app, town) is NameState.REFUSED
    asks(app, town)
    as_ada(f"{here}/decide")
    as_ada.send("/confirm", how="known", words="From the network")
    as_ada(f"{here}/decide")
    assert as_ada.send("/lift-limit", limit="").status == 422
    as_ada.send("/lift-limit", limit="They ask 300 suppliers.")
    with database_of(app).reading() as session:
        assert session.get_one(Organisation, town.farm.id).name_lifted
    as_ada(here)
    assert as_ada.send("/suspend", reason="").status == 422
    page = as_ada.send("/suspend", reason="Somebody rang us.")
    assert state_of(app, town) is NameState.SUSPENDED
    assert not page.soup.select("form[action$='/suspend']")
    as_ada(f"{here}/decide")
    assert as_ada.send("/lift-suspension", lift=" ").status == 422
    page = as_ada.send("/lift-suspension", lift="A mistake")
    assert state_of(app, town) is NameState.CONFIRMED
    for words in ("Nobody answers there.", "They ask 300 suppliers.", "Somebody rang us.", "A mistake"):
        assert words in page.text


def test_a_form_that_stood_open_too_long_says_so(app: Flask, as_ada: Visitor, town: Town) -> None:
    here = asks(app, town)
    as_ada(f"{here}/decide")
    with database_of(app).writing() as session:
        refuse_organisation_name(
            session, session.get_one(Organisation, town.farm.id), "No", session.merge(town.ada), TODAY
        )
    page = as_ada.send("/refuse", no="No")
    assert (page.status, "Someone else changed this while you were working" in page.text) == (409, True)


def test_a_coordinator_suspends_at_once_and_decides_nothing(app: Flask, visit: Visitor, town: Town) -> None:
    here = asks(app, town)
    with database_of(app).writing() as session:
        cy = a_person(session, "cy@desk.example", desk="coordinator")
    sign_in(visit, app, cy)
    assert "Fen Edge" in visit("/staff/names").text
    page = visit(here)
    assert not page.soup.select("a[href$='/decide']")
    token = page.fields("/suspend")["csrf_token"][0]
    assert visit(f"{here}/decide").status == 404
    for path in ("confirm", "refuse", "lift-suspension", "lift-limit", "code"):
        sent = {"csrf_token": token, "how": "known", "words": "Us", "no": "No", "lift": "x", "limit": "x"}
        assert visit.client.post(f"{here}/{path}", data=sent).status_code == 404, path
    visit(here)
    visit.send("/suspend", reason="Somebody rang us.")
    assert state_of(app, town) is NameState.SUSPENDED
    sent = {"csrf_token": token, "lift": "A mistake"}
    assert visit.client.post(f"{here}/lift-suspension", data=sent).status_code == 404


@pytest.mark.parametrize("who", ["ann", "bea"])
def test_nobody_else_sees_anything(app: Flask, visit: Visitor, town: Town, who: str) -> None:
    here = asks(app, town)
    sign_in(visit, app, getattr(town, who))
    for path in ("/staff/names", here, f"{here}/decide"):
        assert visit(path).status == 404


def test_without_a_second_step_or_a_proof_of_today_nothing_is_decided(
    app: Flask, as_ada: Visitor, another_visit: Visitor, town: Town
) -> None:
    here = asks(app, town)
    token = as_ada(f"{here}/decide").fields("/confirm")["csrf_token"][0]
    with database_of(app).writing() as session:
        for row in session.scalars(select(LoginSession)):
            row.proven_at = TODAY - timedelta(minutes=15)
    sent = {"csrf_token": token, "how": "known", "words": "Us", "no": "No", "lift": "x", "limit": "x"}
    for path in ("confirm", "refuse", "lift-suspension", "lift-limit", "code"):
        assert asks_for_proof(as_ada.client.post(f"{here}/{path}", data=sent)), path
    assert as_ada(f"{here}/decide", follow=False).status == 303
    assert as_ada(here).status == 200
    assert state_of(app, town) is NameState.WAITING
    sign_in(another_visit, app, town.ada, second_step=False)
    assert another_visit("/staff/names", follow=False).status != 200


def test_somebody_who_ever_belonged_to_it_cannot_confirm_it(app: Flask, as_ada: Visitor, town: Town) -> None:
    here = asks(app, town)
    token = as_ada(f"{here}/decide").fields("/confirm")["csrf_token"][0]
    with database_of(app).writing() as session:
        session.add(Membership(organisation_id=town.farm.id, person_id=town.ada.id, role=Role.SIGNER, made_at=TODAY))
    page = as_ada(f"{here}/decide")
    assert "You belong to this organisation" in page.text
    assert not page.soup.select("form[action$='/confirm']")
    sent = as_ada.client.post(f"{here}/confirm", data={"csrf_token": token, "how": "known", "words": "Us"})
    assert sent.status_code == 422
    assert state_of(app, town) is NameState.WAITING


@pytest.mark.parametrize("press", ["confirm", "refuse", "code", "suspend"])
def test_another_name_than_the_one_that_was_looked_at_is_never_decided_on(
    app: Flask, as_ada: Visitor, town: Town, press: str
) -> None:
    here = asks(app, town, "01234567")
    as_ada(here if press == "suspend" else f"{here}/decide")
    with database_of(app).writing() as session:
        rename_organisation(
            session, farm := session.get_one(Organisation, town.farm.id), "Norfolk County Council", TODAY
        )
        request_confirmation(session, farm, None, TODAY)
    said = {"how": "known", "words": "From the network"} if press == "confirm" else {"no": "No"}
    page = as_ada.send(f"/{press}", **({"reason": "Us"} if press == "suspend" else {} if press == "code" else said))
    assert (page.status, "Someone else changed this while you were working" in page.text) == (409, True)
    assert "Norfolk County Council" in page.text
    assert state_of(app, town) is NameState.WAITING
    with database_of(app).writing() as session:
        assert session.get(PostedCode, town.farm.id) is None
        rename_organisation(session, session.get_one(Organisation, town.farm.id), "Norfolk Council", TODAY)
    if press == "suspend":  # nobody gets out of it by going on changing the name
        as_ada.send("/suspend", reason="Us")
        assert state_of(app, town) is NameState.SUSPENDED


def test_lifting_and_the_limit_are_for_what_was_looked_at(app: Flask, as_ada: Visitor, town: Town) -> None:
    with database_of(app).writing() as session:
        farm = session.get_one(Organisation, town.farm.id)
        confirm_name(farm, "farm.example", lifted=False)
        farm.name_since = TODAY.date()
    as_ada(f"/staff/names/{town.farm.id}/decide")
    with database_of(app).writing() as session:
        session.get_one(Organisation, town.farm.id).name_domains = ""
    assert as_ada.send("/lift-limit", limit="They ask 300 suppliers.").status == 409
    with database_of(app).writing() as session:
        suspend_organisation_name(session, session.get_one(Organisation, town.farm.id), "Us", None, TODAY)
    as_ada(f"/staff/names/{town.farm.id}/decide")
    with database_of(app).writing() as session:
        rename_organisation(session, session.get_one(Organisation, town.farm.id), "Norfolk Council", TODAY)
    assert as_ada.send("/lift-suspension", lift="A mistake").status == 409
    assert state_of(app, town) is NameState.SUSPENDED


def test_the_company_number_of_a_confirmed_name_is_a_warning(app: Flask, as_ada: Visitor, town: Town) -> None:
    with database_of(app).writing() as session:
        shop = session.get_one(Organisation, town.shop.id)
        shop.company_number = "01234567"
        confirm_name(shop, "bigshop.example")
    here = asks(app, town, "01234567")
    assert "It has the company number of “Big Shop”." in as_ada(here).text
