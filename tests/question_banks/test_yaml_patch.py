from __future__ import annotations

import copy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.question_banks.files import QUESTIONNAIRES, UnreadableError, read_lines
from assess.question_banks.yaml_patch import block_lines, canonical, flow_text, patch_yaml, plain_scalar, same_value
from tests.long_runs import examples
from tests.random_bank_files import RandomBank
from tests.text_edits import Trip, one_text_changed

FILES = sorted(QUESTIONNAIRES.rglob("*.yaml"))
WORDS = ("Who keeps it?", "no", "12", "a: b", "it’s # not", "- dash", "“quoted”", "", " space ", "two\nlines", "{gap} here", "[x]", "null", "2026-11-24", "'", '"', "a, b")  # fmt: skip

TEXT = """\
# A bank.
format: 1
bank: small  # its name

sections:
  # ---- one ----
  - id: one
    title: The first
    questions:
      - id: papers
        ask: Who keeps papers?
        # the worst that can be
        options:
          - {id: worker, label: The worker does, points: 0}
          - {id: boss, label: "The boss, always", points: 4, sign: urgent}
        sources: [S1, S2]
      # a comment of pay
      - id: pay
        ask: >-
          Who pays,
          and when?
        action:
          do: Pay.
          priority: 30
  - id: two
    title: The second
    questions: []
"""


def read(text: str) -> dict[str, Any]:
    return copy.deepcopy(read_lines(text.encode()).data)


def changed_lines(old: str, new: str) -> tuple[int, int]:
    was, now = old.splitlines(), new.splitlines()
    return sum(line not in now for line in was), sum(line not in was for line in now)


def after(edit: Any) -> str:
    data = read(TEXT)
    edit(data)
    new = patch_yaml(TEXT, data)
    assert same_value(read(new), data)
    return new


def questions(data: dict[str, Any]) -> list[dict[str, Any]]:
    return data["sections"][0]["questions"]  # type: ignore[no-any-return]


def test_the_same_values_leave_the_text_as_it_is() -> None:
    assert patch_yaml(TEXT, read(TEXT)) == TEXT


def test_one_text_changes_one_line() -> None:
    new = after(lambda data: questions(data)[0].update(ask="Who keeps their papers?"))
    assert changed_lines(TEXT, new) == (1, 1)


def test_a_value_in_brackets_changes_there_alone() -> None:
    new = after(lambda data: questions(data)[0]["options"][1].update(points=3, label="The boss, mostly"))
    assert '          - {id: boss, label: "The boss, mostly", points: 3, sign: urgent}\n' in new
    assert changed_lines(TEXT, new) == (1, 1)


def test_a_new_key_stands_after_the_one_it_follows() -> None:
    def edit(data: dict[str, Any]) -> None:
        pay = questions(data)[1]
        questions(data)[1] = {
            "id": pay["id"],
            "ask": pay["ask"],
            "show_if": {"papers": {"is": "boss"}},
            "action": pay["action"],
        }

    new = after(edit)
    assert "          and when?\n        show_if: {papers: {is: boss}}\n        action:\n" in new
    assert changed_lines(TEXT, new) == (0, 1)


def test_a_key_that_went_takes_its_lines_along() -> None:
    new = after(lambda data: questions(data)[1].pop("action"))
    assert "priority" not in new
    assert changed_lines(TEXT, new) == (3, 0)


def test_a_new_question_is_written_like_the_others() -> None:
    made = {
        "id": "home",
        "ask": "Where?",
        "options": [{"id": "a", "label": "Here", "points": 0}],
        "action": {"do": "Go.", "priority": 7},
    }
    new = after(lambda data: questions(data).insert(1, made))
    assert (
        "      - id: home\n        ask: Where?\n        options:\n          - {id: a, label: Here, points: 0}\n"
        "        action:\n          do: Go.\n          priority: 7\n      # a comment of pay\n"
    ) in new


def test_a_question_that_moves_takes_its_comment_along() -> None:
    new = after(lambda data: questions(data).reverse())
    assert new.index("# a comment of pay") < new.index("id: pay") < new.index("id: papers") < new.index("# the worst")


def test_a_question_that_moves_to_another_section_and_one_that_goes() -> None:
    def edit(data: dict[str, Any]) -> None:
        data["sections"][1]["questions"] = [questions(data).pop(0)]

    new = after(edit)
    assert new.count("id: papers") == 1
    assert "# A bank." in new


def test_a_list_that_ends_up_empty_and_one_that_begins() -> None:
    after(lambda data: questions(data)[0].update(options=[]))
    after(lambda data: questions(data)[0].update(sources=[]))
    after(lambda data: data["sections"][1].update(questions=[{"id": "x", "ask": "X?", "options": [{"id": "a"}]}]))


def test_what_cannot_be_read_is_not_changed() -> None:
    with pytest.raises(UnreadableError):
        patch_yaml("a: [", {"a": 1})


def somewhere(rnd: Random, data: Any) -> Any:
    """A group or list anywhere inside."""
    inner = [
        one for one in (data.values() if isinstance(data, dict) else data) if isinstance(one, (dict, list)) and one
    ]
    return data if not inner or rnd.random() < 0.25 else somewhere(rnd, rnd.choice(inner))


