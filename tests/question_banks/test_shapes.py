from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import is_dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest

from assess.engine.bank_reader import DocumentError, read_edition, read_object
from assess.engine.conditions import AllOf, Always, AnyOf, Applies, Asked, AtLeastOf, Leaf, Not, Term
from assess.engine.problems import DocumentPath
from assess.engine.schema import (
    EitherType,
    IdType,
    ListType,
    MapType,
    NumberType,
    ObjectType,
    PlainType,
    TextType,
    ValueType,
    Where,
    WordType,
    file_fields,
    object_fields,
)
from assess.question_banks.files import read_folder, read_lines
from assess.question_banks.json_schema import json_schema
from assess.question_banks.schema_fields import check_shape, path_of
from assess.question_banks.shapes import SHAPES, BankShape, BlockShape, TableShape
from tests.content_files import SOUND as CONTENT_FILES_SOUND
from tests.engine import real_banks
from tests.engine.random_banks import a_random_bank, an_unrouted_bank

SOUND = Path(__file__).parents[1] / "engine" / "sound_folder"


def shop() -> dict[str, Any]:
    return read_lines((SOUND / "shop.yaml").read_bytes()).data


def problems(data: dict[str, Any]) -> list[tuple[str, tuple[str | int, ...], str]]:
    return [(one.number, one.place, one.cause) for one in check_shape(data).problems]


@pytest.mark.parametrize("path", sorted(SOUND.rglob("*.yaml")), ids=lambda path: path.name)
def test_sound_files_have_the_shape_of_their_kind(path: Path) -> None:
    shaped = check_shape(read_lines(path.read_bytes()).data)
    assert shaped.problems == ()
    assert shaped.kind in SHAPES
    assert shaped.data["format"] == 1


def test_keys_are_kept_as_they_are_written() -> None:
    assert check_shape(shop()).data == shop()
    facts = read_lines((SOUND / "duties" / "facts.yaml").read_bytes()).data
    assert check_shape(facts).data == facts


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
    loaded: Any = check_shape(data).data
    assert loaded["sections"][0]["questions"][0]["options"][0]["id"] == "3"


DUTIES = Path(__file__).parents[1] / "engine" / "sound_folder" / "duties"


def file(name: str) -> dict[str, Any]:
    return read_lines((DUTIES / name).read_bytes()).data


def problems_schema_law(data: dict[str, Any]) -> list[tuple[str, tuple[str | int, ...]]]:
    return [(one.number, one.place) for one in check_shape(data).problems]


@pytest.mark.parametrize("key", ["when", "deadline", "source", "url", "source_as_of", "evidence", "status", "force"])
def test_a_duty_says_where_it_comes_from_and_when_it_applies(key: str) -> None:
    data = file("uk.yaml")
    del data["duties"][0][key]
    assert problems_schema_law(data) == [("BANK021", ("duties", 0))]


@pytest.mark.parametrize(
    ("key", "value", "number"),
    [
        ("status", "in force", "BANK023"),
        ("force", "must", "BANK023"),
        ("evidence", "E", "BANK023"),
        ("url", "www.example.org", "BANK027"),
        ("reviewed_on", "yesterday", "BANK026"),
        ("when", {"hires": True}, "BANK025"),
    ],
)
def test_a_duty_holds_values_of_the_right_kind(key: str, value: object, number: str) -> None:
    data = file("uk.yaml")
    data["duties"][0][key] = value
    assert problems_schema_law(data)[0][0] == number
    assert problems_schema_law(data)[0][1][:3] == ("duties", 0, key)


def test_a_step_is_a_text_or_a_text_with_its_condition() -> None:
    data = file("uk.yaml")
    data["duties"][0]["must_do"] = ["Do it.", {"text": "Do this too.", "when": "always"}, {"when": "always"}]
    assert problems_schema_law(data) == [("BANK021", ("duties", 0, "must_do", 2))]


def test_a_deadline_may_count_from_something() -> None:
    data = file("uk.yaml")
    data["duties"][0]["deadline"] = {"kind": "record_retention", "n": 6, "from": "the pay day"}
    assert check_shape(data).data == data


def test_a_gate_makes_a_fact_true_false_or_a_number() -> None:
    data = file("facts.yaml")
    for value in (True, False, 0, 1.5):
        data["facts"][2]["gate_value"] = value
        assert problems_schema_law(data) == []
    data["facts"][2]["gate_value"] = "no"
    assert problems_schema_law(data) == [("BANK022", ("facts", 2, "gate_value"))]


