from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.people.administration.paging import ROWS, Wanted, listed, wanted_of
from assess.people.models import Person
from tests.people.persons import a_person


@pytest.mark.parametrize("page", [None, "", "0", "-1", "x", "1e9", "99999999999", "\u0662"])
def test_nonsense_is_the_first_page(page: str | None) -> None:
    assert wanted_of("  a   b ", page) == Wanted("a b", 1)


def test_a_hundred_rows_at_a_time(session: Session) -> None:
    for number in range(ROWS + 1):
        a_person(session, f"p{number:03}@farm.example")
    statement = select(Person).order_by(Person.email)
    first, second, third = (listed(session, statement, page) for page in (1, 2, 3))
    assert [len(one.rows) for one in (first, second, third)] == [100, 1, 0]
    assert (first.before, first.after, second.before, second.after) == (None, 2, 1, None)
