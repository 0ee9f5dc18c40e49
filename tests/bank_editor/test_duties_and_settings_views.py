from __future__ import annotations

from difflib import ndiff

import pytest
from flask import Flask

from assess.bank_editor.duties_and_settings.forms import DUTIES, entries_of_kind
from assess.bank_editor.duties_and_settings.views import duties_by_jurisdiction
from assess.question_banks.drafts import file_in_draft
from assess.question_banks.files import QUESTIONNAIRES, read_folder
from assess.question_banks.models import Draft
from tests.bank_editor.conftest import AtDesk
from tests.conftest import Visitor
from tests.identity.accounts_factory import database_of, sign_in

SQLITE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
DUTY = "uk_s54_approval"


def test_every_duty_stands_under_where_it_holds() -> None:
    duties = list(entries_of_kind(read_folder(QUESTIONNAIRES), DUTIES))
    groups = dict(duties_by_jurisdiction(duties))
    assert sum(map(len, groups.values())) == len(duties)
    assert all(one.data["jurisdiction"] == ["UK"] for one in groups["United Kingdom"])


@SQLITE
def test_a_review_names_a_person_and_a_day_and_can_be_taken_off(at_desk: AtDesk, visit: Visitor) -> None:
    assert "Not reviewed." in visit(f"{at_desk.draft}/duties").text
    visit(f"{at_desk.draft}/duties/{DUTY}/review")
    assert visit.send("", reviewed_by="", reviewed_on="25/11/2026").status == 422
    assert visit.page
    assert {one["href"] for one in visit.page.soup.select(".govuk-error-summary a")} == {"#reviewed_by", "#reviewed_on"}
    visit.send("", follow=False, reviewed_by="A. Lawyer, solicitor", reviewed_on="23/11/2026")
    assert "Reviewed by A. Lawyer, solicitor on 23 November 2026." in visit(f"{at_desk.draft}/duties").text
    page = visit(f"{at_desk.draft}/contacts-and-sources/duties/{DUTY}")
    assert "It prints under “You must”" in page.text
    same = {name: page.fields("")[name] for name in ("csrf_token", "seen")}
    visit.client.post(f"{at_desk.draft}/duties/{DUTY}/review", data={**same, "none": "1"})
    assert "Reviewed by" not in visit(f"{at_desk.draft}/duties").text


RATES = "settings/rates.yaml"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_rate_gets_a_value_from_a_day_on_and_keeps_the_old_one(app: Flask, at_desk: AtDesk, visit: Visitor) -> None:
    listed = visit(f"{at_desk.draft}/settings")
    assert "Changes results: test it on past submissions." in listed.text
    visit(f"{at_desk.draft}/settings/wage")
    page = visit.send("", **{"from": "01/04/2026"}, value="13.10", source="An order of 2027", review_by="31/03/2028")
    assert page.status == 422
    assert page.fields("")["value"] == ["13.10"]
    page = visit.send("", **{"from": "01/04/2027"})
    assert "Saved in this draft." in page.text
    assert page.soup.find("th", string="1 April 2026 (counts today)")
    changed = lines_changed(app, at_desk, RATES)
    assert all(line.startswith("+") for line in changed)
    assert any("13.1" in line for line in changed)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_value_past_its_day_is_marked_until_somebody_looks_again(app: Flask, at_desk: AtDesk, visit: Visitor) -> None:
    def look(again: str) -> str:
        visit(f"{at_desk.draft}/settings/wage_18_20/2026-04-01")
        visit.send("", follow=False, checked="01/05/2026", review_by=again)
        return visit(f"{at_desk.draft}/settings").text

    assert "Expired" in look("01/06/2026")
    assert "Expired" not in look("01/06/2027")
    assert [line[0] for line in lines_changed(app, at_desk, RATES)] == ["-", "+", "-", "+"]
    assert visit(f"{at_desk.draft}/settings/wage_18_20/2020-01-01").status == 404
    assert visit(f"{at_desk.draft}/settings/nothing").status == 404


CONTACTS = "settings/contacts.yaml"