def edited(rnd: Random, data: dict[str, Any]) -> dict[str, Any]:
    """One edit such as a coordinator makes, anywhere."""
    changed = copy.deepcopy(data)
    place = somewhere(rnd, changed)
    if isinstance(place, dict):
        name = rnd.choice(list(place))
        match rnd.randrange(4):
            case 0 if len(place) > 1:
                del place[name]
            case 1:
                place[f"new_{rnd.randrange(9)}"] = rnd.choice(
                    [*WORDS, 3, 2.5, True, None, [], ["a", "b"], {"x": {"is": "y"}}]
                )
            case _:
                place[name] = rnd.choice([*WORDS, 7, False, ["one"], {"id": "z", "ask": "Z?"}])
    else:
        match rnd.randrange(4):
            case 0:
                del place[rnd.randrange(len(place))]
            case 1:
                rnd.shuffle(place)
            case 2:
                place.insert(rnd.randrange(len(place) + 1), rnd.choice([{"id": "made", "ask": "Made?"}, "word", 5]))
            case _:
                place.append(
                    {
                        "id": "last",
                        "options": [{"id": "a", "label": "A, b"}],
                        "action": {"do": "Do: it.", "priority": 7},
                    }
                )
    return changed


@pytest.mark.parametrize("path", FILES, ids=[path.relative_to(QUESTIONNAIRES).as_posix() for path in FILES])
def test_every_file_takes_edits_and_gives_them_back(path: Path) -> None:
    text, rnd = path.read_text(encoding="utf-8"), Random(path.name)
    data = read(text)
    for _ in range(2):
        data = edited(rnd, data)
        new = patch_yaml(text, data)
        assert same_value(read(new), data)
        text = new
    assert patch_yaml(text, data) == text


@settings(max_examples=examples(100), deadline=None)
@given(st.integers(0, 2**32))
def test_any_edit_of_a_small_bank_comes_back(seed: int) -> None:
    rnd, text = Random(seed), TEXT
    data = read(text)
    for _ in range(4):
        data = edited(rnd, data)
        text = patch_yaml(text, data)
        assert same_value(read(text), data)


def test_any_bank_can_be_written_and_become_any_other() -> None:
    """Every key, every shape of a condition, the oddest texts: what is asked for is what the text then says."""
    for seed in range(12):
        before, after = RandomBank(seed).bank(), RandomBank(seed + 1).bank()
        text = "\n".join((*block_lines(before, 0), ""))
        assert same_value(read(text), before), seed
        assert same_value(read(patch_yaml(text, after)), after), seed


def first_section_of(name: str) -> str:
    """The top of a real bank, down to its second section: whole files take a second an edit (`benchmarks/bench_rewriting.py`)."""
    text = (QUESTIONNAIRES / name).read_text(encoding="utf-8")
    head, mark, rest = text.partition("\nsections:\n")
    return head + mark + "\n  - id: ".join(rest.split("\n  - id: ")[:2]) + "\n"


@pytest.mark.parametrize("name", ["common/core.yaml", "farming.yaml", "car_washes.yaml", "hospitality.yaml"])
def test_one_text_of_a_real_bank_is_one_line_and_every_comment_stays(name: str) -> None:
    rnd, text = Random(name), first_section_of(name)
    assert "#" in text
    assert {one_text_changed(rnd, text) for _ in range(2)} == {Trip(1, 1, reads=True, comments=True)}


def test_a_worked_example_with_another_title_is_one_changed_line() -> None:
    text = (QUESTIONNAIRES / "farming.yaml").read_text(encoding="utf-8")
    start = text.index("worked_examples:")
    text = f"format: 1\n{text[start:]}"
    data = read(text)
    data["worked_examples"][1]["title"] = "a farm between seasons"  # type: ignore[index]  # plain data
    changed = patch_yaml(text, data)
    assert sum(one != other for one, other in zip(text.splitlines(), changed.splitlines(), strict=True)) == 1


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "null"),
        (True, "true"),
        ("true", '"true"'),
        ("yes", "yes"),
        ("7", '"7"'),
        (8.0, "8"),
        (0.25, "0.25"),
        ("", '""'),
        (" x", '" x"'),
        ("Pay: how?", '"Pay: how?"'),
        ("Don’t know", "Don’t know"),
        ("# no", '"# no"'),
    ],
)
def test_a_single_value_has_quotes_only_where_it_needs_them(value: object, written: str) -> None:
    assert plain_scalar(value, inside=False) == written
    assert canonical(read_lines(f"k: {written}".encode()).data["k"]) == canonical(value)


def test_in_brackets_a_comma_needs_quotes() -> None:
    assert plain_scalar("ours, theirs", inside=False) == "ours, theirs"
    assert plain_scalar("ours, theirs", inside=True) == '"ours, theirs"'


def test_short_things_stand_on_one_line_and_the_rest_in_lines() -> None:
    value = {"id": "pay", "show_if": {"all": [{"staff": {"is": "hired"}}]}, "options": [{"id": "all", "points": 0}]}
    lines = block_lines(value, 2)
    assert lines == [
        "  id: pay",
        "  show_if: {all: [{staff: {is: hired}}]}",
        "  options:",
        "    - {id: all, points: 0}",
    ]
    assert canonical(read_lines("\n".join(lines).encode()).data) == canonical(value)


def test_true_is_not_one_and_the_order_of_keys_says_nothing() -> None:
    assert canonical({"a": True, "b": 1}) == canonical({"b": 1.0, "a": True})
    assert canonical([True]) != canonical([1])
    assert flow_text({"a": [1, "b, c"]}) == '{a: [1, "b, c"]}'
