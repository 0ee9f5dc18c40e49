from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from assess.kit.static_files import FOR_A_YEAR, STATIC, StaticFilesMissingError, open_static_files, read_shelf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "govuk-frontend.css").write_text("a{}")
    (tmp_path / "start.js").write_text("start()" * 100)
    (tmp_path / "vendor" / ".stamp").touch()
    return tmp_path


@pytest.fixture
def client(folder: Path) -> FlaskClient:
    app = Flask("static-files", static_folder=None)
    open_static_files(app, read_shelf(folder))
    return app.test_client()


def test_a_file_is_kept_for_a_year_under_the_digest_of_the_shelf(client: FlaskClient, folder: Path) -> None:
    answer = client.get(f"/static/{read_shelf(folder).digest}/vendor/govuk-frontend.css")
    assert (answer.status_code, answer.text) == (200, "a{}")
    assert answer.headers["Cache-Control"] == FOR_A_YEAR
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "Set-Cookie" not in answer.headers


def test_a_file_goes_packed_to_whoever_can_unpack_it(client: FlaskClient, folder: Path) -> None:
    answer = client.get(f"/static/{read_shelf(folder).digest}/start.js", headers={"Accept-Encoding": "br, gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(answer.data) == b"start()" * 100
    assert len(answer.data) < 100


def test_the_address_of_another_release_is_served_but_not_remembered(client: FlaskClient) -> None:
    answer = client.get("/static/another/start.js")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize("name", ["nothing.css", "vendor/.stamp", "../static_files.py", "%2e%2e/assets.py", "vendor"])
def test_nothing_else_can_be_reached(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/x/{name}").status_code == 404


def test_a_template_that_asks_for_a_file_that_is_not_there_is_stopped(folder: Path) -> None:
    app = Flask("asset", static_folder=None)
    open_static_files(app, read_shelf(folder))
    with app.test_request_context():
        asset = app.jinja_env.globals["asset"]
        assert asset("start.js") == f"/static/{read_shelf(folder).digest}/start.js"
        with pytest.raises(LookupError, match="nothing"):
            asset("nothing.css")


def test_a_changed_file_is_another_digest(folder: Path) -> None:
    before = read_shelf(folder).digest
    read_shelf.cache_clear()
    (folder / "start.js").write_text("start(1)")
    assert read_shelf(folder).digest != before


def test_a_start_without_the_set_up_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(StaticFilesMissingError, match="make static"):
        read_shelf(tmp_path)


def test_a_first_visit_brings_less_than_fifty_kilobytes_of_style_and_script() -> None:
    packed = {name: len(file.packed) for name, file in read_shelf(STATIC).files.items()}
    assert sum(packed.values()) < 50_000, packed
