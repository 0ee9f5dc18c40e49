from __future__ import annotations

from collections.abc import Callable

from assess.kit.application import Application
from assess.kit.cookies import cookie_name

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
    assert response.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert client.get_cookie("assess_visit") is None


def test_a_page_without_a_form_sets_no_cookie(site: Application) -> None:
    assert "Set-Cookie" not in site.test_client().get("/public").headers
