from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from assess.assessments.models import Assessment
from assess.people.models import Membership, Role
from assess.plans.cover import print_job
from tests.conftest import TODAY
from tests.people.persons import a_person, an_organisation, database_of, sign_in
from tests.plans.cover.firms import Firm

PAGES = ("/plans", "/cover", "/cover.pdf", "/cover/making")


def test_the_list_leads_to_everything(app: Flask, visit: Any, firm: Firm) -> None:
    sign_in(visit, app, firm.manager)
    page = visit(f"{firm.address}/plans")
    assert page.heading == "All plans of Fen Edge Group"
    assert "Medium. Sent in on 24 November 2026, valid until 24 November 2027." in page.text
    assert "Next step due" in page.text
    assert "Begun on 24 November 2026. Not sent in yet." in page.text
    for link in page.soup.select("main a[href]"):
        assert visit(link["href"], follow=False).status in {200, 303}, link
    app.config["CLOCK"] = lambda: TODAY + timedelta(days=366)
    sign_in(visit, app, firm.manager)
    assert "That is over: please answer again." in visit(f"{firm.address}/plans").text


def test_a_firm_without_any_is_told_what_to_do(app: Flask, visit: Any) -> None:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@farm.example")
        firm = an_organisation(session, "New firm", manager=ann)
    sign_in(visit, app, ann)
    assert "There is no self-check here yet." in visit(f"/organisations/{firm.id}/plans").text
    assert "No plan is current yet." in visit(f"/organisations/{firm.id}/cover").text
    assert visit(f"/organisations/{firm.id}/cover.pdf").address == f"/organisations/{firm.id}/cover"


def test_the_cover_is_printed_and_taken_away(
    app: Flask, visit: Any, firm: Firm, work_off: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(print_job, "render_page", lambda html: b"%PDF- " + html.encode())
    sign_in(visit, app, firm.manager)
    page = visit(f"{firm.address}/cover")
    assert "North farm" in page.text
    assert "Act now. Sent in on 24 November 2026, valid until 24 November 2027. Check code" in page.text
    assert "Not on this page: 1 self-check" in page.text
    page = visit(f"{firm.address}/cover.pdf")
    assert (page.status, page.heading) == (202, "Your file is being made")
    with app.app_context():
        assert work_off() >= 1
    page = visit(f"{firm.address}/cover.pdf")
    assert page.headers["Content-Type"] == "application/pdf"
    assert 'filename="cover-of-plans-2026-11-24.pdf"' in page.headers["Content-Disposition"]
    code = visit(f"{firm.address}/cover").text.split("Check code ")[1][:9]
    assert visit(f"/check/{code}").status == 200
    # a plan that is gone is on no cover
    with database_of(app).writing() as session:
        session.execute(delete(Assessment).where(Assessment.id == firm.assessments[0]))
    assert visit(f"{firm.address}/cover.pdf").status == 202
    assert "South yard" not in visit(f"{firm.address}/cover").text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", [None, Role.BUYER, Role.SIGNER, "desk"])
def test_it_is_for_those_who_answer_or_sign_and_for_nobody_else(app: Flask, visit: Any, firm: Firm, role: Any) -> None:
    assert visit(f"{firm.address}/plans", follow=False).headers["Location"].startswith("/sign-in")
    with database_of(app).writing() as session:
        who = a_person(session, "bob@x.example", desk="administrator" if role == "desk" else None)
        if isinstance(role, Role):
            session.add(Membership(organisation_id=firm.organisation.id, person_id=who.id, role=role, made_at=TODAY))
    sign_in(visit, app, who)
    statuses = {visit(f"{firm.address}{page}").status for page in PAGES}
    assert statuses == ({200, 202} if role is Role.SIGNER else {404})
    if role is Role.SIGNER:
        page = visit(f"{firm.address}/plans")
        assert "/again" not in page.html
        assert "/begin" not in page.html
