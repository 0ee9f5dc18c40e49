"""Every number in an address and every word of a query, filled with what no page expects: none answers with a fault of the server."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import IntegerConverter

from tests.identity.access_roles import AccessWorld
from tests.identity.test_access_matrix import EACH, Case, address_of, cases, is_allowed
from tests.identity.test_access_matrix import app as app  # noqa: PLC0414
from tests.identity.test_access_matrix import world as world  # noqa: PLC0414
from tests.long_runs import either

EVERY_ODD = ("0", "-1", str(2**31), str(2**63), str(10**30), "9" * 300, "x", "٣")
ODD = either((str(2**63), "9" * 300), EVERY_ODD)
ASKED = ("page", "poll", "line", "more", "removed", "saved", "ticked", "together", "undone", "step", "after", "before")
"""Names of the query with which some page counts or looks for a number. Every page is asked with all of them."""
SERVER_FAULT = 500


def odd_addresses(case: Case, world: AccessWorld) -> list[str]:
    """The address of a page with each odd value at the place of its integers; without any, with the odd values as its query."""
    address = address_of(case, world.arguments)
    numbers = [name for name, converter in case.rule._converters.items() if isinstance(converter, IntegerConverter)]
    if not numbers:
        return [f"{address}?{'&'.join(f'{name}={quote(value)}' for name in ASKED)}" for value in ODD]
    found = []
    for name in numbers:
        mark = 1234567
        built = address_of(case, {**world.arguments, name: mark})
        found += [built.replace(str(mark), quote(value)) for value in ODD]
    return [*found, *(f"{address}?{name}={10**30}" for name in ASKED)]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_number_however_odd_makes_a_page_fail(app: Flask, world: AccessWorld, method: str) -> None:
    failed, tried = [], 0
    left = [case for case in cases(app) if case.method == method and (method == "GET" or _counts(case))]
    for kind in world.kinds:
        mine = [case for case in left if is_allowed(kind, case)]
        left = [case for case in left if case not in mine]
        entered = world.entered_by(kind) if mine else None
        for number, case in enumerate(mine):
            assert entered is not None
            if number % (EACH // len(ODD)) == 0:
                world.forget_counters()
            for address in odd_addresses(case, world):
                tried += 1
                answer = entered.client.open(
                    address, method=method, data={"csrf_token": entered.form_token} if method == "POST" else None
                )
                answer.get_data()  # a page that is sent piece by piece is made while it is read
                if answer.status_code >= SERVER_FAULT:
                    failed.append(f"{answer.status_code} {case.name}: {address[:120]}")
    assert tried > len(ODD)
    assert not failed, "\n".join(failed)


def _counts(case: Case) -> bool:
    return any(isinstance(converter, IntegerConverter) for converter in case.rule._converters.values())
