from __future__ import annotations

import base64
import uuid
from datetime import date

import pytest
from sqlalchemy import Date, Integer, String, Uuid, column

from assess.portfolio.board.paging import Key, Place, read, write

KEY = Key((column("due", Date), column("number", Integer), column("name", String), column("id", Uuid)))
VALUES = (date(2026, 12, 24), -5, "fen edge", uuid.UUID(int=7))


def test_a_place_comes_back_from_its_word() -> None:
    assert read(write(VALUES), KEY) == Place(VALUES)
    assert read(write(VALUES), KEY, back=True) == Place(VALUES, back=True)


@pytest.mark.parametrize(
    "word",
    [
        None,
        "",
        "nonsense",
        "é",
        "A" * 5000,
        write([1]),
        write(["2026-13-01", 1, "a", uuid.UUID(int=7)]),
        write(["2026-12-01", 2**40, "a", uuid.UUID(int=7)]),
        write(["2026-12-01", 1, "\0", uuid.UUID(int=7)]),
        write(["2026-12-01", 1, "half a letter \ud800", uuid.UUID(int=7)]),
        base64.urlsafe_b64encode(b"[" * 2900).decode(),
        write(["2026-12-01", "1", "a", uuid.UUID(int=7)]),
        write(["2026-12-01", 1, "a", "7"]),
    ],
)
def test_a_word_that_names_no_place_is_the_first_page(word: str | None) -> None:
    assert read(word, KEY) is None
