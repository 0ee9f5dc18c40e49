"""Words that `docs/glossary.md` retires stay out of modules, classes, functions, templates, addresses and tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

ROOT = Path(__file__).parents[1]
CODE, TEMPLATES, TESTS = ROOT / "assess", ROOT / "templates", ROOT / "tests"
RIGHT_IN_CODE = {
    "chain": "the supply chain, and the chain of the audit log",
    "letter": "a letter of an alphabet",
    "register": "Flask registers, and there is a register of contracts",
    "sheet": "a sheet of a workbook or of paper",
    "watch": "to watch for changes",
}
"""Words of the table whose other sense, named there, is the one in names of the code."""
RIGHT_IN_NAMES_OF_TESTS = {
    "calling", "caller", "cover", "deed", "faults", "fit", "freeze", "guesses", "keeping", "look", "mend", "moving",
    "owning", "papers", "picture", "press", "pressure", "reach", "room", "standing", "telling", "things", "trying",
    "visit", "ways",
}  # fmt: skip
"""Names of tests are sentences, in which these are plain English."""
STILL_RIGHT = {
    "_independent_desk_errors": "the setting is called so",
    "guesses_log10": "the key is a word of zxcvbn",
    "test_a_buyer_is_not_its_own_independent_desk": "the setting is called so",
    "test_a_buyer_that_runs_it_has_coordinators_only_at_an_independent_desk": "the setting is called so",
    "test_an_independent_desk_stands_in_the_place_of_the_operator": "the setting is called so",
    "test_the_independent_desk_is_not_the_buyer_itself": "the setting is called so",
}
"""A name and why a retired word is right in it."""


def retired_words() -> set[str]:
    """The single words of the table of words that are not used; in brackets stands in which sense one is retired, so those are not held here."""
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \|$", text, re.MULTILINE)
    words = {word.strip() for row in rows if "(" not in row for word in row.split(",")}
    return {word for word in words if re.fullmatch(r"[a-z]+", word)} - {"retired"} - set(RIGHT_IN_CODE)


def parts(name: str) -> set[str]:
    """The words of a name in snake case, camel case or with dashes."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def names_of_code() -> Iterator[tuple[str, str]]:
    """Each module, and each class and function at its top, with where it stands."""
    for path in CODE.rglob("*.py"):
        place = path.relative_to(ROOT).as_posix()
        yield path.stem, place
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                yield node.name, place
    for path in TEMPLATES.rglob("*.html"):
        yield path.relative_to(TEMPLATES).as_posix(), "templates"


def test_no_name_of_the_code_holds_a_retired_word() -> None:
    retired = retired_words()
    assert {"kit", "shelf", "bookcase", "mould"} <= retired
    found = {f"{place}: {name}" for name, place in names_of_code() if parts(name) & retired and name not in STILL_RIGHT}
    assert not found, "\n".join(sorted(found))


def names_of_tests() -> Iterator[tuple[str, str]]:
    """Each file of tests and each test."""
    for path in TESTS.rglob("test_*.py"):
        place = path.relative_to(ROOT).as_posix()
        yield path.stem, place
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield node.name, place


def test_no_name_of_a_test_holds_a_retired_word() -> None:
    retired = retired_words() - RIGHT_IN_NAMES_OF_TESTS
    assert {"desk", "rehearsal", "talk"} <= retired
    found = {
        f"{place}: {name}" for name, place in names_of_tests() if parts(name) & retired and name not in STILL_RIGHT
    }
    assert not found, "\n".join(sorted(found))


def test_no_address_holds_a_retired_word(app: Flask) -> None:
    retired = retired_words()
    rules = {re.sub(r"<[^>]*>", "", rule.rule) for rule in app.url_map.iter_rules()}
    found = {rule for rule in rules if parts(rule) & retired and rule not in STILL_RIGHT}
    assert not found, "\n".join(sorted(found))


def test_every_exception_is_needed(app: Flask) -> None:
    known = {name for name, _ in (*names_of_code(), *names_of_tests())} | {
        re.sub(r"<[^>]*>", "", rule.rule) for rule in app.url_map.iter_rules()
    }
    retired = retired_words()
    assert not {name for name in STILL_RIGHT if name not in known or not parts(name) & retired}
