from __future__ import annotations

from difflib import ndiff

import pytest
from flask import Flask

from assess.banks.drafts.keeping import sheet_of
from assess.banks.drafts.models import Draft
from assess.banks.folder import QUESTIONNAIRES
from tests.conftest import Visitor
from tests.editor.conftest import AtDesk
from tests.people.persons import database_of, sign_in

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
CONTACTS = "settings/contacts.yaml"


def lines_changed(app: Flask, at_desk: AtDesk, name: str) -> list[str]:
    """The lines of a file that the draft takes out (-) and puts in (+)."""
    with database_of(app).reading() as look:
        now = (sheet_of(look, look.get_one(Draft, at_desk.draft_id), name) or b"").decode().splitlines()
    before = (QUESTIONNAIRES / name).read_text(encoding="utf-8").splitlines()
    return [line for line in ndiff(before, now) if line[0] in "-+"]


def test_one_field_changed_is_one_line_changed(app: Flask, at_desk: AtDesk, visit: Visitor) -> None:
    visit(f"{at_desk.draft}/things/contacts/acas")
    page = visit.send("", number="0300 123 1101")
    assert "Saved in this draft." in page.text
    assert lines_changed(app, at_desk, CONTACTS) == ['-     number: "0300 123 1100"', "+     number: 0300 123 1101"]
    assert "the contact “Acas”" in visit(at_desk.draft).text


def test_a_wrong_number_is_refused_and_what_was_typed_stays(app: Flask, at_desk: AtDesk, visit: Visitor) -> None:
    visit(f"{at_desk.draft}/things/contacts/acas")
    page = visit.send("", number="0300 123", for_whom="Everybody")
    assert page.status == 422
    assert page.fields("")["for_whom"] == ["Everybody"]
    assert page.soup.select_one("a[href='#number']")
    assert lines_changed(app, at_desk, CONTACTS) == []


def test_who_comes_second_sees_both_and_may_save_again(
    app: Flask, at_desk: AtDesk, visit: Visitor, another_visit: Visitor
) -> None:
    sign_in(another_visit, app, at_desk.ben)
    for one in (visit, another_visit):
        one(f"{at_desk.draft}/things/contacts/acas")
    visit.send("", follow=False, situation="You want to know your rights")
    page = another_visit.send("", situation="You want help with your rights")
    assert page.status == 409
    assert "When to call is now: You want to know your rights" in page.text
    assert page.fields("")["situation"] == ["You want help with your rights"]
    assert another_visit.send("", follow=False).status == 303
    assert any("help with your rights" in line for line in lines_changed(app, at_desk, CONTACTS))


def test_a_line_pages_need_cannot_be_taken_away_and_another_can(at_desk: AtDesk, visit: Visitor) -> None:
    page = visit(f"{at_desk.draft}/things/contacts/helpline/remove")
    assert not page.soup.select("form#remove")
    visit(f"{at_desk.draft}/things/contacts/acas/remove")
    seen = visit.page and visit.page.fields("")
    assert visit.client.post(f"{at_desk.draft}/things/contacts/helpline/remove", data=seen).status_code == 409
    visit(f"{at_desk.draft}/things/contacts/acas/remove")
    assert "Acas" not in visit.send("").soup.main.get_text()  # type: ignore[union-attr]  # each page has one
    visit(f"{at_desk.draft}/things/contacts/-/new")
    page = visit.send("", id="acas", situation="x", who="Acas", number="0300 123 1100", for_whom="All", order="9", source="x",
                      checked="24/11/2026", review_by="24/12/2026")  # fmt: skip
    assert page.status == 422
    assert "This id was used before" in page.text


def test_a_new_duty_takes_over_a_condition_and_is_likely_until_it_is_reviewed(
    app: Flask, at_desk: AtDesk, visit: Visitor
) -> None:
    visit(f"{at_desk.draft}/things/duties/-/new")
    assert visit.send("", id="new_duty").status == 422
    page = visit.send("", sheet="duties/uk.yaml", like="uk_s54_statement", title="A new duty", jurisdiction="UK", status="in_force",
                      force="mandatory", applies_to="Large firms", **{"must_do-0": "Do it.", "deadline-kind": "none"}, source="An Act",
                      url="https://www.legislation.gov.uk/", source_as_of="2026-11-24", evidence="A", confidence="high")  # fmt: skip
    assert page.status == 200
    assert "It never prints under “You must”." in page.text
    assert "is 36000000 or more" in page.text
    assert all(line.startswith("+") for line in lines_changed(app, at_desk, "duties/uk.yaml"))


def test_nobody_reads_a_kind_there_is_not(at_desk: AtDesk, visit: Visitor) -> None:
    assert visit(f"{at_desk.draft}/things/questions").status == 404
    assert visit(f"{at_desk.draft}/things/contacts/nobody").status == 404
    for kind in ("sources/S1", "owners/owner", "dimensions/remediation", "sources", "owners", "dimensions"):
        assert visit(f"{at_desk.draft}/things/{kind}").status == 200
    assert visit(f"{at_desk.draft}/things").status == 200
