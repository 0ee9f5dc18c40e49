from __future__ import annotations

from typing import Any

from flask import Flask

from assess.kit.route_permissions import permission_of
from tests.conftest import Visitor
from tests.people.accounts.conftest import JO, is_in, person_of, rows_of


def test_the_account_lists_browsers_and_ends_one_or_all_others(
    app: Flask, visit: Any, another_visit: Any, join: Any, enter: Any
) -> None:
    join(visit)
    firefox = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"}
    another_visit("/sign-in")
    fields = another_visit.page.fields("/sign-in") | {"email": [JO], "password": ["seven quiet herons"]}
    another_visit.client.post("/sign-in", data=fields, headers=firefox)
    page = visit("/account")
    assert "Firefox on Windows" in page.text
    assert page.text.count(", this one") == 1
    theirs = next(row for row in rows_of(app) if row.browser == "Firefox on Windows")
    visit.send(f"{theirs.id}/end")
    assert not is_in(another_visit)
    assert is_in(visit)
    third = Visitor(app.test_client())
    enter(third)
    visit("/account")
    visit.send("/end-others")
    assert not is_in(third)
    assert is_in(visit)


def test_nobody_ends_the_browser_of_another(app: Flask, visit: Any, another_visit: Any, join: Any) -> None:
    join(visit)
    join(another_visit, "ann@farm.example")
    person = person_of(app, "ann@farm.example")
    assert person is not None
    hers = next(row for row in rows_of(app) if row.person_id == person.id)
    visit("/account")
    token = visit.page.fields("/sign-out")["csrf_token"][0]
    visit.client.post(f"/account/browsers/{hers.id}/end", data={"csrf_token": token})
    assert is_in(another_visit)


def test_every_page_of_the_account_sends_strangers_to_the_door(app: Flask, visit: Any) -> None:
    own = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if permission_of(app, rule.endpoint, "GET") == "account.own"
        and "GET" in (rule.methods or set())
        and "<" not in rule.rule
    ]
    assert len(own) >= 8
    for path in own:
        page = visit(path, follow=False)
        assert (page.status, page.headers["Location"].split("?")[0]) == (303, "/sign-in"), path
