"""The protection of forms, remembered: never weaker than when it is worked out anew."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, session
from flask_wtf.csrf import CSRFProtect

from assess.kit import form_tokens
from assess.kit.form_tokens import RememberedSessions, form_token


@pytest.fixture
def small() -> Flask:
    app = Flask("small")
    app.config.update(SECRET_KEY="k" * 32, WTF_CSRF_TIME_LIMIT=None, TESTING=True)
    app.session_interface = RememberedSessions()
    CSRFProtect(app)
    app.add_url_rule("/", "token", form_token)
    app.add_url_rule("/post", "post", lambda: "taken", methods=["POST"])
    app.add_url_rule("/keep", "keep", lambda: session.setdefault("word", "kept"))
    return app


def test_the_token_of_a_browser_stays_the_same_and_is_taken(small: Flask) -> None:
    client = small.test_client()
    first, second = client.get("/"), client.get("/")
    assert first.text == second.text
    assert "Set-Cookie" in first.headers
    assert "Set-Cookie" not in second.headers
    assert second.headers["Vary"] == "Cookie"
    assert client.post("/post", data={"csrf_token": second.text}).text == "taken"


def test_another_browsers_token_is_refused(small: Flask) -> None:
    mine, yours = small.test_client(), small.test_client()
    token = mine.get("/").text
    assert yours.get("/").text != token
    assert yours.post("/post", data={"csrf_token": token}).status_code == 400


def test_a_cookie_nobody_signed_is_never_believed(small: Flask) -> None:
    client = small.test_client()
    cookie = "eyJjc3JmX3Rva2VuIjoieCJ9.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"
    for _ in range(2):
        client.set_cookie("session", cookie)
        response = client.get("/")
        assert "Set-Cookie" in response.headers
    assert cookie not in small.session_interface._sound


def test_a_cookie_changed_by_one_letter_is_not_the_one_remembered(small: Flask) -> None:
    client = small.test_client()
    client.get("/")
    client.get("/")
    sound = client.get_cookie("session").value
    # The last character of base64 carries bits that are not read; the one before it is read whole.
    client.set_cookie("session", sound[:-2] + ("A" if sound[-2] != "A" else "B") + sound[-1])
    assert "Set-Cookie" in client.get("/").headers


def test_what_one_request_writes_does_not_leak_into_the_memory(small: Flask) -> None:
    client = small.test_client()
    client.get("/")
    client.get("/")
    before = {cookie: dict(kept[1]) for cookie, kept in small.session_interface._sound.items()}
    assert client.get("/keep").text == "kept"
    after = {cookie: dict(small.session_interface._sound[cookie][1]) for cookie in before}
    assert after == before


def test_memory_has_an_end(small: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form_tokens, "MOST_KEPT", 3)
    for _ in range(8):
        client = small.test_client()
        client.get("/")
        client.get("/")
    assert len(small.session_interface._sound) <= 3


def test_a_remembered_cookie_is_looked_at_again_after_a_while(small: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    client = small.test_client()
    client.get("/")
    client.get("/")
    seen: list[Any] = []
    original = form_tokens.SecureCookieSessionInterface.open_session

    def look(self: Any, app: Flask, request: Any) -> Any:
        seen.append(request)
        return original(self, app, request)

    monkeypatch.setattr(form_tokens.SecureCookieSessionInterface, "open_session", look)
    client.get("/")
    assert seen == []
    monkeypatch.setattr(form_tokens, "KEPT_SECONDS", 0)
    client.get("/")
    assert len(seen) == 1
