from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask, Response
from flask.testing import FlaskClient

from assess.core.application import Application
from assess.core.errors import ERROR_TEXTS, FORM_EXPIRED, error_page
from assess.core.pages import (
    CACHE_ONE_YEAR,
    MIN_COMPRESSED_BYTES,
    STATIC_FOLDER,
    load_static_files,
    set_up_compression,
    set_up_static_files,
)

LONG = "<p>long</p>" * MIN_COMPRESSED_BYTES


@pytest.fixture
def packing() -> Flask:
    app = Flask("packing")
    set_up_compression(app)
    app.add_url_rule("/long", "long", lambda: LONG)
    app.add_url_rule("/short", "short", lambda: "<p>short</p>")
    app.add_url_rule("/file", "file", lambda: Response(LONG.encode(), mimetype="application/pdf"))
    app.add_url_rule("/stream", "stream", lambda: Response(iter([LONG]), mimetype="text/html"))
    return app


def test_a_long_page_is_packed_for_a_browser_that_can_unpack_it(packing: Flask) -> None:
    answer = packing.test_client().get("/long", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(answer.data) < len(LONG) / 6
    assert gzip.decompress(answer.data).decode() == LONG


@pytest.mark.parametrize("accepted", ["", "gzip;q=0", "br"])
def test_other_browsers_get_it_as_it_is(packing: Flask, accepted: str) -> None:
    answer = packing.test_client().get("/long", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.text == LONG


@pytest.mark.parametrize("path", ["/short", "/file", "/stream"])
def test_short_pages_files_and_streams_stay_as_they_are(packing: Flask, path: str) -> None:
    answer = packing.test_client().get(path, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "govuk-frontend.css").write_text("a{}")
    (tmp_path / "start.js").write_text("start()" * 100)
    (tmp_path / "vendor" / "LICENSE").write_text("MIT")
    return tmp_path


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    app = Flask("static-files", static_folder=None)
    set_up_static_files(app, load_static_files(folder))
    return app.test_client()


def test_a_file_is_kept_for_a_year_under_the_digest_of_them_all(client: FlaskClient, folder: Path) -> None:
    answer = client.get(f"/static/{load_static_files(folder).digest}/vendor/govuk-frontend.css")
    assert (answer.status_code, answer.text) == (200, "a{}")
    assert answer.headers["Cache-Control"] == CACHE_ONE_YEAR
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "Set-Cookie" not in answer.headers


def test_a_file_goes_packed_to_whoever_can_unpack_it(client: FlaskClient, folder: Path) -> None:
    answer = client.get(f"/static/{load_static_files(folder).digest}/start.js", headers={"Accept-Encoding": "br, gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(answer.data) == b"start()" * 100
    assert len(answer.data) < 100


def test_the_address_of_another_release_is_served_but_not_remembered(client: FlaskClient) -> None:
    answer = client.get("/static/another/start.js")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize("name", ["nothing.css", "vendor/LICENSE", "../pages.py", "%2e%2e/pages.py", "vendor"])
def test_nothing_else_can_be_reached(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/x/{name}").status_code == 404


def test_a_template_that_asks_for_a_file_that_is_not_there_is_stopped(folder: Path) -> None:
    app = Flask("asset", static_folder=None)
    set_up_static_files(app, load_static_files(folder))
    with app.test_request_context():
        asset = app.jinja_env.globals["asset"]
        assert asset("start.js") == f"/static/{load_static_files(folder).digest}/start.js"
        with pytest.raises(LookupError, match="nothing"):
            asset("nothing.css")


def test_a_changed_file_is_another_digest(folder: Path) -> None:
    before = load_static_files(folder).digest
    load_static_files.cache_clear()
    (folder / "start.js").write_text("start(1)")
    assert load_static_files(folder).digest != before


def test_a_first_visit_brings_less_than_fifty_kilobytes_of_style_and_script() -> None:
    packed = {name: len(file.packed) for name, file in load_static_files(STATIC_FOLDER).files.items()}
    assert sum(packed.values()) < 50_000, packed


SAME = {"Sec-Fetch-Site": "same-origin"}


def token_of(client: FlaskClient) -> str:
    return client.get("/form").get_data(as_text=True).split('value="')[1].split('"')[0]


@pytest.mark.parametrize("status", sorted(ERROR_TEXTS))
def test_every_error_has_a_page_in_plain_words_with_whom_to_call(site: Application, status: int) -> None:
    with site.test_request_context("/form"):
        page = error_page(status, ERROR_TEXTS[status], retry_after=90)
    text = BeautifulSoup(page.get_data(), "html.parser")
    assert page.status_code == status
    assert text.h1.get_text(strip=True) == ERROR_TEXTS[status].heading
    assert "0800 000 000" in text.get_text()
    assert "{" not in text.get_text()
    for word in ("invalid", "error", "exception", "forbidden", str(status)):
        assert word not in text.main.get_text().lower()


@pytest.mark.parametrize(("address", "status"), [("/nothing", 404), ("/public", 405), ("/busy", 503)])
def test_errors_of_the_router_and_of_views_get_these_pages(site: Application, address: str, status: int) -> None:
    client = site.test_client()
    response = client.post(address, data={"csrf_token": token_of(client)})
    assert response.status_code == status
    assert ERROR_TEXTS[status].heading in response.get_data(as_text=True)


def test_what_may_be_done_instead_is_said_in_the_headers(site: Application) -> None:
    client = site.test_client()
    response = client.post("/public", data={"csrf_token": token_of(client)})
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_busy_database_gives_the_text_back_with_one_button_to_send_it_again(site: Application) -> None:
    client = site.test_client()
    typed = {"why": ["we are “busy” <b>", "twice"], "pin": "", "csrf_token": token_of(client)}
    response = client.post("/busy", data=typed)
    page = BeautifulSoup(response.get_data(), "html.parser")
    kept = [(field["name"], field["value"]) for field in page.form.select("input[type=hidden]")]
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert page.form["action"] == "/busy"
    assert [pair for pair in kept if pair[0] != "csrf_token"] == [("why", "we are “busy” <b>"), ("why", "twice")]


def test_a_form_with_a_pin_is_not_sent_again_without_it(site: Application) -> None:
    client = site.test_client()
    response = client.post("/busy", data={"why": "twice", "pin": "4711", "csrf_token": token_of(client)})
    page = BeautifulSoup(response.get_data(), "html.parser")
    assert response.status_code == 503
    assert page.form is None
    assert "4711" not in response.get_data(as_text=True)


def test_an_old_form_comes_back_with_a_fresh_token_and_can_be_sent_again(site: Application) -> None:
    client = site.test_client()
    response = client.post("/save", data={"key": "kept"}, headers=SAME)
    page = BeautifulSoup(response.get_data(), "html.parser")
    assert response.status_code == 400
    assert FORM_EXPIRED.heading in page.get_text()
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
    assert ERROR_TEXTS[404].heading in response.get_data(as_text=True)


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
