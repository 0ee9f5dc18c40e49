from __future__ import annotations

from assess.banks.schema_contracts import SCHEMES
from assess.suppliers.other_results.models import OtherResult, Scheme


def test_the_schemes_that_are_stored_are_those_of_the_files() -> None:
    assert tuple(one.value for one in Scheme) == SCHEMES


def test_nothing_of_it_is_free_text_but_the_name_of_who_decided() -> None:
    texts = {
        column.name for column in OtherResult.__table__.columns if type(column.type).__name__ in {"String", "Encrypted"}
    }
    assert texts == {"decided_by"}
