from __future__ import annotations

import gzip

import pytest
from flask import Flask, Response

from assess.kit.packing import WORTH_PACKING, set_up_packing

LONG = "<p>long</p>" * WORTH_PACKING


@pytest.fixture
def packing() -> Flask:
    app = Flask("packing")
    set_up_packing(app)
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
