from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import session as flask_session
from sqlalchemy.exc import DBAPIError

from assess.kit.application import Application, public_address, settings_of
from assess.kit.tokens import new_token

MakeSite = Callable[..., Application]


def test_a_request_is_logged_by_its_route_and_never_by_its_address(
    site: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    token = new_token()
    client = site.test_client()
    client.get(f"/r/{token}?name=Fen+Edge", headers={"User-Agent": "canary", "Referer": "http://localhost/canary"})
    client.get(f"/unknown/{token}")
    client.open("/public", method="CANARY-METHOD")
    out = capsys.readouterr().out
    lines = [json.loads(line) for line in out.splitlines()]
    assert [(line["route"], line["status"]) for line in lines] == [
        ("/r/<token>", 200),
        ("unknown", 404),
        ("unknown", 405),
    ]
    for secret in (token, "Fen", "canary", "CANARY", "127.0.0.1"):
        assert secret not in out


def test_nothing_that_was_typed_reaches_the_log_even_when_it_breaks_something(
    site: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    client = site.test_client()
    token = client.get("/form").get_data(as_text=True).split('value="')[1].split('"')[0]
    client.post("/save-and-fail", data={"key": "canary passports", "csrf_token": token})
    out = capsys.readouterr()
    assert '"event": "error"' in out.out
    assert "canary" not in out.out + out.err
    assert token not in out.out + out.err


def test_of_silent_pages_nothing_is_logged_not_even_that_they_failed(
    site: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    for address in ("/hush/fail", "/hush", "/hush/unknown"):
        site.test_client().get(address)
    assert capsys.readouterr() == ("", "")
    assert not site.is_silent("/hushed")


class DeadlockError(Exception):
    sqlstate = "40P01"


@pytest.mark.parametrize(("failures", "status"), [(1, 200), (2, 200), (3, 503)])
def test_work_that_got_in_anothers_way_is_done_again_three_times_at_most(
    make_site: MakeSite, failures: int, status: int
) -> None:
    site = make_site()
    tries: list[int] = []

    def work() -> str:
        tries.append(1)
        if len(tries) <= failures:
            raise DBAPIError("UPDATE", {}, DeadlockError())
        return "done"

    site.add_url_rule("/work", "work", work)
    assert site.test_client().get("/work").status_code == status
    assert len(tries) == min(failures + 1, 3)


def test_every_template_escapes_whatever_its_name(site: Application) -> None:
    for name in ("a.html", "a.txt", "a.md", "a.njk", "a.html.j2", None):
        assert site.select_jinja_autoescape(name)


def test_links_people_take_away_come_from_the_settings(make_site: MakeSite) -> None:
    site = make_site(public_url="https://assess.example.org/")
    with site.test_request_context("/", base_url="http://evil.example"):
        assert public_address(site, "/r/x") == "https://assess.example.org/r/x"
    assert settings_of(site).secure


def test_after_a_change_of_the_key_old_cookies_still_work(make_site: MakeSite) -> None:
    old, new = "o" * 40, "n" * 40
    before, after = make_site(secret_key=old), make_site(secret_key=new, old_secret_keys=(old,))
    with before.test_request_context("/"):
        flask_session["a"] = 1
        cookie = before.session_interface.get_signing_serializer(before).dumps(dict(flask_session))
    with after.test_request_context("/", headers={"Cookie": f"assess_session={cookie}"}):
        assert flask_session["a"] == 1
