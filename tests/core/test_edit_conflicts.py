"""The optimistic lock of forms: marks, the form drawn again with nothing kept, and the page where nothing is there to draw one from."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from werkzeug.wrappers import Response

from assess.core.edit_conflicts import (
    LOOK_AGAIN,
    REMOVED,
    EditConflictError,
    NotSavedError,
    etag,
    require_unchanged,
    save_or_show_again,
    still_there,
)


def test_a_mark_tells_one_state_from_another_whatever_the_order_of_its_keys() -> None:
    assert etag({"a": 1, "b": [date(2026, 11, 30)]}) == etag({"b": [date(2026, 11, 30)], "a": 1})
    assert len({etag(shown) for shown in ({"a": 1}, {"a": "1"}, {"a": True}, {}, [], None, "")}) == 7
    require_unchanged(etag({"a": 1}), {"a": 1})
    for seen in (etag({"a": 2}), "", None):
        with pytest.raises(EditConflictError, match=LOOK_AGAIN[:20]) as told:
            require_unchanged(seen, {"a": 1})
        assert told.value.theirs == {"a": 1}


def test_what_is_gone_is_told_from_what_changed() -> None:
    assert still_there("") == ""
    with pytest.raises(EditConflictError, match=REMOVED[:20]):
        still_there(None)


def refuse(error: NotSavedError) -> None:
    raise error


def test_a_form_is_drawn_again_with_the_status_of_its_error(app: Flask) -> None:
    class InvalidError(NotSavedError):
        status = 422

    with app.test_request_context(method="POST"):
        gone_on = save_or_show_again(lambda: 3, str, lambda saved: f"/{saved}")
        assert isinstance(gone_on, Response)
        assert (gone_on.status_code, gone_on.location) == (303, "/3")
        assert save_or_show_again(lambda: refuse(EditConflictError("x")), str, "/") == (LOOK_AGAIN, 409)
        assert save_or_show_again(lambda: refuse(InvalidError("No")), str, "/") == ("No", 422)


def test_what_was_typed_can_be_copied_where_no_form_is_left(app: Flask) -> None:
    handlers = app.error_handler_spec[None][None]
    typed = {"says": "<b>Kept</b>", "seen": "0123abcd", "csrf_token": "secret", "sure": "yes", "empty": " "}
    with app.test_request_context("/x", method="POST", data=typed):
        page = handlers[EditConflictError](EditConflictError())  # type: ignore[arg-type]
        text = page.get_data(as_text=True)
    assert (page.status_code, "Someone else changed this while you were working" in text) == (409, True)
    assert "&lt;b&gt;Kept&lt;/b&gt;" in text
    assert not any(word in text for word in ("0123abcd", "secret", "<b>"))
    with app.test_request_context("/x"):
        assert handlers[EditConflictError](EditConflictError()).status_code == 404  # type: ignore[arg-type]