def test_codes_of_countries_keep_their_capitals() -> None:
    data = file("facts.yaml")
    data["facts"][1]["sources"] = [{"question": "staff", "values": {"hired": "ENG"}, "unknown": ["dk"]}]
    assert check_shape(data).data == data


SCHEMA = json_schema()
Data = dict[str, Any]
KINDS: dict[str, Callable[[object], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
}
KNOWN = {
    "$ref", "type", "enum", "const", "pattern", "maxLength", "minimum", "maximum", "items", "minItems", "required", "properties",
    "additionalProperties", "propertyNames", "minProperties", "maxProperties", "anyOf", "if", "then", "else",
    "description", "title", "format", "$schema", "$defs",
}  # fmt: skip


def valid(schema: Any, value: Any) -> bool:
    """The words of JSON Schema that ours uses, each as the standard means it. An unknown one is a fault of the test."""
    if isinstance(schema, bool):
        return schema
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    return all(
        (
            "$ref" not in schema or valid(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]], value),
            "if" not in schema or valid(schema["then"] if valid(schema["if"], value) else schema["else"], value),
            "anyOf" not in schema or any(valid(one, value) for one in schema["anyOf"]),
            _simple(schema, value),
            not isinstance(value, dict) or _group(schema, value),
            not isinstance(value, list) or _list(schema, value),
        )
    )


def _simple(schema: Data, value: Any) -> bool:
    kinds = schema.get("type", [])
    ok = not kinds or any(KINDS[kind](value) for kind in ([kinds] if isinstance(kinds, str) else kinds))
    ok = ok and ("const" not in schema or (value == schema["const"] and not isinstance(value, bool)))
    ok = ok and (
        "enum" not in schema or any(value is one or (isinstance(value, str) and value == one) for one in schema["enum"])
    )
    if isinstance(value, str):
        ok = ok and bool(re.search(schema.get("pattern", ""), value)) and len(value) <= schema.get("maxLength", 10**9)
    if KINDS["number"](value):
        ok = ok and schema.get("minimum", value) <= value <= schema.get("maximum", value)
    return ok


def _group(schema: Data, value: Data) -> bool:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    return (
        set(schema.get("required", ())) <= set(value)
        and schema.get("minProperties", 0) <= len(value) <= schema.get("maxProperties", len(value))
        and all(valid(schema.get("propertyNames", True), key) for key in value)
        and all(valid(properties.get(key, others), part) for key, part in value.items())
    )


def _list(schema: Data, value: list[Any]) -> bool:
    return len(value) >= schema.get("minItems", 0) and all(valid(schema.get("items", True), one) for one in value)


def test_every_file_is_as_the_schema_says() -> None:
    sheets = [
        one for folder in (real_banks.QUESTIONNAIRES, CONTENT_FILES_SOUND) for one in read_folder(folder).files.values()
    ]
    texts = {content_file.name: content_file.raw_data for content_file in sheets if content_file.kind != "table"}
    assert len(texts) > 30
    assert [name for name, written in texts.items() if not valid(SCHEMA, written)] == []


def shop_json_schema() -> Data:
    return read_lines((CONTENT_FILES_SOUND / "shop.yaml").read_bytes()).data


def question(**change: Any) -> Data:
    data = shop_json_schema()
    data["sections"][0]["questions"][0] |= change
    return data


