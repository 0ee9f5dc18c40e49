from __future__ import annotations

import pytest
from sqlalchemy import inspect

from assess.kit.db import Database
from assess.plans.papers.models import PaperFile

pytestmark = pytest.mark.both_databases


def test_the_table_has_the_columns_of_the_model_and_hangs_on_no_business(database: Database) -> None:
    look = inspect(database.engine)
    columns = {column["name"]: column["nullable"] for column in look.get_columns("document_template_pdf")}
    assert columns == {column.name: bool(column.nullable) for column in PaperFile.__table__.columns}
    assert look.get_pk_constraint("document_template_pdf")["constrained_columns"] == ["text"]
    assert look.get_foreign_keys("document_template_pdf") == []
