from __future__ import annotations

import pytest
from flask import Flask

from assess.kit.declaring import UndeclaredPagesError, action_of, action_of_request, needs, see_all_declared


def page() -> str:
    return "seen"


def an_app(view: object) -> Flask:
    app = Flask("tried", static_folder=None)
    app.add_url_rule("/page", "page", view)  # type: ignore[arg-type]  # a view of any shape
    return app


def test_a_page_says_what_it_does_and_the_request_knows() -> None:
    app = an_app(needs("plan.read")(page))
    see_all_declared(app, frozenset({"plan.read"}))
    assert action_of(app, "page") == "plan.read"
    with app.test_request_context("/page"):
        assert action_of_request() == "plan.read"


@pytest.mark.parametrize("view", [lambda: "says nothing", needs("plan.burn")(lambda: "says what nobody knows")])
def test_a_page_that_does_not_say_it_keeps_the_site_from_starting(view: object) -> None:
    with pytest.raises(UndeclaredPagesError, match="page"):
        see_all_declared(an_app(view), frozenset({"plan.read"}))


def test_a_request_to_no_page_does_nothing() -> None:
    app = an_app(lambda: "says nothing")
    for address in ("/page", "/nowhere"):
        with app.test_request_context(address), pytest.raises(UndeclaredPagesError):
            action_of_request()
