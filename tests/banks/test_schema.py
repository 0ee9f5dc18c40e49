from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from assess.banks.schema import SHAPES, shape_of
from assess.banks.yaml_lines import read_lines

SOUND = Path(__file__).parents[1] / "engine" / "sound_folder"


def shop() -> dict[str, Any]:
    return read_lines((SOUND / "shop.yaml").read_bytes()).data


def problems(data: dict[str, Any]) -> list[tuple[str, tuple[str | int, ...], str]]:
    return [(one.number, one.place, one.cause) for one in shape_of(data).problems]


@pytest.mark.parametrize("path", sorted(SOUND.rglob("*.yaml")), ids=lambda path: path.name)
def test_sound_files_have_the_shape_of_their_kind(path: Path) -> None:
    shaped = shape_of(read_lines(path.read_bytes()).data)
    assert shaped.problems == ()
    assert shaped.kind in SHAPES
    assert shaped.data["format"] == 1


def test_keys_are_kept_as_they_are_written() -> None:
    assert shape_of(shop()).data == shop()
    facts = read_lines((SOUND / "duties" / "facts.yaml").read_bytes()).data
    assert shape_of(facts).data == facts


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"bank": "shop"}, [("BANK011", (), "The file does not say its format.")]),
        ({"format": "1", "bank": "shop"}, [("BANK011", ("format",), "The format is “1”.")]),
        ({"format": True, "bank": "shop"}, [("BANK011", ("format",), "The format is true.")]),
        ({"format": 1, "title": "x"}, [("BANK012", (), "None of the keys says what the file holds.")]),
    ],
)
def test_a_file_says_its_format_and_what_it_holds(data: dict[str, Any], said: object) -> None:
    assert problems(data) == said


def test_every_fault_of_a_file_is_told_at_once_with_its_place() -> None:
    data = shop()
    question = data["sections"][0]["questions"][0]
    question["show_iff"] = question.pop("show_if")
    question["ilo"] = [12, "7"]
    question["options"][1]["sign"] = "red"
    question["action"]["priority"] = "soon"
    del question["action"]["do"]
    del data["title"]
    at = ("sections", 0, "questions", 0)
    assert sorted(problems(data), key=str) == sorted(
        [
            ("BANK020", (*at, "show_iff"), "There is no key “show_iff” here; did you mean “show_if”?"),
            ("BANK023", (*at, "ilo", 0), "12 is not the number of an ILO indicator, 1 to 11."),
            ("BANK022", (*at, "ilo", 1), "A whole number belongs here, not “7”."),
            ("BANK023", (*at, "options", 1, "sign"), "“red” is not one of: urgent, serious."),
            ("BANK022", (*at, "action", "priority"), "A whole number belongs here, not “soon”."),
            ("BANK021", (*at, "action"), "The key “do” is missing here."),
            ("BANK021", (), "The key “title” is missing here."),
        ],
        key=str,
    )


def test_an_option_may_refuse_its_action_but_not_otherwise() -> None:
    data = shop()
    options = data["sections"][0]["questions"][0]["options"]
    options[1]["action"] = False
    assert problems(data) == []
    options[1]["action"] = True
    assert [number for number, _, _ in problems(data)] == ["BANK022"]


def test_option_ids_that_look_like_numbers_become_text() -> None:
    data = shop()
    data["sections"][0]["questions"][0]["options"][0]["id"] = 3
    loaded: Any = shape_of(data).data
    assert loaded["sections"][0]["questions"][0]["options"][0]["id"] == "3"
