from __future__ import annotations

import pytest

from assess.banks.schema import shape_of
from assess.banks.sheets import read_folder
from tests.references import SOUND_REFERENCE


@pytest.mark.parametrize("kind", ["reference", "services", "purchases"])
def test_a_file_is_known_by_what_it_holds(kind: str) -> None:
    sheet = read_folder(SOUND_REFERENCE).at("reference", kind)
    assert sheet is not None
    assert (sheet.kind, sheet.problems) == (kind, ())
    assert sheet.data


@pytest.mark.parametrize(
    ("data", "number", "place"),
    [
        ({"reference": []}, "BANK022", ("reference",)),
        ({"services": [{"id": "a", "name": "A"}]}, "BANK021", ("services", 0)),
        ({"services": [{"id": "A b", "name": "A", "named_as": ["x"]}]}, "BANK024", ("services", 0, "id")),
        ({"services": [{"id": "a", "name": "A", "named_as": ["x"], "wrods": []}]}, "BANK020", ("services", 0, "wrods")),
        (
            {"services": [{"id": "a", "name": "A", "named_as": ["x"]}], "words": [{"words": ["a"]}]},
            "BANK021",
            ("words", 0),
        ),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(
    data: dict[str, object], number: str, place: tuple[str | int, ...]
) -> None:
    problems = shape_of({"format": 1, **data}).problems
    assert [(one.number, one.place) for one in problems] == [(number, place)]


def test_every_sentence_beside_purchases_must_be_there() -> None:
    problems = shape_of(
        {"format": 1, "purchases": {"about": "This."}, "kinds": [{"id": "tier_1", "says": "So."}]}
    ).problems
    assert len(problems) == 12
    assert {one.number for one in problems} == {"BANK021"}
