"""What is final, or lets others see much, asks somebody signed in to prove once more who they are: every page of the table, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import func, select

from assess.core.models import AuditEvent
from assess.identity.permissions import REAUTHENTICATION_PAGES
from tests.conftest import TODAY, Copies, Page, Visitor
from tests.identity.access_roles import AccessWorld, Kind, build
from tests.identity.accounts_factory import database_of
from tests.identity.test_access_matrix import Case, ask, cases, is_allowed, site_in

MUST_BE_IN = {
    "urgent_fixes.request_contact_change",
    "urgent_fixes.blank_contact",
    "urgent_fixes.confirm_contact_change",
    "urgent_fixes.make_urgent_fix",
    "urgent_fixes.undo_urgent_fix",
    "question_banks_history.withdraw_edition",
    "question_banks_history.confirm_edition_withdrawn",
    "administration.confirm_name",
    "administration.lift_name_suspension",
    "administration.suspend_name",
    "organisations.edit_organisation_details",
    "supplier_emails.end_pause",
    "supplier_emails.send_correction",
    "draft_review.publish_reviewed_draft",
    "bulk_exports.order_plan_bundle",
    "bulk_exports.download_export",
    "organisations.edit_member_roles",
    "member_invitations.send_invitation",
    "personal_data.redact",
    "resume_links.delete_everything",
    "organisations.delete_organisation",
    "assisted_completion.ask_for_assistance",
    "resume_links.add_resume_link",
    "plan_sign_off.create_sign_off_link",
    "plan_downloads.create_calendar_address",
    "delegation.delegate_section",
    "delegation.delegate_question",
    "activity_log.download_all_activity_logs",
    "contracts.download_contracts_csv",
    "contracts.download_contracts_xlsx",
    "organisations.request_name_confirmation",
}


@pytest.fixture
def app(
    copies: Copies, compiled_templates: FileSystemBytecodeCache, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    yield from site_in(tmp_path_factory.mktemp("world"), copies, compiled_templates)


@pytest.fixture
def world(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> AccessWorld:
    return build(app, tmp_path_factory.mktemp("built"))


def of_table(app: Flask) -> list[Case]:
    return [case for case in cases(app) if case.rule.endpoint in REAUTHENTICATION_PAGES]


def somebodyallowed(world: AccessWorld, case: Case) -> Kind:
    """Somebody signed in who may do it."""
    return next(kind for kind in world.kinds if kind.person and is_allowed(kind, case))


@pytest.fixture
def later(app: Flask) -> Iterator[Any]:
    """`later(16)`: so many minutes have passed."""
    before = app.config.get("CLOCK")

    def move(minutes: int) -> None:
        app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=minutes)

    yield move
    app.config["CLOCK"] = before


def test_the_table_names_pages_that_there_are_and_has_what_is_final(app: Flask) -> None:
    views = app.view_functions.keys()
    assert REAUTHENTICATION_PAGES.keys() - views == set()
    assert set(REAUTHENTICATION_PAGES.values()) - views == set()
    assert MUST_BE_IN - REAUTHENTICATION_PAGES.keys() == set()
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert set(REAUTHENTICATION_PAGES.values()) - pages == set(), "one can come back to each"


def test_every_page_of_the_table_asks_for_proof_when_the_last_is_sixteen_minutes_old(
    app: Flask, world: AccessWorld, later: Any
) -> None:
    wrong = []
    asked = {case.rule.endpoint for case in of_table(app)}
    assert asked == REAUTHENTICATION_PAGES.keys()
    for case in of_table(app):
        later(0)
        entered = world.entered_by(somebodyallowed(world, case))
        later(14)
        if case.rule.endpoint != "plan_downloads.download_organisation_export":  # a file that is sent while it is made
            early = ask(entered, case, world.arguments)
            if str(early.headers.get("Location", "")).startswith("/prove"):
                wrong.append(f"{case.name}: asks for proof after 14 minutes")
            early.get_data()  # what is sent while it is made needs the database until its end
            entered.reset()
        later(16)
        events = number_of_events(app)
        late = ask(entered, case, world.arguments)
        if case.method == "GET":
            led = late.status_code == 303 and late.headers["Location"].startswith("/prove?next=/")
        else:  # the form brings a field that a mail program sends: it is kept as what a person types
            led = Page(late).heading == "Prove that it is you"
        if not led or number_of_events(app) != events:
            wrong.append(f"{case.name}: {late.status_code} {late.headers.get('Location', '')}")
    assert not wrong, "\n".join(wrong)


def test_a_form_without_anything_typed_leads_to_the_proof_and_back_to_its_page(
    app: Flask, world: AccessWorld, later: Any
) -> None:
    for case in of_table(app):
        if case.method != "POST":
            continue
        later(0)
        entered = world.entered_by(somebodyallowed(world, case))
        later(16)
        address = ask(entered, case, world.arguments).request.path
        answer = entered.client.post(address, data={"csrf_token": entered.form_token})
        assert answer.status_code == 303, case.name
        back = str(answer.headers["Location"]).removeprefix("/prove?next=")
        assert entered.client.get(back).status_code in {200, 303}, case.name


def test_what_was_typed_is_kept_and_sent_once_it_is_proven(world: AccessWorld, later: Any) -> None:
    kind = next(kind for kind in world.kinds if kind.name == "manager")
    entered = world.entered_by(kind)
    address = f"/organisations/{world.arguments['organisation_id']}/delete"
    visitor = Visitor(entered.client)
    visitor(address)
    later(16)
    page = visitor.send(name="Not its name")
    assert (page.status, page.heading) == (403, "Prove that it is you")
    way = page.soup.select_one("main a[target=_blank]")
    assert way["href"] == f"/prove?next={address}"
    assert "Press the button to send it again" in page.text
    later(0)  # as if it had been proven a moment ago
    sent = visitor.send()
    assert sent.status == 422
    assert sent.soup.select_one("input[name=name]")["value"] == "Not its name"


@pytest.mark.parametrize(
    ("who", "page", "form", "typed"),
    [
        ("coordinator", "/staff/names/{organisation_id}", "/suspend", {"reason": "They are not who they say."}),
        ("manager", "/organisations/{organisation_id}/details", "/details", {"name": "Another Name"}),
    ],
)
def test_nobody_ends_the_emails_of_an_organisation_at_a_browser_left_open(
    app: Flask, world: AccessWorld, later: Any, who: str, page: str, form: str, typed: dict[str, str]
) -> None:
    entered = world.entered_by(next(kind for kind in world.kinds if kind.name == who))
    here = page.format(**world.arguments)
    visitor = Visitor(entered.client)
    visitor(here)
    later(16)
    events = number_of_events(app)
    shown = visitor.send(form, **typed)
    assert (shown.status, shown.heading) == (403, "Prove that it is you")
    assert shown.soup.select_one("main a[target=_blank]")["href"] == f"/prove?next={here}"
    assert number_of_events(app) == events
    later(0)  # as if it had been proven a moment ago
    assert visitor.send().status == 200
    assert number_of_events(app) > events


def test_whoever_holds_it_by_a_link_alone_has_nothing_to_prove(world: AccessWorld, later: Any) -> None:
    entered = world.entered_by(next(kind for kind in world.kinds if kind.name == "holder of another link"))
    visitor = Visitor(entered.client)
    way = visitor("/").soup.select_one("main a[href^='/assessments/']")["href"]
    home = "/".join(way.split("/")[:3])
    later(16)
    assert visitor(f"{home}/assistance").status == 200
    assert visitor(f"{home}/delete").status == 200
    fields = {box["name"]: box["value"] for box in visitor.page.soup.select("main form input[type=checkbox]")}
    assert visitor.send(**fields).address == "/goodbye"


def number_of_events(app: Flask) -> int:
    with database_of(app).reading() as session:
        return session.scalar(select(func.count()).select_from(AuditEvent)) or 0
