"""What may be an attack stands in the log lines, can be counted, and names nobody."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from assess.core.db import Database
from assess.core.rate_limits import RateCounter
from assess.identity.access import reauthentication_redirect, require_sign_in, safe_next_path, url_with_next
from assess.identity.accounts import emails as accounts_emails
from assess.identity.accounts import passwords, second_factors
from assess.identity.accounts.passwords import hash_password
from assess.identity.accounts.services import create_person, find_person
from assess.identity.accounts.sessions import create_login_session
from assess.identity.models import Passkey, RecoveryCode, TotpDevice
from tests.conftest import TODAY
from tests.identity.accounts.conftest import JO, PASSWORD, is_in
from tests.identity.accounts_factory import database_of

SAM = "sam.canary@farm.example"


def lines(capsys: pytest.CaptureFixture[str], event: str) -> list[dict[str, Any]]:
    said = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    return [line for line in said if line["event"] == event]


def test_a_burst_of_guesses_at_one_account_can_be_counted_and_told_from_slips(
    visit: Any, join: Any, enter: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    join(visit)
    visit.client.delete_cookie("assess_signed_in")
    capsys.readouterr()
    for _ in range(5):
        enter(visit, password="wrong horse wrong")
    for email in (SAM, "one@farm.example", "two@farm.example"):
        enter(visit, email, "wrong horse wrong")
    out = capsys.readouterr().out
    refused = [json.loads(line) for line in out.splitlines() if '"sign_in_refused"' in line]
    assert sorted(Counter(line["who"] for line in refused).values()) == [1, 1, 1, 5]
    assert len({line["caller"] for line in refused}) == 1
    for secret in (JO, SAM, "canary", "farm.example", "127.0.0.1", "wrong horse"):
        assert secret not in out


def test_an_unknown_address_leaves_the_same_line_as_a_wrong_password(
    visit: Any, join: Any, enter: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    join(visit)
    visit.client.delete_cookie("assess_signed_in")
    capsys.readouterr()
    enter(visit, password="wrong horse wrong")
    enter(visit, SAM, "wrong horse wrong")
    known, unknown = lines(capsys, "sign_in_refused")
    changing = {"at", "request", "who"}
    assert {name: known[name] for name in known.keys() - changing} == {
        name: unknown[name] for name in unknown.keys() - changing
    }


def test_a_limit_that_is_reached_has_a_line_with_the_mark_of_whom_it_was_about(
    visit: Any, enter: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(5):
        enter(visit, SAM, "wrong horse wrong")
    (who,) = {line["who"] for line in lines(capsys, "sign_in_refused")}
    assert enter(visit, SAM, "wrong horse wrong").status == 429
    (limited,) = lines(capsys, "limited")
    assert (limited["who"], limited["route"], limited["method"]) == (who, "/sign-in", "POST")


def test_a_wrong_second_step_has_a_line(
    visit: Any, join: Any, enter: Any, with_app: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    join(visit)
    with_app(visit)
    visit.client.delete_cookie("assess_signed_in")
    enter(visit)
    visit.send("/sign-in/second-step", code="000000")
    (refused,) = lines(capsys, "second_step_refused")
    assert refused["who"]
    assert refused["who"] != refused["caller"]
    assert not is_in(visit)


def test_a_wrong_password_where_it_has_to_be_proved_has_a_line(
    visit: Any, join: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    join(visit)
    visit("/prove")
    visit.send("/prove", password="wrong horse wrong")
    (refused,) = lines(capsys, "proof_refused")
    assert refused["route"] == "/prove"
    visit("/prove")
    visit.send("/prove", password=PASSWORD)
    assert lines(capsys, "proof_refused") == []


UNKNOWN = "nobody@farm.example"
KNOWN = {"with a password": True, "without a password": False}


@pytest.fixture
def known(app: Flask, now: datetime) -> dict[str, str]:
    """People by what they have, and their addresses."""
    found = {}
    with database_of(app).writing() as session:
        for number, (name, has_password) in enumerate(KNOWN.items()):
            found[name] = f"known{number}@farm.example"
            create_person(session, found[name], now, password_hash=hash_password(PASSWORD) if has_password else None)
        create_person(session, "closed@farm.example", now, password_hash=hash_password(PASSWORD))
        closed = find_person(session, "closed@farm.example")
        assert closed is not None
        closed.disabled_at = now
    return {**found, "closed": "closed@farm.example"}


@contextmanager
def watched(app: Flask) -> Iterator[list[str]]:
    """Every statement that reaches the database meanwhile, without its values."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    engine = database_of(app).engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("form", ["/sign-in", "/sign-in/link", "/forgotten"])
def test_the_work_is_the_same_whoever_is_asked_for(
    app: Flask, visit: Any, known: dict[str, str], form: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str] = []
    verify = passwords._hasher.verify

    class Counting:
        """The hasher, which keeps what it was asked."""

        hash = passwords._hasher.hash

        @staticmethod
        def verify(stored: str, password: str) -> bool:
            hashed.append(stored)
            return verify(stored, password)

    def never(_seconds: float) -> None:
        raise AssertionError("a request slept in a worker")

    monkeypatch.setattr(passwords, "_hasher", Counting)
    monkeypatch.setattr(time, "sleep", never)
    work = {}
    for name, email in {"unknown": UNKNOWN, **known}.items():
        visit(form)
        hashed.clear()
        with watched(app) as statements:
            answer = visit.send(
                form if form == "/sign-in" else None, email=email, password="not the password", follow=False
            )
        work[name] = (answer.status, len(hashed), statements)
        now += timedelta(hours=1)  # no limit of the address that calls stands in the way
        app.config["CLOCK"] = lambda now=now: now
    assert all(done == work["unknown"] for done in work.values()), work
    assert work["unknown"][1] == (1 if form == "/sign-in" else 0)


