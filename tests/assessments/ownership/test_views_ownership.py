"""A second site or sector from the first, as a person does it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assess.assessments.models import Assessment
from assess.core.config import Settings
from assess.identity.models import Membership, Organisation, Role, Site
from tests.assessments.conftest import id_of
from tests.assessments.ownership.conftest import Firm, keep_with, row_of
from tests.conftest import TODAY, Visitor
from tests.identity.accounts_factory import an_organisation, database_of, sign_in

PEOPLE = {"core_people_peak": "12", "core_first_language": "under25", "core_languages": ["bg"]}


def first_one(visit: Any, begin: Any, identify: Any, bank: str = "car_washes") -> str:
    home = str(begin(bank))
    identify(home)
    visit(f"{home}sections/people")
    visit.send(**PEOPLE)
    visit(f"{home}sections/hiring")
    visit.send(core_documents="third", core_job_fee="yes")
    visit(f"{home}business/gates")
    visit.send(foreign="no", large="no")
    visit(f"{home}business/facts")
    return home


def again(visit: Any, home: str, **typed: Any) -> str:
    visit(f"{home}copy")
    page = visit.send(**typed)
    assert page.status == 200, page.text
    return str(page.address.removesuffix("link"))


def test_it_starts_from_the_first_and_waits_for_every_answer(visit: Any, begin: Any, identify: Any) -> None:
    home = first_one(visit, begin, identify)
    before = visit(home).text
    second = again(visit, home, bank="farming", place="other")
    assert visit.page.heading == "Keep a link to come back with"
    page = visit(second)
    assert "Farm" in page.text
    assert visit(f"{second}sections/people").soup.select_one("#core_people_peak")["value"] == "12"
    told = visit.page.soup.select(".assess-again")
    assert len(told) == 3
    assert {one["id"] for one in told} == {f"{name}--again" for name in PEOPLE}
    assert told[0]["id"] in str(visit.page.soup.select_one("#core_people_peak--group fieldset")["aria-describedby"])
    # what can raise a sign is asked anew
    assert not visit(f"{second}sections/hiring").soup.select("input[checked], .assess-again")
    # nothing of the first has changed, and both are open in this browser
    assert visit(home).text == before


def test_saving_a_page_confirms_what_it_shows_and_only_then_can_it_be_sent_in(
    visit: Any, begin: Any, identify: Any
) -> None:
    home = first_one(visit, begin, identify)
    second = again(visit, home, bank="car_washes", place="same")
    row = visit(second).soup.find("a", string="Your workers") or visit.page.soup.select_one(
        "a.govuk-task-list__link[href$='sections/people']"
    )
    assert row is not None
    status = row.find_parent("li").select_one(".govuk-task-list__status").text.strip()
    assert status == "Not started"
    page = visit(f"{second}check")
    waits = page.soup.select_one("#confirm").find_next("ul")
    assert len(waits.select("li")) == 5, "two gates and three answers"
    assert "/business/gates" in str(waits)
    page = visit.send(reread="yes")
    assert page.status == 422
    assert "Confirm each of the answers" in page.soup.select_one(".govuk-error-summary").text
    visit(f"{second}sections/people")
    visit.send(core_people_peak="15")
    visit(f"{second}business/gates")
    visit.send()
    page = visit(f"{second}check")
    assert not page.soup.select("#confirm")
    page = visit.send(reread="yes")
    assert page.status == 200
    assert page.address == f"{second}result"


def test_hidden_ones_hold_nobody_up(visit: Any, begin: Any, identify: Any) -> None:
    home = first_one(visit, begin, identify, "farming")
    visit(f"{home}sections/people")
    visit.send(core_worker_types=["agency"])
    visit.send(core_agency_pct="20")
    assert visit.page.address == f"{home}sections/people/3"
    second = again(visit, home, bank="hospitality", place="same")
    visit(f"{second}sections/people/2")
    assert not visit.page.soup.select("#core_agency_pct--group"), "it rests on what waits itself"
    visit(f"{second}sections/people")
    visit.send(core_worker_types=["agency"])
    assert visit.page.soup.select("#core_agency_pct--again"), "and comes on the next page"
    visit(f"{second}sections/people")
    visit.send(core_worker_types=["family"])
    visit(f"{second}business/gates")
    visit.send()
    assert not visit(f"{second}check").soup.select("#confirm")


def test_something_is_missing(visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}copy")
    page = visit.send()
    assert page.status == 422
    assert [one["href"] for one in page.soup.select(".govuk-error-summary a")] == ["#bank", "#place"]


def test_the_second_of_a_firm_belongs_to_the_firm(
    app: Flask, visit: Any, another_visit: Any, begin: Any, identify: Any, firm: Firm
) -> None:
    home = first_one(visit, begin, identify)
    keep_with(app, home, firm, firm.north)
    sign_in(another_visit, app, firm.manager)
    second = again(another_visit, home, bank="car_washes", site=firm.south.id)
    made = row_of(app, second)
    assert (made.organisation_id, made.site_id) == (firm.organisation.id, firm.south.id)
    assert another_visit(f"{second}business").soup.select_one("#name")["value"] == "Fen Edge Hand Wash"
    assert not another_visit.page.soup.select("input[name=area][checked]"), "another place, another area"
    # whoever only has the link of the first sees nothing of it
    assert visit(second).status == 404
    # and takes no copy of the answers of a firm along
    assert visit(f"{home}copy").status == 404
    with database_of(app).reading() as session:
        assert len(session.scalars(select(Assessment.id)).all()) == 2


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_one_is_begun_for_a_place(app: Flask, visit: Any, firm: Firm) -> None:
    sign_in(visit, app, firm.manager)
    visit(f"/organisations/{firm.organisation.id}/start")
    page = visit.send()
    assert page.status == 422
    assert [one["href"] for one in page.soup.select(".govuk-error-summary a")] == ["#site", "#bank", "#length"]
    page = visit.send(bank="hospitality", site="new", site_name="The Crown", length="quick")
    home = page.address.removesuffix("questions/1")
    assert "It is kept with Fen Edge Group, The Crown." in visit(f"{home}overview").text
    made = row_of(app, home)
    assert made.quick
    assert made.organisation_id == firm.organisation.id
    assert visit(f"{home}business").soup.select_one("#name")["value"] == "Fen Edge Group"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_only_whoever_answers_there_begins_one(app: Flask, visit: Any, firm: Firm, person: Any) -> None:
    address = f"/organisations/{firm.organisation.id}/start"
    assert visit(address, follow=False).headers["Location"].startswith("/sign-in")
    for number, role in enumerate((None, Role.BUYER, Role.SIGNER)):
        who = person(f"p{number}@farm.example")
        if role:
            with database_of(app).writing() as session:
                session.add(
                    Membership(organisation_id=firm.organisation.id, person_id=who.id, role=role, made_at=TODAY)
                )
        sign_in(visit, app, who)
        assert visit(address).status == 404, role


def test_whoever_is_not_signed_in_is_led_there_and_back(visit: Any, begin: Any) -> None:
    home = begin()
    page = visit(f"{home}save-to-account", follow=False)
    assert page.status == 303
    assert page.headers["Location"] == f"/sign-in?next={home}save-to-account"


def test_a_first_organisation_is_begun_with_the_name_that_is_known(
    app: Flask, visit: Any, another_visit: Any, begin: Any, identify: Any, person: Any
) -> None:
    home = begin()
    identify(home)
    visit(f"{home}link")
    link = visit.send().soup.select_one("#link")["value"].partition("/r/")[2]
    ann = person("ann@farm.example")
    sign_in(visit, app, ann)
    page = visit(f"{home}save-to-account")
    assert page.soup.select_one("#name")["value"] == "Fen Edge Hand Wash"
    assert not page.soup.select_one("#end_links").has_attr("checked"), (
        "what cannot be undone is never chosen for anybody"
    )
    assert "1 link to come back with still works" in page.text
    page = visit.send(name="", site_name="")
    assert (page.status, "Enter the name of your organisation." in page.text) == (422, True)
    assert {one["href"] for one in visit.page.soup.select(".govuk-error-summary a")} == {"#name", "#site_name"}
    for name, site in (("HMRC penalties: ring 0800 123", "Acle Road"), ("Fen Edge", "See https://evil.example")):
        assert visit.send(name=name, site_name=site).status == 422, "it would go out in emails"
    page = visit.send(name="Fen Edge Hand Wash", site_name="Acle Road", end_links="yes")
    assert page.address == home
    assert "It is kept with Fen Edge Hand Wash, Acle Road." in page.text
    assert page.soup.title.text == "Your self-check: Acle Road – Assess"
    assert page.heading.endswith("Acle Road")
    with database_of(app).reading() as session:
        firm = session.scalars(select(Organisation)).one()
        roles = set(session.scalars(select(Membership.role).where(Membership.person_id == ann.id)))
        assert roles == {Role.MANAGER, Role.RESPONDENT}
        assert session.scalars(select(Site.name)).all() == ["Acle Road"]
    assert row_of(app, home).organisation_id == firm.id
    # the old link opens nothing, and the visit is over: without the account this browser is nobody
    assert another_visit(f"/r/{link}").status == 404
    visit.client.delete_cookie("assess_signed_in")
    assert visit(home).status == 404


def test_old_links_stay_for_whoever_wants_them(app: Flask, visit: Any, begin: Any, firm: Firm) -> None:
    home = begin()
    sign_in(visit, app, firm.manager)
    page = visit(f"{home}save-to-account")
    assert page.soup.select_one(f"input[name=to][value='{firm.organisation.id}']")
    visit(f"{home}save-to-account?to={firm.organisation.id}")
    page = visit.send(site=firm.south.id)
    assert "It is kept with Fen Edge Group, South yard." in page.text
    assert row_of(app, home).site_id == firm.south.id
    visit.client.delete_cookie("assess_signed_in")
    assert visit(home).status == 200


def test_nothing_is_chosen_for_anybody(app: Flask, visit: Any, begin: Any, firm: Firm) -> None:
    home = begin()
    sign_in(visit, app, firm.manager)
    assert "Choose whose self-check this is." in visit(f"{home}save-to-account?asked=yes").text
    visit(f"{home}save-to-account?to={firm.organisation.id}")
    page = visit.send()
    assert page.status == 422
    assert "Choose which place" in page.text
    assert row_of(app, home).organisation_id is None


def test_what_is_kept_already_nobody_else_takes(app: Flask, visit: Any, begin: Any, firm: Firm, person: Any) -> None:
    home = begin()
    sign_in(visit, app, person("bob@other.example"))
    visit(f"{home}save-to-account")
    drawn = visit.page.fields("save-to-account")
    keep_with(app, home, firm)
    sent = visit.client.post(f"{home}save-to-account", data=drawn | {"name": ["Bob’s"], "site_name": ["Mine"]})
    assert sent.status_code == 404, "his link fills it in for the firm now, and keeps nothing"
    assert visit(f"{home}save-to-account").status == 404
    assert row_of(app, home).organisation_id == firm.organisation.id
    with database_of(app).reading() as session:  # and nothing was begun for him
        assert session.scalars(select(Organisation.name)).all() == ["Fen Edge Group"]


def test_whoever_does_not_hold_it_cannot_take_it(app: Flask, begin: Any, firm: Firm, another_visit: Any) -> None:
    home = begin()
    sign_in(another_visit, app, firm.manager)
    assert another_visit(f"{home}save-to-account").status == 404
    keep_with(app, home, firm)
    assert another_visit(f"{home}save-to-account").status == 404, "a member opens it, and takes nothing"
    assert another_visit(home).status == 200


def test_a_role_is_needed_there(app: Flask, visit: Any, begin: Any, firm: Firm, person: Any) -> None:
    home = begin()
    bob = person("bob@other.example")
    with database_of(app).writing() as session:
        for role in (Role.SIGNER, Role.BUYER):
            session.add(
                Membership(organisation_id=firm.organisation.id, person_id=bob.id, role=role, made_at=bob.made_at)
            )
    sign_in(visit, app, bob)
    visit(f"{home}save-to-account")
    drawn = visit.page.fields("save-to-account")
    to = {"to": [str(firm.organisation.id)], "site": [str(firm.north.id)]}
    assert visit.client.post(f"{home}save-to-account", data=drawn | to).status_code == 422
    assert row_of(app, home).organisation_id is None


def test_a_place_of_another_firm_is_not_taken(app: Flask, visit: Any, begin: Any, firm: Firm, person: Any) -> None:
    home = begin()
    sign_in(visit, app, person("bob@other.example"))
    visit(f"{home}save-to-account")
    page = visit.send(name="Bob’s", site=firm.north.id, site_name="")
    assert page.status == 422
    assert id_of(home) == row_of(app, home).id
    assert row_of(app, home).organisation_id is None


@pytest.mark.parametrize("server", [None, "smtp://localhost:25"])
def test_it_is_offered_only_where_there_are_accounts(
    app: Flask, settings: Settings, visit: Visitor, begin: Any, server: str | None
) -> None:
    sender = "assess@network.example" if server else None
    app.extensions["assess.settings"] = replace(settings, mail_server=server, mail_from=sender)
    page = visit(begin())
    for words in ("Keep this with an account", "Nobody needs an account", "Fill it in with a coordinator"):
        assert (words in page.text) is bool(server), words
    assert "Start another place or kind of work from this one" in page.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_it_moves_to_another_place_of_the_firm(app: Flask, begin: Any, another_visit: Any, firm: Firm) -> None:
    home = begin()
    keep_with(app, home, firm, firm.north)
    sign_in(another_visit, app, firm.manager)
    page = another_visit(f"{home}transfer")
    assert "It stays with this organisation." in page.text
    assert not page.soup.select("#sure")
    assert another_visit.send(site="").status == 422
    assert "Fen Edge Group, South yard." in another_visit.send(site=firm.south.id).text
    assert row_of(app, home).site_id == firm.south.id


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_going_to_another_firm_needs_both_and_a_yes(app: Flask, begin: Any, another_visit: Any, firm: Firm) -> None:
    home = begin()
    keep_with(app, home, firm, firm.north)
    with database_of(app).writing() as session:
        second = an_organisation(session, "Broads Hand Wash", manager=firm.manager)
        third = an_organisation(session, "Not hers", respondent=firm.manager)
    sign_in(another_visit, app, firm.manager)
    page = another_visit(f"{home}transfer")
    assert {one["value"] for one in page.soup.select("input[name=to]")} == {str(firm.organisation.id), str(second.id)}
    another_visit(f"{home}transfer?to={second.id}")
    page = another_visit.send(site_name="Wroxham")
    assert page.status == 422
    assert page.soup.select_one(".govuk-error-summary a")["href"] == "#sure"
    drawn = page.fields("transfer")
    assert (
        another_visit.client.post(f"{home}transfer", data=drawn | {"to": [str(third.id)], "sure": ["yes"]}).status_code
        == 404
    )
    assert row_of(app, home).organisation_id == firm.organisation.id
    another_visit(f"{home}transfer?to={second.id}")
    page = another_visit.send(site_name="Wroxham", sure="yes")
    assert "It is kept with Broads Hand Wash, Wroxham." in page.text
    assert row_of(app, home).organisation_id == second.id


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_only_a_manager_moves_it_and_proves_who_they_are(
    app: Flask, visit: Any, begin: Any, another_visit: Any, firm: Firm, person: Any
) -> None:
    home = begin()
    keep_with(app, home, firm)
    assert visit(f"{home}transfer").status == 404, "a link is not enough"
    bob = person("bob@farm.example")
    with database_of(app).writing() as session:
        session.add(
            Membership(organisation_id=firm.organisation.id, person_id=bob.id, role=Role.RESPONDENT, made_at=TODAY)
        )
    sign_in(another_visit, app, bob)
    assert another_visit(home).status == 200
    assert another_visit(f"{home}transfer").status == 404
    sign_in(another_visit, app, firm.manager)
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=20)
    assert another_visit(f"{home}transfer", follow=False).headers["Location"].startswith("/prove?next=")


def test_the_list_of_tasks_says_whose_it_is(app: Any, visit: Any, begin: Any, firm: Firm) -> None:
    home = begin()
    assert "Nobody needs an account" in visit(home).text
    keep_with(app, home, firm, firm.north)
    page = visit(home)
    assert "It is kept with an account." in page.text
    assert "Fen Edge Group" not in page.text, "a link tells nobody whose it is"
    member = Visitor(app.test_client())
    sign_in(member, app, firm.manager)
    page = member(home)
    assert "It is kept with Fen Edge Group, North yard." in page.text
    assert page.soup.select_one(f"a[href='/organisations/{firm.organisation.id}/plans']")


def test_a_page_that_is_kept_ready_for_everybody_names_nobody(app: Any, visit: Any, begin: Any, person: Any) -> None:
    stranger = Visitor(app.test_client())
    home, other = begin(), begin(who=stranger)
    sign_in(visit, app, person("ann@farm.example", name="Ann Ordinary"))
    assert "Ann Ordinary" in visit(home).text
    for page, theirs in ((f"{home}sections/people", f"{other}sections/people"), ("/questions/farming",) * 2):
        assert visit(page).status == 200
        assert "Ann Ordinary" not in stranger(theirs).text


def test_the_page_of_an_account_leads_on_to_the_one_check_that_is_not_sent_in(
    app: Any, visit: Any, begin: Any, firm: Firm
) -> None:
    def leads_to(who: Visitor) -> list[str]:
        return [str(one["href"]) for one in who("/account").soup.select("main a.govuk-button")]

    home = begin()
    sign_in(visit, app, firm.manager)
    assert leads_to(visit) == [home], "it is open in this browser"
    colleague = Visitor(app.test_client())
    sign_in(colleague, app, firm.manager)
    assert leads_to(colleague) == []
    keep_with(app, home, firm)
    assert leads_to(colleague) == [home], "it is of their organisation"
    assert colleague(home).status == 200
    begin()
    assert leads_to(visit) == [], "of two nobody knows which is meant"
