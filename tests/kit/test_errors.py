from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from assess.kit.application import Application
from assess.kit.errors import CLOSED_FORM, WORDINGS, error_page

SAME = {"Sec-Fetch-Site": "same-origin"}


def token_of(client: FlaskClient) -> str:
    return client.get("/form").get_data(as_text=True).split('value="')[1].split('"')[0]


@pytest.mark.parametrize("status", sorted(WORDINGS))
def test_every_error_has_a_page_in_plain_words_with_whom_to_call(site: Application, status: int) -> None:
    with site.test_request_context("/form"):
        page = error_page(status, WORDINGS[status], retry_after=90)
    text = BeautifulSoup(page.get_data(), "html.parser")
    assert page.status_code == status
    assert text.h1.get_text(strip=True) == WORDINGS[status].heading
    assert "0800 000 000" in text.get_text()
    assert "{" not in text.get_text()
    for word in ("invalid", "error", "exception", "forbidden", str(status)):
        assert word not in text.main.get_text().lower()


@pytest.mark.parametrize(("address", "status"), [("/nothing", 404), ("/public", 405), ("/busy", 503)])
def test_errors_of_the_router_and_of_views_get_these_pages(site: Application, address: str, status: int) -> None:
    client = site.test_client()
    response = client.post(address, data={"csrf_token": token_of(client)})
    assert response.status_code == status
    assert WORDINGS[status].heading in response.get_data(as_text=True)


def test_what_may_be_done_instead_is_said_in_the_headers(site: Application) -> None:
    client = site.test_client()
    response = client.post("/public", data={"csrf_token": token_of(client)})
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_busy_database_gives_the_text_back_with_one_button_to_send_it_again(site: Application) -> None:
    client = site.test_client()
    typed = {"why": ["we are “busy” <b>", "twice"], "pin": "4711", "csrf_token": token_of(client)}
    response = client.post("/busy", data=typed)
    page = BeautifulSoup(response.get_data(), "html.parser")
    kept = [(field["name"], field["value"]) for field in page.form.select("input[type=hidden]")]
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert page.form["action"] == "/busy"
    assert [pair for pair in kept if pair[0] != "csrf_token"] == [("why", "we are “busy” <b>"), ("why", "twice")]
    assert "4711" not in response.get_data(as_text=True)


def test_an_old_form_comes_back_with_a_fresh_token_and_can_be_sent_again(site: Application) -> None:
    client = site.test_client()
    response = client.post("/save", data={"key": "kept"}, headers=SAME)
    page = BeautifulSoup(response.get_data(), "html.parser")
    assert response.status_code == 400
    assert CLOSED_FORM.heading in page.get_text()
    fields = {field["name"]: field["value"] for field in page.form.select("input[type=hidden]")}
    assert client.post("/save", data=fields, headers=SAME).status_code == 302


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "none"}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_that_may_come_from_another_site_is_not_handed_on(site: Application, headers: dict[str, str]) -> None:
    response = site.test_client().post("/save", data={"key": "planted"}, headers=headers)
    assert response.status_code == 400
    assert "planted" not in response.get_data(as_text=True)


def test_a_fault_of_ours_is_named_by_a_number_and_tells_nothing(
    site: Application, capsys: pytest.CaptureFixture[str]
) -> None:
    response = site.test_client().get("/fail/canary-in-the-address")
    said = response.get_data(as_text=True)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    fault = next(line for line in lines if line["event"] == "error")
    assert response.status_code == 500
    assert fault["request"] in said
    assert fault["error"] == "KeyError"
    assert fault["route"] == "/fail/<token>"
    assert "canary" not in said + json.dumps(lines)
    assert "KeyError" not in said


def test_the_page_of_an_error_appears_even_when_its_template_is_broken(
    site: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.jinja_env, "get_or_select_template", lambda *_: 1 / 0)
    response = site.test_client().get("/nothing")
    assert response.status_code == 404
    assert WORDINGS[404].heading in response.get_data(as_text=True)


def test_an_error_without_words_of_its_own_still_says_what_to_do(site: Application) -> None:
    response = site.test_client().get("/teapot")
    assert response.status_code == 418
    assert "Go to the first page" in response.get_data(as_text=True)


def test_an_answer_somebody_made_whole_goes_out_as_it_is(site: Application) -> None:
    response = site.test_client().get("/made-whole")
    assert (response.status_code, response.get_data()) == (409, b"theirs and yours")


def test_an_address_that_lacks_its_last_stroke_is_put_right(site: Application) -> None:
    response = site.test_client().get("/folder")
    assert response.status_code == 308
    assert response.headers["Location"].endswith("/folder/")
    assert response.headers["Cache-Control"] == "private, no-store"
