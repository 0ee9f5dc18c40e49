"""What a buyer looks at before it goes is what leaves, but for the two links: read back from a real server, byte for byte."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag
from flask import Flask

from assess.app import load_jobs
from assess.core.config import Settings
from assess.core.jobs.worker import run_due_jobs
from assess.identity.models import Organisation
from assess.suppliers.reminders import send_all_due_emails
from tests.conftest import TODAY, Page, Visitor
from tests.identity.accounts_factory import a_person, confirm_name, database_of, sign_in
from tests.mail_servers import MailServer, settings_that_mail
from tests.suppliers.factories import a_buyer, later
from tests.suppliers.invite.conftest import Council, sign_in_again
from tests.suppliers.supplier_import.conftest import multipart

LINK = re.compile(r"http://localhost:5000/supplier-invitations/(unsubscribe/)?[\w-]{43}")
WORDS = {"": "(the link stands here)", "unsubscribe/": "(another link stands here)"}
FARM: dict[str, Any] = {
    "name": "Fen Edge Growers",
    "email": "office@fenedge.example",
    "sector": "farming",
    "message": "Please ask Jo.\r\n  Thank you.",
}


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: MailServer) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


@pytest.fixture
def council(app: Flask, visit: Visitor) -> Council:
    with database_of(app).writing() as session:
        ann = a_person(session, "ann@council.example")
        made = a_buyer(session, "The Council of Ærø & Sons", buyer=ann)
        confirm_name(made, "council.example")
    sign_in(visit, app, ann)
    return Council(made.id)


def shown(page: Page) -> dict[str, tuple[str, ...]]:
    """Each letter on the page by what it is: sender, recipient, where answers go, subject and text."""
    found = {}
    for box in page.soup.select("div.assess-said"):
        rows = box.find_previous("dl")
        assert isinstance(rows, Tag)
        pairs = {
            dt.get_text(strip=True): dd.get_text(strip=True)
            for dt, dd in zip(rows.select("dt"), rows.select("dd"), strict=True)
        }
        folded = box.find_parent("details")
        name = folded.select_one("summary").get_text(strip=True) if isinstance(folded, Tag) else "The email"  # type: ignore[union-attr]  # it has one
        found[name] = (pairs["From"], pairs["To"], pairs["Answers go to"], pairs["Subject"], box.get_text().strip())
    return found


def left(postbox: MailServer) -> tuple[str, ...]:
    """The last letter that the server took, with words where its two links stand."""
    mail, body = postbox.mails[-1], postbox.bodies()[-1]
    sender = mail["From"].addresses[0]
    assert len(LINK.findall(body)) == 2
    return (
        f"{sender.display_name} <{sender.addr_spec}>",
        str(mail["To"]),
        str(mail["Reply-To"]),
        str(mail["Subject"]),
        LINK.sub(lambda found: WORDS[found[1] or ""], body).strip(),
    )


def work(app: Flask, settings: Settings, now: datetime) -> None:
    load_jobs()
    run_due_jobs(database_of(app), settings, lambda: now)


def test_the_email_and_each_reminder_leave_as_they_were_shown(
    app: Flask, visit: Visitor, council: Council, settings: Settings, postbox: MailServer
) -> None:
    visit(f"{council.suppliers}/new")
    session = shown(visit.send(**FARM, due_day="24", due_month="12", due_year="2026"))
    visit.send()
    work(app, settings, TODAY)
    assert left(postbox) == session["The email"]
    assert session["The email"][2] == "ann@council.example"
    reminders = {name: letter for name, letter in session.items() if name.startswith("The reminder on ")}
    assert len(reminders) == 6
    for day in range(1, 46):
        send_all_due_emails(database_of(app), settings, later(day))
        work(app, settings, later(day))
    assert len(postbox.mails) == 7
    bodies = [LINK.sub(lambda found: WORDS[found[1] or ""], body).strip() for body in postbox.bodies()[1:]]
    assert bodies == [letter[4] for letter in reminders.values()]
    assert len({letter[4] for letter in reminders.values()}) == 6, "each has its own number"


def test_a_reminder_by_hand_leaves_as_it_was_shown(
    app: Flask, visit: Visitor, council: Council, settings: Settings, postbox: MailServer
) -> None:
    visit(f"{council.suppliers}/new")
    visit.send(**FARM)
    here = visit.send().address
    app.config["CLOCK"] = lambda: later(4)
    sign_in_again(app, visit, council)
    session = shown(visit(here))
    visit.send("/remind")
    work(app, settings, later(4))
    assert left(postbox) == session["The reminder"]


def test_asking_again_shows_the_number_of_the_new_email(
    app: Flask, visit: Visitor, council: Council, settings: Settings, postbox: MailServer
) -> None:
    visit(f"{council.suppliers}/new")
    visit.send(**FARM)
    here = visit.send().address
    app.config["CLOCK"] = lambda: later(4)
    sign_in_again(app, visit, council)
    visit(here)
    session = shown(visit.send("/preview"))
    visit.send()
    work(app, settings, later(4))
    assert left(postbox) == session["The email"]


def test_the_email_of_an_import_leaves_as_it_was_shown(
    app: Flask, visit: Visitor, council: Council, settings: Settings, postbox: MailServer
) -> None:
    here = f"{council.suppliers}/import"
    typed = {
        "what": "ask",
        "sector": "farming",
        "length": "full",
        "due_day": "24",
        "due_month": "12",
        "due_year": "2026",
        "message": "Please.",
    }
    csv = b"name,email\nNobody,\nFen Edge Growers,office@fenedge.example\n"
    fields = {"csrf_token": visit(here).fields("/import")["csrf_token"][0], **typed, "list": ("a.csv", csv)}
    body, kind = multipart(fields)
    page = Page(visit.client.post(here, data=body, content_type=kind, follow_redirects=True))
    session = shown(page)
    visit.page = page
    visit.send("/confirm")
    work(app, settings, TODAY)
    assert left(postbox) == session["The email"]


def test_the_own_sentence_of_a_name_that_waits_is_not_shown_and_does_not_leave(
    app: Flask, visit: Visitor, council: Council, postbox: MailServer
) -> None:
    with database_of(app).writing() as session:
        session.get_one(Organisation, council.id).name_until = TODAY.date()
    visit(f"{council.suppliers}/new")
    page = visit.send(**FARM)
    assert shown(page) == {}
    assert "whose name nobody has confirmed" in page.text
    visit.send()
    assert postbox.mails == []


def test_the_reminder_to_many_leaves_as_it_was_shown(
    app: Flask, visit: Visitor, council: Council, settings: Settings, postbox: MailServer
) -> None:
    visit(f"{council.suppliers}/new")
    visit.send(**FARM)
    supplier = visit.send().address.removesuffix("/invitation").rsplit("/", 1)[-1]
    app.config["CLOCK"] = lambda: later(4)
    sign_in_again(app, visit, council)
    session = shown(visit(f"{council.suppliers}/bulk-actions?kind=remind&supplier={supplier}"))
    visit.send()
    work(app, settings, later(4))
    assert left(postbox) == session["The email"]
