from __future__ import annotations

import pytest

from assess.banks.json_schema import json_schema
from tests.conftest import Visitor
from tests.editor.trying.conftest import Desk


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_schema_is_served_to_the_desk_alone(desk: Desk, visit: Visitor, another_visit: Visitor) -> None:
    assert desk.at
    page = visit("/banks/schema.json")
    assert page.response.get_json(force=True) == json_schema()
    assert another_visit("/banks/schema.json", follow=False).status == 303