def lines_changed(app: Flask, at_desk: AtDesk, name: str) -> list[str]:
    """The lines of a file that the draft takes out (-) and puts in (+)."""
    with database_of(app).reading() as session:
        now = (file_in_draft(session, session.get_one(Draft, at_desk.draft_id), name) or b"").decode().splitlines()
    before = (QUESTIONNAIRES / name).read_text(encoding="utf-8").splitlines()
    return [line for line in ndiff(before, now) if line[0] in "-+"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_one_field_changed_is_one_line_changed(app: Flask, at_desk: AtDesk, visit: Visitor) -> None:
    visit(f"{at_desk.draft}/contacts-and-sources/contacts/acas")
    page = visit.send("", number="0300 123 1101")
    assert "Saved in this draft." in page.text
    assert lines_changed(app, at_desk, CONTACTS) == ['-     number: "0300 123 1100"', "+     number: 0300 123 1101"]
    assert "the contact “Acas”" in visit(at_desk.draft).text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_wrong_number_is_refused_and_what_was_typed_stays(app: Flask, at_desk: AtDesk, visit: Visitor) -> None:
    visit(f"{at_desk.draft}/contacts-and-sources/contacts/acas")
    page = visit.send("", number="0300 123", for_whom="Everybody")
    assert page.status == 422
    assert page.fields("")["for_whom"] == ["Everybody"]
    assert page.soup.select_one("a[href='#number']")
    assert lines_changed(app, at_desk, CONTACTS) == []


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_who_comes_second_sees_both_and_may_save_again(
    app: Flask, at_desk: AtDesk, visit: Visitor, another_visit: Visitor
) -> None:
    sign_in(another_visit, app, at_desk.ben)
    for one in (visit, another_visit):
        one(f"{at_desk.draft}/contacts-and-sources/contacts/acas")
    visit.send("", follow=False, situation="You want to know your rights")
    page = another_visit.send("", situation="You want help with your rights")
    assert page.status == 409
    assert "When to call is now: You want to know your rights" in page.text
    assert page.fields("")["situation"] == ["You want help with your rights"]
    assert another_visit.send("", follow=False).status == 303
    assert any("help with your rights" in line for line in lines_changed(app, at_desk, CONTACTS))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_of_two_who_add_a_value_the_second_is_told_and_may_add_it_still(
    app: Flask, at_desk: AtDesk, visit: Visitor, another_visit: Visitor
) -> None:
    sign_in(another_visit, app, at_desk.ben)
    value = {"value": "13.10", "source": "An order of 2027", "review_by": "31/03/2028"}
    for one in (visit, another_visit):
        one(f"{at_desk.draft}/settings/wage")
    assert visit.send("", follow=False, **{"from": "01/04/2027"}, **value).status == 303
    told = another_visit.send("", **{"from": "01/10/2027"}, **value)
    assert told.status == 409
    assert told.fields("")["from"] == ["01/10/2027"]
    assert another_visit.send("", follow=False).status == 303
    assert sum("13.1" in line for line in lines_changed(app, at_desk, RATES)) == 2


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_line_pages_need_cannot_be_taken_away_and_another_can(at_desk: AtDesk, visit: Visitor) -> None:
    page = visit(f"{at_desk.draft}/contacts-and-sources/contacts/helpline/remove")
    assert not page.soup.select("form#remove")
    visit(f"{at_desk.draft}/contacts-and-sources/contacts/acas/remove")
    seen = visit.page and visit.page.fields("")
    assert (
        visit.client.post(f"{at_desk.draft}/contacts-and-sources/contacts/helpline/remove", data=seen).status_code
        == 409
    )
    visit(f"{at_desk.draft}/contacts-and-sources/contacts/acas/remove")
    assert "Acas" not in visit.send("").soup.main.get_text()  # type: ignore[union-attr]  # each page has one
    visit(f"{at_desk.draft}/contacts-and-sources/contacts/-/new")
    page = visit.send("", id="acas", situation="x", who="Acas", number="0300 123 1100", for_whom="All", order="9", source="x",
                      checked="24/11/2026", review_by="24/12/2026")  # fmt: skip
    assert page.status == 422
    assert "This id was used before" in page.text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_new_duty_takes_over_a_condition_and_is_likely_until_it_is_reviewed(
    app: Flask, at_desk: AtDesk, visit: Visitor
) -> None:
    visit(f"{at_desk.draft}/contacts-and-sources/duties/-/new")
    assert visit.send("", id="new_duty").status == 422
    page = visit.send("", sheet="duties/uk.yaml", like="uk_s54_statement", title="A new duty", jurisdiction="UK", status="in_force",
                      force="mandatory", applies_to="Large firms", **{"must_do-0": "Do it.", "deadline-kind": "none"}, source="An Act",
                      url="https://www.legislation.gov.uk/", source_as_of="2026-11-24", evidence="A", confidence="high")  # fmt: skip
    assert page.status == 200
    assert "It never prints under “You must”." in page.text
    assert "is 36000000 or more" in page.text
    offered = {one["value"] for one in page.soup.select("#like option")}
    assert "uk_s54_statement" in offered
    assert "new_duty" not in offered, "a duty takes over the condition of any other"
    assert all(line.startswith("+") for line in lines_changed(app, at_desk, "duties/uk.yaml"))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_nobody_reads_a_kind_there_is_not(at_desk: AtDesk, visit: Visitor) -> None:
    assert visit(f"{at_desk.draft}/contacts-and-sources/questions").status == 404
    assert visit(f"{at_desk.draft}/contacts-and-sources/contacts/nobody").status == 404
    for kind in ("sources/S1", "owners/owner", "dimensions/remediation", "sources", "owners", "dimensions"):
        assert visit(f"{at_desk.draft}/contacts-and-sources/{kind}").status == 200
    assert visit(f"{at_desk.draft}/contacts-and-sources").status == 200
