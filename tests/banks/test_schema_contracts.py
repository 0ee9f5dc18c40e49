from __future__ import annotations

import pytest
from marshmallow import ValidationError

from assess.banks.schema_contracts import RegimeShape, SchemeShape


def test_a_rule_has_its_day_and_its_source_and_no_key_of_its_own() -> None:
    whole = {"id": "nhs", "name": "N", "short": "N", "says": "S", "from": "2026-05-17"}
    assert RegimeShape().load(whole)["from"] == "2026-05-17"
    for wrong in ({"from": "May 2026"}, {"binds": "everybody"}, {"source": {"document": "D"}}):
        with pytest.raises(ValidationError):
            RegimeShape().load({**whole, **wrong})


def test_a_scheme_says_what_it_shows_what_it_does_not_and_whether_workers_are_asked() -> None:
    with pytest.raises(ValidationError) as refused:
        SchemeShape().load({"id": "msat", "name": "MSAT"})
    assert {"shows", "does_not_show", "interviews", "months"} == set(refused.value.messages_dict)
