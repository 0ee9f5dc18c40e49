from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assess.bank_editor.urgent_fixes.services import FixKind, fixable_kind, values_with_paths
from assess.core.forms.fields import WebAddress, WebAddressField, tidy, web_address
from assess.engine.bank import Harm, Indicator, Priority, When
from assess.engine.problems import DocumentPath
from assess.engine.schema import (
    OR_TEXT,
    AtLeast,
    CapitalId,
    Day,
    EitherType,
    Id,
    IdType,
    NumberType,
    PlainType,
    Url,
    WordType,
    value_type,
)
from assess.question_banks.files import QUESTIONNAIRES, read_folder
from assess.question_banks.schema_fields import Checking, path_of, plain_value
from assess.question_banks.shapes import Shape


class Part(Shape):
    id: Id
    note: str | None = None


def checked(hint: Any, value: object) -> tuple[object, list[tuple[DocumentPath, str]]]:
    """What is read from this value, and what is wrong with it: beneath which place, and its number and cause."""
    here = Checking()
    found = here.check(value_type(hint), value)
    return found, [(one.place, f"{one.number}|{one.cause}") for one in here.problems]


def refusal(hint: Any, value: object) -> list[tuple[DocumentPath, str]]:
    problems = checked(hint, value)[1]
    assert problems
    return problems


Word = Annotated[str, WordType(("urgent", "serious"))]


@pytest.mark.parametrize(
    ("hint", "value", "read"),
    [
        (str, "Hello", "Hello"),
        (str, 12, "12"),
        (Id, 36, "36"),
        (CapitalId, "ENG", "ENG"),
        (Word, "serious", "serious"),
        (float, 1.5, 1.5),
        (int, 3, 3),
        (bool, False, False),
        (Day, "2024-02-29", "2024-02-29"),
        (Url, "https://example.org/a?b=c", "https://example.org/a?b=c"),
        (object, [{"a": 1}], [{"a": 1}]),
        (float | Literal[False], False, False),
        (Priority, "immediate", "immediate"),
        (Priority, 7, 7),
        (Annotated[Part, OR_TEXT], "text", "text"),
        (tuple[Id, ...], ["a", 2], ["a", "2"]),
        (tuple[Part, ...], [{"id": "a"}], [{"id": "a"}]),
        (Mapping[str, float], {"a": 1}, {"a": 1}),
        (When, "always", "always"),
        (When, {"a": {"includes_any": [1, "b"]}}, {"a": {"includes_any": ["1", "b"]}}),
        (When, {"a": {"at_least": 1}}, {"a": {"at_least": 1}}),
        (Annotated[str | float, IdType(or_number=True)], 1.5, 1.5),
    ],
)
def test_good_values_are_read(hint: Any, value: object, read: object) -> None:
    assert checked(hint, value) == (read, [])


@pytest.mark.parametrize(
    ("hint", "value", "said"),
    [
        (str, None, "BANK022|Nothing is written after this key."),
        (str, True, "BANK022|A text belongs here, not true; put it in quotes if it is one."),
        (str, 1.5, "BANK022|A text belongs here, not 1.5; put it in quotes if it is one."),
        (str, ["a"], "BANK022|A text belongs here, not a list; put it in quotes if it is one."),
        (str, "  ", "BANK022|A text belongs here, and this one is empty."),
        (str, "x" * 4001, "BANK022|A text of at most 4,000 characters belongs here, not 4,001."),
        (Id, "Has Space", "BANK024|“Has Space” cannot be an id."),
        (Id, "ENG", "BANK024|“ENG” cannot be an id."),
        (Id, "x" * 61, "BANK024|“" + "x" * 60 + "…” cannot be an id."),
        (Word, "urgnt", "BANK023|“urgnt” is not one of: urgent, serious; did you mean “urgent”?"),
        (Literal["a"], 3, "BANK023|3 is not one of: a."),
        (float, "12", "BANK022|A number belongs here, not “12”."),
        (float, True, "BANK022|A number belongs here, not true."),
        (float, float("nan"), "BANK022|A number belongs here, not nan."),
        (int, 1.5, "BANK022|A whole number belongs here, not 1.5."),
        (Annotated[float, NumberType(least=0)], -1, "BANK022|A number of at least 0 belongs here, not -1."),
        (Harm, 7, "BANK022|A whole number from 1 to 6 belongs here, not 7."),
        (Indicator, 0, "BANK023|0 is not the number of an ILO indicator, 1 to 11."),
        (bool, "yes", "BANK022|true or false belongs here, not “yes”."),
        (Day, "2026-02-29", "BANK026|A date belongs here, not “2026-02-29”."),
        (Day, "24 November", "BANK026|A date belongs here, not “24 November”."),
        (Day, {}, "BANK026|A date belongs here, not a group of keys."),
        (Url, "javascript:alert(1)", "BANK027|“javascript:alert(1)” is not a web address."),
        (Url, "https://www.gov.uk@evil.example/", "BANK027|“https://www.gov.uk@evil.example/” is not a web address."),
        # its “o” is of another writing
        (Url, "https://www.gоv.uk/", "BANK027|“https://www.gоv.uk/” is not a web address."),
        (Url, "https://a b.org", "BANK027|“https://a b.org” is not a web address."),
        (Url, "https://[bad", "BANK027|“https://[bad” is not a web address."),
        (Annotated[bool, EitherType((False,), PlainType.BOOLEAN)], 0, "BANK022|true or false belongs here, not 0."),
        (tuple[Id, ...], "a", "BANK022|A list belongs here."),
        (Annotated[tuple[Id, ...], AtLeast(2)], ["a"], "BANK022|At least 2 belongs in this list."),
        (Mapping[str, float], [1], "BANK022|A group of keys belongs here, not a list."),
    ],
)
def test_bad_values_are_refused_in_one_sentence(hint: Any, value: object, said: str) -> None:
    assert refusal(hint, value) == [((), said)]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            [{"nota": "x", "id": "a"}],
            [((0, "nota"), "BANK020|There is no key “nota” here; did you mean “note”?")],
        ),
        (
            [{"id": "a", "zzz": 1, "note": {}}],
            [
                (
                    (0, "note"),
                    "BANK022|A text belongs here, not a group of keys; put it in quotes if it is one.",
                ),
                ((0, "zzz"), "BANK020|There is no key “zzz” here."),
            ],
        ),
        ([{}], [((0,), "BANK021|The key “id” is missing here.")]),
        ([3], [((0,), "BANK022|A group of keys belongs here.")]),
    ],
)
def test_a_group_tells_every_fault_at_its_key(value: object, said: object) -> None:
    assert refusal(tuple[Part, ...], value) == said


