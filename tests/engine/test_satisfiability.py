from __future__ import annotations

import random
import time
from itertools import product
from typing import Any

from assess.engine.bank_reader import read_condition
from assess.engine.bank_validation_conditions import MAX_STEPS, Subject, _AnswerSearch, can_be_true
from assess.engine.conditions import Condition, Lookup, NoValue, Verdict, compile_condition, judge

LETTERS = tuple("abcdefgh")
SUBJECTS = {
    one.id: one
    for one in [
        Subject("one", "choice", ("a", "b", "dk")),
        Subject("many", "choices", (*LETTERS, "none", "dk")),
        Subject("count", "number"),
        Subject("share", "percentage"),
        Subject("day", "date"),
        Subject("fact", "yes_no"),
        Subject("words", "text"),
        Subject("later", "choice", ("x", "y"), read_condition({"one": {"is": "a"}})),
    ]
}


def reachable(raw: object) -> bool:
    return can_be_true(read_condition(raw), SUBJECTS)


def test_what_some_answer_makes_true_can_be_true() -> None:
    for raw in [
        "always",
        {"one": {"is": "dk"}},
        {"many": {"is": ["a", "c"]}},
        {"many": {"is": "none"}},
        {"all": [{"many": {"includes": letter}} for letter in LETTERS]},
        {"all": [{"count": {"more_than": 3}}, {"count": {"less_than": 4}}]},
        {"not": {"count": {"at_least": 0}}},
        {"share": {"at_least": 100}},
        {"all": [{"day": {"after": "2026-01-01"}}, {"day": {"before": "2026-01-03"}}]},
        {"fact": {"is": False}},
        {"asked": "words"},
        {"all": [{"one": {"is": "a"}}, {"later": {"is": "y"}}]},
        {"not": {"many": {"includes_any": ["a", "b"]}}},
    ]:
        assert reachable(raw), raw


def test_what_no_answer_makes_true_is_found_out() -> None:
    for raw in [
        {"one": {"is": "z"}},
        {"all": [{"one": {"is": "a"}}, {"one": {"is": "b"}}]},
        {"all": [{"one": {"is": "b"}}, {"later": {"is": "x"}}]},
        {"all": [{"one": {"is": "b"}}, {"asked": "later"}]},
        {"many": {"is": ["none", "a"]}},
        {"all": [{"many": {"includes": "none"}}, {"many": {"includes": "a"}}]},
        {"share": {"more_than": 100}},
        {"all": [{"count": {"more_than": 4}}, {"count": {"less_than": 4}}]},
        {"all": [{"day": {"after": "2026-01-01"}}, {"day": {"before": "2026-01-01"}}]},
        {"at_least_of": {"n": 2, "of": [{"one": {"is": "a"}}, {"one": {"is": "b"}}]}},
        {"nobody": {"is": "x"}},
        {"all": [{"fact": {"is": True}}, {"not": {"fact": {"is": True}}}]},
        {"many": {"is": ["a", "z"]}},
    ]:
        assert not reachable(raw), raw


def test_a_day_that_is_none_is_not_searched_for() -> None:
    assert not can_be_true(read_condition({"day": {"is": "never"}}), SUBJECTS)


def random_condition(chance: random.Random, depth: int) -> dict[str, Any]:
    if depth == 0 or chance.random() < 0.3:
        subject = chance.choice(["one", "many", "later"])
        if subject == "many":
            test = chance.choice(["includes", "is"])
            return {subject: {test: chance.choice(["a", "b", "none"])}}
        return {subject: {"is": chance.choice(["a", "b"] if subject == "one" else ["x", "y"])}}
    branch = chance.choice(["all", "any", "not", "at_least_of"])
    parts = [random_condition(chance, depth - 1) for _ in range(chance.randint(1, 3))]
    if branch == "not":
        return {"not": parts[0]}
    if branch == "at_least_of":
        return {"at_least_of": {"n": chance.randint(1, len(parts)), "of": parts}}
    return {branch: parts}


def all_answers() -> list[dict[str, object]]:
    many = [
        [],
        *([list(chosen) for chosen in product("ab", repeat=1)]),
        ["a", "b"],
        ["c"],
        ["a", "c"],
        ["b", "c"],
        ["a", "b", "c"],
    ]
    found: list[dict[str, object]] = []
    for one, several, later in product(["a", "b", "dk"], [*many[1:], ["none"], ["dk"]], ["x", "y"]):
        found.append({"one": one, "many": several, "later": later if one == "a" else NoValue.HIDDEN})
    return found


def test_the_search_agrees_with_trying_every_answer() -> None:
    chance = random.Random(41)
    everything = all_answers()
    seen = set()
    for _ in range(400):
        condition: Condition = read_condition(random_condition(chance, 3))
        truth = any(judge(condition, answers.__getitem__) is Verdict.TRUE for answers in everything)
        assert can_be_true(condition, SUBJECTS) == truth, condition
        seen.add(truth)
    assert seen == {True, False}


def test_a_search_that_grows_too_large_believes_the_condition() -> None:
    subjects = {f"q{number}": Subject(f"q{number}", "choice", tuple("abcdefgh")) for number in range(12)}
    parts = [{"any": [{name: {"is": letter}} for letter in "abcdefgh"]} for name in subjects]
    condition = read_condition({"all": [{"not": {"all": parts}}, {"not": {"not": {"all": parts}}}]})
    tried: list[None] = []
    judges = compile_condition(condition)

    def counted(session: Lookup) -> Verdict:
        tried.append(None)
        return judges(session)

    assert _AnswerSearch(counted, [(name, None, tuple("abcdefgh")) for name in subjects]).finds()
    assert len(tried) == MAX_STEPS
    started = time.process_time()  # of this process alone: others on the machine may take as long as they like
    assert can_be_true(condition, subjects)
    assert time.process_time() - started < 20, f"{MAX_STEPS} steps took too long"
