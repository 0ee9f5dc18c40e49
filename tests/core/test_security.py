"""The protection of forms, remembered: never weaker than when it is worked out anew."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from flask import Flask, session
from flask_wtf.csrf import CSRFProtect

from assess.core import security
from assess.core.application import Application
from assess.core.links import hash_token, looks_like_token, new_token
from assess.core.pages import TEMPLATES
from assess.core.security import (
    INLINE_SCRIPT_HASH,
    CachedSessionInterface,
    cached_csrf_token,
    cookie_name,
    hash_pin,
    pin_matches,
)

MakeSite = Callable[..., Application]


def test_over_tls_the_cookies_belong_to_this_host_alone(make_site: MakeSite) -> None:
    site = make_site(public_url="https://assess.example.org")
    client = site.test_client()
    for address in ("/open", "/form"):
        cookie = client.get(address, base_url="https://assess.example.org").headers["Set-Cookie"]
        assert cookie.startswith("__Host-assess_")
        for rule in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert rule in cookie
        for rule in ("Domain", "Max-Age", "Expires"):
            assert rule not in cookie


def test_in_development_the_name_is_another() -> None:
    assert cookie_name("assess_visit", secure=False) == "assess_visit"
    assert cookie_name("assess_visit", secure=True) == "__Host-assess_visit"


def test_a_visit_is_read_back_and_nonsense_is_not(site: Application) -> None:
    client = site.test_client()
    client.get("/open")
    assert len(client.get("/few-by-visit").get_data()) == 43
    client.set_cookie("assess_visit", "nonsense")
    assert client.get("/few-by-visit").get_data() == b""


def test_leaving_takes_everything_out_of_the_browser(site: Application) -> None:
    client = site.test_client()
    client.get("/open")
    response = client.get("/leave")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get_cookie("assess_visit") is None


def test_a_page_without_a_form_sets_no_cookie(site: Application) -> None:
    assert "Set-Cookie" not in site.test_client().get("/public").headers


@pytest.fixture
def small() -> Flask:
    app = Flask("small")
    app.config.update(SECRET_KEY="k" * 32, WTF_CSRF_TIME_LIMIT=None, TESTING=True)
    app.session_interface = CachedSessionInterface()
    CSRFProtect(app)
    app.add_url_rule("/", "token", cached_csrf_token)
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
    monkeypatch.setattr(security, "MAX_CACHED_COOKIES", 3)
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
    original = security.SecureCookieSessionInterface.open_session

    def look(self: Any, app: Flask, request: Any) -> Any:
        seen.append(request)
        return original(self, app, request)

    monkeypatch.setattr(security.SecureCookieSessionInterface, "open_session", look)
    client.get("/")
    assert seen == []
    monkeypatch.setattr(security, "COOKIE_CACHE_SECONDS", 0)
    client.get("/")
    assert len(seen) == 1


EXPECTED = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self' 'sha256-GUQ5ad8JK5KmEWmROf3LZd9ge94daqNvd8xy9YS1iDw='; style-src 'self'; "
        "img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-read=()",
}
EVERY_KIND = [
    ("GET", "/form", 200),
    ("GET", "/moved", 302),
    ("POST", "/save", 400),
    ("GET", "/nothing-here", 404),
    ("POST", "/form", 405),
    ("DELETE", "/public", 405),
    ("GET", "/fail/canary", 500),
    ("GET", "/busy", 503),
    ("GET", "/paper", 200),
    ("GET", "/health/live", 200),
    ("HEAD", "/form", 200),
]


@pytest.mark.parametrize(("method", "address", "status"), EVERY_KIND)
def test_every_kind_of_answer_carries_every_header(site: Application, method: str, address: str, status: int) -> None:
    response = site.test_client().open(address, method=method)
    assert response.status_code == status
    assert {name: response.headers[name] for name in EXPECTED} == EXPECTED
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex, noarchive"
    assert "Strict-Transport-Security" not in response.headers


def test_static_files_may_be_kept_for_a_year_and_their_errors_may_not(site: Application) -> None:
    client = site.test_client()
    with site.test_request_context():
        address = site.jinja_env.globals["asset"]("start.js")
    found, missing = client.get(address), client.get(address.replace("start.js", "no.js"))
    assert found.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert missing.headers["Cache-Control"] == "private, no-store"
    for response in (found, missing):
        assert {name: response.headers[name] for name in EXPECTED} == EXPECTED


def test_over_tls_browsers_are_told_to_stay_with_it(make_site: MakeSite) -> None:
    site = make_site(public_url="https://assess.example.org")
    response = site.test_client().get("/form", base_url="https://assess.example.org")
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_only_a_page_marked_as_public_may_be_found_by_search_engines(site: Application) -> None:
    client = site.test_client()
    assert "X-Robots-Tag" not in client.get("/public").headers
    assert client.get("/form").headers["X-Robots-Tag"] == "noindex, noarchive"


def inline_script_hash() -> str:
    """The hash of the inline script in the govuk template that is installed."""
    template = files("govuk_frontend_jinja").joinpath("templates/template.html").read_text(encoding="utf-8")
    scripts = re.findall(r"<script[^>]*>([^<]+)</script>", re.sub(r"\{%.*?%\}", "", template))
    return f"sha256-{base64.b64encode(hashlib.sha256(scripts[0].encode()).digest()).decode()}"


def test_the_policy_allows_the_inline_script_of_the_installed_template_and_of_our_layout() -> None:
    assert inline_script_hash() == INLINE_SCRIPT_HASH
    layout = (TEMPLATES / "layout.html").read_text(encoding="utf-8")
    assert layout.count("<script>") == 1
    assert "<script>document.body.className += ' js-enabled' + (" in layout


def test_tokens_have_256_bits_and_are_never_the_same() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(looks_like_token(token) for token in tokens)


def test_only_a_hash_that_tells_nothing_is_stored() -> None:
    token = new_token()
    assert token not in hash_token(token)
    assert len(hash_token(token)) == 64


def test_nonsense_does_not_look_like_a_token() -> None:
    for text in ("", "abc", "x" * 44, "é" * 43, "a" * 42 + "\n", "../" * 14 + "x"):
        assert not looks_like_token(text)


def test_a_pin_matches_itself_only_and_is_salted() -> None:
    one, other = hash_pin("4711"), hash_pin("4711")
    assert one != other
    assert pin_matches("4711", one)
    assert pin_matches("4711", other)
    assert not pin_matches("4712", one)