LINK = "https://assess.example.org/x/" + "t" * 43
ALL = [
    accounts_emails.confirm_email(LINK),
    accounts_emails.already_registered(LINK, LINK),
    accounts_emails.no_account(LINK),
    accounts_emails.account_disabled(),
    accounts_emails.sign_in(LINK),
    accounts_emails.new_password(LINK),
    accounts_emails.confirm_identity(LINK),
    accounts_emails.new_email(LINK),
    accounts_emails.email_taken(),
    accounts_emails.email_change_requested(),
    accounts_emails.email_changed(),
    accounts_emails.account_changed("Its password is a new one.", LINK),
]


@pytest.mark.parametrize("letter", ALL, ids=lambda letter: letter.subject)
def test_a_mail_is_plain_and_says_nothing_a_stranger_may_not_read(letter: accounts_emails.AccountEmail) -> None:
    assert letter.body.startswith("Hello,\n\n")
    assert letter.subject.isprintable()
    for word in ("slavery", "assessment", "helpline", "worker", "sign of"):
        assert word not in (letter.subject + letter.body).casefold()
    assert all(line == LINK for line in letter.body.splitlines() if "://" in line)


def test_the_name_can_be_changed_and_stands_in_the_header_but_never_on_pages_for_all(
    visit: Any, join: Any, another_visit: Any
) -> None:
    join(visit, name="")
    visit("/account/name")
    visit.send("", name="Canary <b> Jo")
    page = visit("/account")
    assert page.soup.select_one("header a[href='/account']").get_text(strip=True) == "Your account: Canary <b> Jo"
    for path in ("/", "/questions", "/help", "/privacy", "/before-you-start"):
        assert "Canary" not in visit(path).html, path
    for path in ("/help", "/privacy"):
        assert visit(path).soup.select("header a[href='/account']") == [], path
    assert another_visit("/").soup.select_one("header a[href='/account']") is not None
    assert another_visit("/sign-in").soup.select_one("header a[href='/account']").text.strip() == "Your account"


@pytest.mark.both_databases
def test_everything_of_a_person_goes_with_the_person(database: Database) -> None:
    with database.writing() as session:
        jo = create_person(session, "jo@farm.example", TODAY)
        second_factors.begin_totp_setup(session, jo.id, "k" * 32, TODAY)
        second_factors.renew_recovery_codes(session, jo.id, TODAY)
        session.add(
            Passkey(
                person_id=jo.id, credential_id="abc", public_key=b"k", sign_count=2**32 - 1, name="x", made_at=TODAY
            )
        )
        session.add(RateCounter(key="k", count=0, moments={"at": []}, until=TODAY))
        session.flush()
        session.delete(jo)
        session.flush()
        for table in (TotpDevice, RecoveryCode, Passkey):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert session.scalar(select(func.count()).select_from(RateCounter)) == 1


@pytest.mark.parametrize("path", ["/", "/organisations/3/people", "/account?tab=browsers", "/a%20b"])
def test_a_path_of_ours_is_where_one_may_go_on_to(path: str) -> None:
    assert safe_next_path(path) == path


@pytest.mark.parametrize(
    "elsewhere",
    [
        None,
        "",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/%5Cevil.example",
        "/%2Fevil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=y",
        "/a%0d%0aSet-Cookie:x",
        "account",
        "/" + "a" * 500,
    ],
)
def test_nothing_else_is(elsewhere: str | None) -> None:
    assert safe_next_path(elsewhere) is None
    assert url_with_next("/sign-in", elsewhere) == "/sign-in"


def test_where_to_go_on_to_stands_in_the_address() -> None:
    assert url_with_next("/sign-in", "/shared?of=a&b=c") == "/sign-in?next=/shared%3Fof%3Da%26b%3Dc"


def test_proof_is_asked_for_after_a_quarter_of_an_hour_and_leads_back(app: Flask) -> None:
    with app.extensions["assess.database"].writing() as session:
        token = create_login_session(
            session, create_person(session, "jo@farm.example", TODAY), "A browser", TODAY, second_step=False
        )
    headers = {"Cookie": f"assess_signed_in={token}"}
    with app.test_request_context("/account/password", headers=headers):
        assert reauthentication_redirect(require_sign_in()) is None
    app.config["CLOCK"] = lambda: TODAY + timedelta(minutes=15)
    with app.test_request_context("/account/email?from=a", headers=headers):
        asked = reauthentication_redirect(require_sign_in())
        assert asked is not None
        assert asked.headers["Location"] == "/prove?next=/account/email%3Ffrom%3Da"
    with app.test_request_context("/sign-out", method="POST", headers=headers):
        asked = reauthentication_redirect(require_sign_in())  # that address has no page to come back to
        assert asked is not None
        assert asked.headers["Location"] == "/prove"
