from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, abort

from assess.core.config import Settings
from assess.core.db import database, request_session, set_up_database
from assess.core.rate_limits import Limit, rate_limited
from assess.core.route_permissions import (
    BadRoutesError,
    UncheckedPermissionError,
    audited,
    check_routes,
    mark_checked,
    request_permission,
    request_verb,
    requires,
    route_permission,
)

KNOWN, PUBLIC, VERBS = (
    frozenset({"plan.read", "plan.follow", "public.read"}),
    frozenset({"public.read"}),
    frozenset({"saved"}),
)
FARM = uuid.UUID(int=7)


def an_app(view: Callable[..., object], method: str = "GET") -> Flask:
    app = Flask("tried", static_folder=None)
    app.add_url_rule("/<uuid:farm>/<int:number>", "page", view, methods=[method])  # type: ignore[arg-type]  # of any shape
    return app


def ask(app: Flask, method: str = "GET", number: int = 3) -> str:
    return app.test_client().open(f"/{FARM}/{number}", method=method).get_data(as_text=True)


def see(app: Flask) -> None:
    check_routes(app, KNOWN, PUBLIC, VERBS)


def guard(farm: uuid.UUID) -> str:
    mark_checked(request_permission())
    return f"farm {farm.int}"


def test_what_is_loaded_comes_first_and_the_view_gets_what_it_names() -> None:
    @requires("plan.read", load=guard)
    def page(found: str, number: int) -> str:
        return f"{found}, {number}"

    see(an_app(page))
    assert ask(an_app(page)) == "farm 7, 3"


def test_a_check_hands_nothing_over() -> None:
    @requires("plan.read", check=guard)
    def page(farm: uuid.UUID, number: int) -> str:
        return f"{farm.int}, {number}"

    assert ask(an_app(page)) == "7, 3"


def test_an_argument_that_nobody_names_is_not_lost_in_silence() -> None:
    @requires("plan.read", check=guard)
    def page() -> str:
        return "seen"

    app = an_app(page)
    app.testing = True
    with pytest.raises(TypeError, match="number"):
        ask(app)


def test_looking_and_sending_may_need_different_permissions() -> None:
    asked: list[str] = []

    def check(farm: uuid.UUID) -> None:
        asked.append(request_permission())
        guard(farm)

    @audited("saved")
    @requires(get="plan.read", post="plan.follow", check=check)
    def page(number: int) -> str:
        return f"{request_permission()} {number}"

    app = an_app(page)
    app.add_url_rule("/<uuid:farm>/<int:number>", "page", methods=["POST"])
    see(app)
    assert ask(app) == "plan.read 3"
    assert ask(app, "POST") == "plan.follow 3"
    assert asked == ["plan.read", "plan.follow"]
    assert [route_permission(app, "page", method) for method in ("HEAD", "POST")] == ["plan.read", "plan.follow"]


@pytest.mark.parametrize(
    ("view", "method", "fault"),
    [
        (lambda: "says nothing", "GET", "GET page: no permission that is known: None"),
        (requires("plan.burn", check=guard)(lambda: ""), "GET", "GET page: no permission that is known: plan.burn"),
        (requires("plan.read")(lambda: ""), "GET", "GET page: nothing checks plan.read"),
        (requires("public.read")(lambda: ""), "POST", "POST page: no audit verb that is known: None"),
        (
            audited("eaten")(requires("public.read")(lambda: "")),
            "POST",
            "POST page: no audit verb that is known: eaten",
        ),
    ],
)
def test_a_route_that_lacks_something_keeps_the_site_from_starting(
    view: Callable[..., object], method: str, fault: str
) -> None:
    with pytest.raises(BadRoutesError) as refused:
        see(an_app(view, method))
    assert refused.value.errors == [fault]


def test_a_guard_that_does_not_ask_for_the_permission_is_found_out() -> None:
    @requires("plan.read", check=lambda: mark_checked("plan.follow"))
    def page(farm: uuid.UUID, number: int) -> str:
        return f"{farm} {number}"

    app = an_app(page)
    app.testing = True
    with pytest.raises(UncheckedPermissionError, match=r"plan\.read"):
        ask(app)


def test_a_guard_that_would_keep_everybody_else_from_saving_is_found_out(tmp_path: Path) -> None:
    def locking(farm: uuid.UUID) -> None:
        request_session().connection()
        guard(farm)

    @audited("saved")
    @requires("plan.read", check=locking)
    def page(number: int) -> str:
        return f"{number}"

    app = an_app(page, "POST")
    app.testing = True
    set_up_database(app, f"sqlite:///{tmp_path / 'a.db'}", Settings(env="development").data_keys)
    with pytest.raises(UncheckedPermissionError, match="write lock"):
        ask(app, "POST")
    with app.app_context():
        database().close()


def test_what_is_refused_counts_against_the_limit(database_url: str) -> None:
    def refuse() -> None:
        abort(404)

    @rate_limited(Limit("tried", 2, 60))
    @requires("plan.read", check=refuse)
    def page(farm: uuid.UUID, number: int) -> str:
        return f"{farm} {number}"

    app = an_app(page)
    app.secret_key = "tried"
    set_up_database(app, database_url)
    client = app.test_client()
    assert [client.get(f"/{FARM}/1").status_code for _ in range(4)] == [404, 404, 429, 429]
    with app.app_context():
        database().close()


def test_outside_of_all_routes_there_is_no_permission_and_no_verb() -> None:
    app = an_app(lambda: "says nothing")
    for address in (f"/{FARM}/1", "/nowhere"):
        with app.test_request_context(address):
            for asked in (request_permission, request_verb):
                with pytest.raises(BadRoutesError):
                    asked()
