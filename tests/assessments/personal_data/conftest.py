"""An edition in which people may write freely: the car washes with a question for text, a table with a column for it, and a yes with words."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from assess.core.db import Database
from assess.question_banks.models import EditionRow, EditionStage

TEXT, TABLE, DETAIL = "core_tell_us", "core_sites", "core_changed_work"


@pytest.fixture
def written(app: Flask, begin: Callable[..., str], now: datetime) -> str:
    """The address of an assessment of that edition, begun in this browser. The short form: its plan is printed in half the time."""
    database: Database = app.extensions["assess.database"]
    with database.writing() as session:
        wanted = select(EditionRow).where(EditionRow.bank == "car_washes").order_by(EditionRow.number.desc())
        row = session.scalars(wanted).first()
        assert row is not None
        compiled: dict[str, Any] = copy.deepcopy(row.compiled)
        plain = {"kind": "fact", "dimension": "governance_policy", "sources": ["S64"], "quick": True}
        compiled["sections"][0]["questions"][:0] = [
            {"id": TEXT, "ask": "What else should we know?", "type": "text", **plain},
            {
                "id": TABLE,
                "ask": "Which sites do you have?",
                "type": "table",
                "columns": [
                    {"id": "place", "label": "Place", "type": "text"},
                    {"id": "people", "label": "People", "type": "number"},
                ],
                **plain,
            },
            {
                "id": DETAIL,
                "ask": "Has the work changed?",
                "type": "yes_no_detail",
                "options": [{"id": "yes", "label": "Yes"}, {"id": "no", "label": "No"}],
                **plain,
            },
        ]
        session.add(
            EditionRow(
                bank="car_washes",
                number=row.number + 1,
                stage=EditionStage.PUBLISHED,
                source={},
                compiled=compiled,
                digest="c" * 64,
                published_at=now,
            )
        )
    return begin("car_washes", length="quick")