BROKEN: dict[str, Data] = {
    "no format": {"bank": "shop"},
    "another format": {**shop_json_schema(), "format": 2},
    "no kind": {"format": 1, "title": "What am I?"},
    "an unknown key": {**shop_json_schema(), "titel": "Shops"},
    "a key too few": {key: value for key, value in shop_json_schema().items() if key != "title"},
    "no sections": {**shop_json_schema(), "sections": []},
    "an id with a dash": question(id="who-keeps"),
    "another type": question(type="choise"),
    "points in words": question(options=[{"id": "a", "label": "A", "points": "four"}]),
    "an empty text": question(ask=" "),
    "an indicator that is none": question(ilo=[12]),
    "a flag in words": question(quick="yes"),
    "a condition of two things": question(show_if={"staff": {"is": "hired"}, "hours": {"at_least": 3}}),
    "a test nobody knows": question(show_if={"staff": {"equals": "hired"}}),
    "a day that is none": question(show_if={"since": {"before": "1 May 2026"}}),
    "a waiver of no remark": question(waived={"too_long": "It is not."}),
    "a waiver without a reason": question(waived={"long_sentence": ""}),
    "an address that is none": {
        "format": 1,
        "sources": {"S1": {"document": "D", "url": "the handbook", "how_far_read": "whole"}},
    },
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_not(name: str) -> None:
    assert not valid(SCHEMA, BROKEN[name])


@pytest.mark.parametrize(
    "show_if",
    [
        "always",
        {"all": [{"staff": {"is": "hired"}}, {"not": {"hours": {"at_most": 3}}}]},
        {"at_least_of": {"n": 1, "of": [{"asked": "hours"}, {"term": "in_england"}]}},
        {"staff": {"is": ["a", 7]}},
        {"since": {"before": "2026-05-01"}},
    ],
)
def test_conditions_may_be_written_in_every_way(show_if: object) -> None:
    assert valid(SCHEMA, question(show_if=show_if, waived={"long_sentence": "So says the law."}))


def test_every_kind_of_file_is_in_it() -> None:
    assert {shape.__name__.removesuffix("Shape") for shape in SHAPES.values()} <= set(SCHEMA["$defs"])


def written(value: object) -> Any:
    """A part of a bank as a file has it."""
    match value:
        case Leaf(subject, test, operand):
            return {subject: {test: written(operand)}}
        case AllOf(parts) | AnyOf(parts):
            return {"all" if isinstance(value, AllOf) else "any": written(parts)}
        case Not(part):
            return {"not": written(part)}
        case AtLeastOf(n, parts):
            return {"at_least_of": {"n": n, "of": written(parts)}}
        case Asked(name) | Term(name) | Applies(name):
            return {type(value).__name__.lower(): name}
        case Always():
            return "always"
        case tuple():
            return [written(part) for part in value]
        case Mapping():
            return {key: written(part) for key, part in value.items()}
    if not is_dataclass(value):
        return value
    fields = [(one, getattr(value, one.name)) for one in object_fields(type(value)) if one.where is not Where.KEY]
    return {one.key: written(part) for one, part in fields if part not in (None, (), {})}


def without_what_is_compiled(part: Any) -> Any:
    if isinstance(part, list):
        return [without_what_is_compiled(one) for one in part]
    return {key: without_what_is_compiled(one) for key, one in part.items() if key != "common"} if isinstance(part, dict) else part  # fmt: skip


@pytest.mark.parametrize("seed", range(200))
def test_a_bank_that_is_written_is_the_one_that_is_read(seed: int) -> None:
    bank = (a_random_bank if seed % 2 else an_unrouted_bank)(Random(seed))
    document = {"groups": [], "checks": [], "sources": {}, "duty_book": {}, **written(bank)}
    assert vars(read_edition({"format": 1, **document})) == vars(bank)
    file = {"format": 1, **{key: document[key] for key in ("bank", "title", "sections", "checks")}}
    file = without_what_is_compiled(file)
    assert check_shape(file).problems == ()
    assert check_shape(file).data == file
    assert valid(SCHEMA, file)
    assert read_object(BankShape, file).sections == bank.sections


def a_value(rnd: Random, kind: ValueType) -> Any:
    """Something that may stand in a file."""
    match kind:
        case ObjectType():
            return an_object(rnd, kind.in_files)
        case ListType():
            return [a_value(rnd, kind.inner) for _ in range(max(kind.least, rnd.randint(1, 2)))]
        case MapType():
            return {str(a_value(rnd, kind.keys)): a_value(rnd, kind.inner) for _ in range(2)}
        case EitherType():
            plain = "Words." if isinstance(kind.plain, type) else kind.plain[0]
            return rnd.choice((plain, a_value(rnd, kind.inner)))
        case WordType():
            return rnd.choice(kind.words)
        case NumberType():
            return rnd.randint(int(kind.least or 0), int(kind.most or 3000))
        case IdType():
            return f"id_{rnd.randint(1, 99)}"
        case TextType():
            return "Word"
    return rnd.choice(PLAIN_VALUES[kind])


PLAIN_VALUES: Mapping[PlainType, Sequence[object]] = {
    PlainType.BOOLEAN: (True, False),
    PlainType.BOOLEAN_OR_NUMBER: (True, 7, 0.5),
    PlainType.DATE: ("2026-11-24",),
    PlainType.URL: ("https://www.gov.uk/guidance",),
    PlainType.CONDITION: ("always", {"staff": {"is": "hired"}}, {"not": {"asked": "staff"}}),
    PlainType.SETTING_VALUE: (3, "October", {"shop": 3.5}),
    PlainType.ANY: ("a", 3),
}


def an_object(rnd: Random, cls: type) -> Data:
    known = file_fields(cls)
    if cls is BlockShape:
        known = {key: known[key] for key in [rnd.choice(list(known))]}
    made = {
        key: 1 if key == "format" else a_value(rnd, one.type)
        for key, one in known.items()
        if one.required or cls in {BlockShape, TableShape} or key == "format" or rnd.random() < 0.7
    }
    return made | {"rows": [["Word"]]} if cls is TableShape else made


WRONG: Mapping[object, object] = {WordType: "zzz", NumberType: "x", ListType: "x", PlainType.BOOLEAN: "x"}
"""What no reader takes for a value of this type; for all others it is a list in a list."""
Objects = list[tuple[DocumentPath, type, Data, list[Any]]]


def objects_in(kind: ValueType, value: Any, schemas: list[Any], place: DocumentPath = ()) -> Objects:
    """All groups of keys, with their places and the parts of the JSON Schema that stand for them."""
    schemas = [one for schema in schemas for one in resolved(schema)]
    match kind:
        case EitherType():
            return objects_in(kind.inner, value, schemas, place) if isinstance(value, dict) else []
        case ListType():
            items = [one["items"] for one in schemas if "items" in one]
            return [o for index, part in enumerate(value) for o in objects_in(kind.inner, part, items, (*place, index))]
        case MapType():
            parts = [one["additionalProperties"] for one in schemas if one.get("additionalProperties")]
            return [o for key, part in value.items() for o in objects_in(kind.inner, part, parts, (*place, key))]
        case ObjectType():
            found: Objects = [(place, kind.in_files, value, schemas)]
            for key, part in value.items():
                of_key = [one["properties"][key] for one in schemas if key in one.get("properties", ())]
                found += objects_in(file_fields(kind.in_files)[key].type, part, of_key, (*place, key))
            return found
    return []


def resolved(schema: Any) -> list[Any]:
    if "$ref" in schema:
        return resolved(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    return [one for part in schema["anyOf"] for one in resolved(part)] if "anyOf" in schema else [schema]


@pytest.mark.parametrize("seed", range(200))
def test_what_one_of_reader_checks_and_schema_refuses_the_others_refuse_at_the_same_place(seed: int) -> None:
    rnd = Random(seed)
    kind, shape = rnd.choice(list(SHAPES.items()))
    data = {kind: a_value(rnd, file_fields(shape)[kind].type), **an_object(rnd, shape)}
    assert check_shape(data).problems == ()
    assert valid(SCHEMA, data)
    made = read_object(shape, data)
    assert read_object(shape, written(made)) == made

    of_shape = {"$ref": f"#/$defs/{shape.__name__.removesuffix('Shape')}"}
    place, cls, part, schemas = rnd.choice(objects_in(ObjectType(shape, shape), data, [of_shape]))
    assert schemas
    known = file_fields(cls)
    key = rnd.choice(
        [one for one in part if known[one].type is not PlainType.ANY and (place or one != kind)] or ["zzz"]
    )
    kinds = ["unknown", *(["wrong"] if key in known else []), *(["missing"] if key in known and known[key].required else [])]  # fmt: skip
    match rnd.choice(kinds):
        case "unknown":
            key = "zzz"
            part[key], number = 1, "BANK020"
        case "missing":
            del part[key]
            number = "BANK021"
        case _:
            held = known[key].type
            part[key], number = WRONG.get(held if isinstance(held, PlainType) else type(held), [[]]), ""
    assert not any(valid(schema, part) for schema in schemas)
    assert not valid(SCHEMA, data)
    problems = check_shape(data).problems
    assert not number or number in {one.number for one in problems}
    with pytest.raises(DocumentError) as caught:
        read_object(shape, data)
    at = place if number else (*place, key)
    assert path_of(caught.value.place)[: len(at)] == at
    assert {one.place[: len(at)] for one in problems} == {at}
