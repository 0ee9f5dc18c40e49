"""What docstrings, comments (those of templates too) and documents name in backticks is there: a name that is gone misleads whoever follows it."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

THIS = Path(__file__)
ROOT = THIS.parents[1]
CODE = ("assess", "tests", "benchmarks")
DATA = (
    "templates",
    "questionnaires",
    "assess/core/migrations",
    ".ci",
    "Makefile",
    "pyproject.toml",
    "requirements.txt",
    "package.json",
    "package-lock.json",
)
"""Where names stand that are no names of Python: blocks of templates, ids, keys, tables, triggers, targets of make."""
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "tests/README.md", "docs")
ELSEWHERE = {
    "sbom.json": "made by `make sbom`",
    "audit-anchors.txt": "an operator writes it",
    "assessment.json": "inside a PDF",
    "procrastinate_engine.py": "stands in the history alone, and the decision says so",
    "01/02/199001": "digits somebody may type",
    "views_": "how names begin",
    "show_": "how names begin",
    "diff": "a command",
    "NorfolkCouncil": "what somebody may type",
    "hours__dk": "an id in a browser",
    "key__of__id": "how keys of a fixture are written",
}
"""What is named and no part of the repository, and what it is."""

IN_BACKTICKS = re.compile(r"`([^`\n]+)`")
NAMES = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?:\(.*\))?")
PATH = re.compile(r"\w[\w-]*(?:/[\w.-]+)+/?|\w[\w.-]*\.(?:py|html|yaml|md|sql|txt|js|json|css)")
COMMENT = re.compile(r"(?:^|\s)# [^\n]*`[^\n]*")
TEMPLATE_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
UNQUOTED_NAME = re.compile(r"[\w/-]+\.(?:py|html)\b|\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\b")
"""A file or a class in the comment of a template, which the first test sees in backticks alone."""
WORD = re.compile(r"[A-Za-z_]\w*")
NAMED_BY: dict[type[ast.AST], str] = {
    ast.ClassDef: "name",
    ast.FunctionDef: "name",
    ast.arg: "arg",
    ast.keyword: "arg",
    ast.Name: "id",
    ast.Attribute: "attr",
}


@dataclass
class Repository:
    """Names by what they are. `variables` are bound or passed, `attributes` follow a dot; `words` stand in data."""

    names: set[str] = field(default_factory=lambda: {*dir(builtins), *keyword.kwlist})
    variables: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    classes: dict[str, set[str]] = field(default_factory=dict)
    modules: dict[str, set[str]] = field(default_factory=dict)
    paths: set[str] = field(default_factory=set)
    texts: list[tuple[str, int, str]] = field(default_factory=list)
    """Place, line and text of each docstring, comment and document."""

    def add_module(self, path: Path, place: str) -> None:
        source = path.read_text(encoding="utf-8")
        tree = ast.parse(source)
        own: set[str] = set()
        docstrings: set[ast.Constant] = set()
        for node in ast.walk(tree):
            own.update(_named(node))
            if isinstance(node, ast.Constant):
                if (
                    isinstance(node.value, str)
                    and node not in docstrings
                    and " " not in node.value.strip()
                    and path != THIS
                ):
                    self.words.update(WORD.findall(node.value))
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                docstrings.add(node.value)
                self.texts.append((place, node.lineno, str(node.value.value)))
            elif isinstance(node, ast.ClassDef):
                inside = {name for one in ast.walk(node) for name in _named(one)}
                self.classes.setdefault(node.name, set()).update(inside)
                self.attributes.update(*(_named(one) for one in node.body))
            elif isinstance(node, ast.Attribute):
                self.attributes.add(node.attr)
            elif isinstance(node, ast.Name | ast.arg):
                self.variables.update(_named(node))
        self.names |= own | {path.stem}
        self.modules.setdefault(path.parent.name if path.stem == "__init__" else path.stem, set()).update(own)
        for number, line in enumerate(source.splitlines(), 1):
            if "`" in line and (comment := COMMENT.search(line)):
                self.texts.append((place, number, comment[0]))

    def faults(self, said: str) -> Iterator[str]:
        """What of a text in backticks is not there."""
        if PATH.fullmatch(said):
            if not any(f"/{path}".endswith(f"/{said.rstrip('/')}") for path in self.paths):
                yield said
            return
        found = NAMES.fullmatch(said)
        if found is None:
            return
        chain = found[1].split(".")
        for name in chain:
            strict = re.search(r"[A-Z][a-z]", name) is not None  # a word of data is no class
            if name not in self.names and (strict or name not in self.words) and not self._is_setting(name):
                yield name
        for owner, name in pairwise(chain):
            if owner in self.classes:
                known = self.members(owner)
            elif owner in self.modules and owner not in self.variables:
                known = self.modules[owner] | self.modules.keys()
            else:  # a variable, or a word of data like a permission
                known = self.attributes | self.modules.get(owner, set()) | self.words
            if name not in known:
                yield f"{owner}.{name}"

    def members(self, owner: str) -> set[str]:
        """The names of a class and of the classes it names: its bases are among them."""
        inside = self.classes[owner]
        return inside.union(*(self.classes[one] for one in inside if one in self.classes and one != owner))

    def _is_setting(self, name: str) -> bool:
        return name.startswith("ASSESS_") and name.removeprefix("ASSESS_").lower() in self.names


def _named(node: ast.AST) -> list[str]:
    if isinstance(node, ast.alias):
        return [*node.name.split("."), *filter(None, [node.asname])]
    name = getattr(node, NAMED_BY.get(type(node), ""), None)
    return [name] if name else []


def _files(places: tuple[str, ...]) -> Iterator[Path]:
    for place in places:
        path = ROOT / place
        yield from (one for one in (path.rglob("*") if path.is_dir() else [path]) if one.is_file())


@cache
def repository() -> Repository:
    found = Repository()
    for path in _files((*CODE, *DATA, *DOCUMENTS, "LICENSE", "CHANGELOG.md")):
        place = path.relative_to(ROOT)
        found.paths |= {place.as_posix(), *(parent.as_posix() for parent in place.parents)}
        found.words |= {path.name, *WORD.findall(place.as_posix())}
        if path.suffix == ".py":
            found.add_module(path, place.as_posix())
        elif path.suffix == ".md" and not place.as_posix().startswith(DATA):
            text = re.sub(
                r"^```.*?^```",
                lambda block: "\n" * block[0].count("\n"),
                path.read_text("utf-8"),
                flags=re.DOTALL | re.MULTILINE,
            )
            found.texts.append((place.as_posix(), 1, text))
        elif path.suffix in {".html", ".yaml", ".sql", ".csv", ".js", ".toml", ""} and b"\0" not in path.read_bytes():
            text = path.read_text("utf-8", errors="replace")
            if path.suffix == ".html":
                for one in TEMPLATE_COMMENT.finditer(text):
                    found.texts.append((place.as_posix(), 1 + text[: one.start()].count("\n"), one[0]))
                text = TEMPLATE_COMMENT.sub("", text)  # else a name would be there by being spoken of
            found.words |= set(WORD.findall(text))
    return found


def test_what_is_named_is_there() -> None:
    here = repository()
    missing = [
        f"{place}:{line + text[: one.start()].count(chr(10))}: {one[1]} ({fault})"
        for place, line, text in here.texts
        for one in IN_BACKTICKS.finditer(text)
        if one[1] not in ELSEWHERE
        for fault in here.faults(one[1])
    ]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(
    "gone",
    [
        "forget_everything",
        "Blank",
        "SupplierDetails.nothing",
        "editions.forget_everything()",
        "assess/nowhere.py",
        "gone.py",
    ],
)
def test_what_is_gone_is_found(gone: str) -> None:
    assert list(repository().faults(gone))


def test_what_comments_of_templates_name_stands_in_backticks() -> None:
    bare = [
        f"{place}:{line}: {one[0]}"
        for place, line, text in repository().texts
        if place.startswith("templates/")
        for one in UNQUOTED_NAME.finditer(IN_BACKTICKS.sub("", text))
    ]
    assert not bare, "\n".join(bare)


def test_every_exception_is_named_and_needed() -> None:
    here = repository()
    named = {one[1] for _, _, text in here.texts for one in IN_BACKTICKS.finditer(text)}
    assert [said for said in ELSEWHERE if said not in named or not list(here.faults(said))] == []
