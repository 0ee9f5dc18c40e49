from __future__ import annotations

import io
import json

import pytest

from assess.kit.logs import log, where


def test_a_line_is_json_with_its_moment_in_utc() -> None:
    out = io.StringIO()
    log("request", stream=out, route="/r/<token>", status=200, ms=1.5, error=None)
    line = json.loads(out.getvalue())
    assert line.pop("at").endswith("+00:00")
    assert line == {"event": "request", "route": "/r/<token>", "status": 200, "ms": 1.5}


def test_nothing_can_break_out_of_its_line() -> None:
    out = io.StringIO()
    log("request", stream=out, route="a\nb\x1b[31m" + "x" * 1000)
    assert out.getvalue().count("\n") == 1
    assert "\x1b" not in out.getvalue()
    assert len(out.getvalue()) < 500


def test_what_is_not_foreseen_is_not_written() -> None:
    with pytest.raises(ValueError, match="answer"):
        log("request", stream=io.StringIO(), answer="we keep their papers")


def test_an_error_is_named_by_the_code_it_passed_and_never_by_its_words() -> None:
    try:
        {}["we keep their papers"]
    except KeyError as error:
        said = where(error.__traceback__)
    assert "test_logs.py" in said
    assert "papers" not in said
