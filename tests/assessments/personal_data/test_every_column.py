"""No column of any table is forgotten: it is in view of whoever takes words out, or says why it holds no words."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import JSON, Enum, LargeBinary, String

from assess.assessments.personal_data.services import FreeTextSource
from assess.core.db import Base
from assess.core.encryption import Encrypted
from assess.core.events import providers_of
from tests.assessments.personal_data.text_columns import IN_VIEW, NOT_FREE

pytestmark = pytest.mark.both_databases


def could_hold_words(kind: object) -> bool:
    return isinstance(kind, String | JSON | LargeBinary | Encrypted) and not isinstance(kind, Enum)


def test_every_column_that_could_hold_words_is_in_view_or_says_why_not(app: Flask) -> None:
    assert app, "all rooms are open, so all tables are known"
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if could_hold_words(column.type)
    }
    others = [name for names in NOT_FREE.values() for name in names.split()]
    assert len(others) == len(set(others))
    assert not set(others) & set(IN_VIEW)
    assert found - set(IN_VIEW) - set(others) == set(), "say in columns.py what it holds"
    assert (set(IN_VIEW) | set(others)) - found == set(), "these are gone"


def test_every_place_that_is_named_is_one() -> None:
    names = [place.name for place in providers_of(FreeTextSource)]
    assert len(names) == len(set(names))
    assert set(IN_VIEW.values()) == set(names)