def test_a_group_of_chosen_names_tells_every_fault_at_its_name() -> None:
    assert refusal(Mapping[str, float], {"a": "x", "B": 1, "c": 2}) == [
        (("a",), "BANK022|A number belongs here, not “x”."),
        (("B",), "BANK024|“B” cannot be an id."),
    ]


def test_a_condition_is_refused_at_the_place_of_its_fault() -> None:
    [(place, said)] = refusal(When, {"all": [{"a": {"is": "x"}}, {"b": {"iz": "y"}}]})
    assert place[:2] == ("all", 1)
    assert "unknown test “iz”" in said
    assert refusal(When, "sometimes") == [
        ((), "BANK025|This condition cannot be understood: this must be a group of named values.")
    ]


def test_a_place_of_the_engine_is_read_step_by_step() -> None:
    assert path_of("all[0].core_housing.is[2]") == ("all", 0, "core_housing", "is", 2)
    assert path_of("") == ()


def test_values_are_pointed_to_as_people_would() -> None:
    assert [plain_value(value) for value in ["a", 1, 1.5, True, None, [], {}]] == [
        "“a”", "1", "1.5", "true", "nothing", "a list", "a group of keys",
    ]  # fmt: skip


READ_IN_TWO_WAYS = (
    r"https://evil.example\.gov.uk/x",
    r"https://evil.example\@www.gov.uk/x",
    r"https://www.gov.uk\.evil.example",
    r"https://www.gov.uk/x\y",
    r"https:\\www.gov.uk",
    "https://www.gov.uk@evil.example/",
    "https://user:word@www.gov.uk/",
    "https://evil.example%2f.gov.uk/x",
    "https://www%2egov.uk/",
    "https://www.gov.uk:443@evil.example",
    "https://www.gov.uk:x/",
    "https://www.gov.uk;evil.example/",
    "https://www..gov.uk/",
    "https://-www.gov.uk/",
    "https://www.gov.uk./",
    "https://xn--gv-emc.example/",
    "https://127.0.0.1/",
    "https://1.0x7f/",
    "https://localhost/",
    "https://[::1]/",
    "https://www.gov.uk/a b",
    "https://www.gov.uk/a\u202eb",
    "https://www.gov.uk/\n",
    "https://www.gov.u\u212a/",
    "https:///www.gov.uk/",
    "//www.gov.uk/",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("text", READ_IN_TWO_WAYS)
def test_what_browsers_could_read_differently_is_no_address(text: str) -> None:
    assert web_address(text) is None
    value, why = WebAddressField().read(text)
    assert why or value == tidy(text) != text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://www.gov.uk", WebAddress("https", "www.gov.uk", None)),
        ("https://WWW.gov.uk/A?b=%20@c#d", WebAddress("https", "www.gov.uk", None)),
        ("https://gov.uk:8443/x", WebAddress("https", "gov.uk", 8443)),
        ("http://a-b.example?x", WebAddress("http", "a-b.example", None)),
    ],
)
def test_where_an_address_leads(text: str, read: WebAddress) -> None:
    assert web_address(text) == read


@given(st.text("ab.-/\\@%:?#[]; \t0", max_size=24))
@example(r"evil.example\.gov.uk")
def test_the_name_of_a_website_is_all_that_stands_before_the_first_sign_of_a_path(rest: str) -> None:
    found = web_address(f"https://{rest}")
    if found:
        before = re.split("[/?#]", rest, maxsplit=1)[0]
        assert re.fullmatch(rf"{re.escape(found.host)}(:[0-9]+)?", before)


def test_every_address_in_our_own_files_is_read() -> None:
    for name, content_file in read_folder(QUESTIONNAIRES).files.items():
        for steps, value in values_with_paths(content_file.raw_data):
            if fixable_kind(name, steps) is FixKind.LINK and value:
                assert web_address(str(value)), value
