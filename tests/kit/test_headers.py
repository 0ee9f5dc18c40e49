from __future__ import annotations

from collections.abc import Callable

import pytest

from assess.kit.application import Application
from assess.kit.headers import INLINE_SCRIPT_HASH, inline_script_hash
from assess.kit.pages import TEMPLATES

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

MakeSite = Callable[..., Application]


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


def test_the_policy_allows_the_inline_script_of_the_installed_template_and_of_our_layout() -> None:
    assert inline_script_hash() == INLINE_SCRIPT_HASH
    layout = (TEMPLATES / "layout.html").read_text(encoding="utf-8")
    assert layout.count("<script>") == 1
    assert "<script>document.body.className += ' js-enabled' + (" in layout
