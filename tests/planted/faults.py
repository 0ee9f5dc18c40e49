"""Faults to be planted, as they are kept: found again by the name of their function, never by a line.

`faults.json` was chosen once, on the commit it names, and does not change. `renames.json` says where a function or a module lives
now, `gone.json` which faults have no place any more and why, `equivalent.json` which change nothing that anybody could see, and why.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.planted.operators import Change, Function, changes

HERE = Path(__file__).parent
FAULTS = HERE / "faults.json"
RENAMES = HERE / "renames.json"
GONE = HERE / "gone.json"
EQUIVALENT = HERE / "equivalent.json"


class GoneError(Exception):
    """A fault has no place in this tree. The sentence says what is missing."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`number` counts the nodes of its kind in the function, from zero. `before` and `after` are texts of the commit it was chosen on."""

    function: str
    operator: str
    number: int
    before: str
    after: str

    @property
    def id(self) -> str:
        """By this it is known in every result, wherever its function has moved since."""
        return f"{self.function} / {self.operator} / {self.number}"


@dataclass(frozen=True, slots=True)
class Planted:
    """A fault in a tree: the file, its text with the fault in it, and the lines a test must run to meet it."""

    path: Path
    text: str
    lines: frozenset[int]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The faults, and the commit on which they were chosen."""

    commit: str
    seed: int
    faults: tuple[Fault, ...]

    def write(self, path: Path = FAULTS) -> None:
        """Keep them."""
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def chosen(path: Path = FAULTS) -> Chosen:
    """The faults that are kept."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    return Chosen(kept["commit"], kept["seed"], tuple(Fault(**fault) for fault in kept["faults"]))


def read_words(path: Path) -> Mapping[str, str]:
    """A file that says something about names: reasons, or other names."""
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def now_called(function: str, renames: Mapping[str, str]) -> str:
    """What a function is called now. A row may name it whole, or the beginning of its module; what says most counts."""
    module, _, name = function.partition(":")
    if function in renames:
        return renames[function]
    parts = module.split(".")
    for length in range(len(parts), 0, -1):
        moved = renames.get(".".join(parts[:length]))
        if moved is not None:
            return f"{'.'.join([moved, *parts[length:]])}:{name}"
    return function


def plant(fault: Fault, root: Path, renames: Mapping[str, str]) -> Planted:
    """The file of this fault under `root`, with the fault in it. Nothing is written.

    Raises:
        GoneError: when its place is not there.
    """
    module, _, name = now_called(fault.function, renames).partition(":")
    path = path_of(root, module)
    text = path.read_text(encoding="utf-8")
    function = dict(functions(ast.parse(text))).get(name)
    if function is None:
        raise GoneError(f"{path.relative_to(root)} has no function {name}")
    change = _find(fault, changes(function, fault.operator))
    return Planted(path, with_change(text, change), _lines_of(change.node, function))


def path_of(root: Path, module: str) -> Path:
    """The file of a module.

    Raises:
        GoneError: when there is none.
    """
    base = root.joinpath(*module.split("."))
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if path.exists():
            return path
    raise GoneError(f"there is no module {module}")


def functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """Every function of a module by its qualified name. Of two with one name, as property and setter have, neither."""
    found: dict[str, list[Function]] = {}

    def look(node: ast.AST, above: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                name = f"{above}{child.name}"
                if not isinstance(child, ast.ClassDef):
                    found.setdefault(name, []).append(child)
                look(child, f"{name}.")
            else:
                look(child, above)

    look(tree, "")
    yield from ((name, places[0]) for name, places in found.items() if len(places) == 1)


def with_change(text: str, change: Change) -> str:
    """The text of a file with one node replaced. What stays is not touched, so every other line keeps its number or moves up."""
    lines = text.splitlines(keepends=True)
    node = change.node
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    first, last = lines[node.lineno - 1].encode(), lines[node.end_lineno - 1].encode()  # columns count bytes
    after = change.after if isinstance(node, ast.stmt) else f"({change.after})"
    line = first[: node.col_offset].decode() + after + last[node.end_col_offset :].decode()
    return "".join([*lines[: node.lineno - 1], line, *lines[node.end_lineno :]])


def _find(fault: Fault, possible: list[Change]) -> Change:
    """The node that was chosen; or, if the function has changed around it, the only one of its kind that is the same.

    It has the same text, or says the same with other names: what it is called counts for nothing then, how it is built does.
    """
    for same_as in (str, shape_of):
        wanted = same_as(fault.before)
        same = [same_as(change.before) == wanted for change in possible]
        if fault.number < len(possible) and same[fault.number]:
            return possible[fault.number]
        if same.count(True) == 1:
            return possible[same.index(True)]
    raise GoneError(f"{fault.function} has {same.count(True)} nodes like “{fault.before}” for “{fault.operator}”")


def shape_of(text: str) -> str:
    """How a node is built, without any name or text in it. A dotted name is a name, whatever module it is looked up in."""
    tree = _Undotted().visit(ast.parse(text))
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if isinstance(value, str):
                setattr(node, name, "")
    return ast.dump(tree)


class _Undotted(ast.NodeTransformer):
    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        value = self.visit(node.value)
        return value if isinstance(value, ast.Name) else ast.Attribute(value, node.attr, node.ctx)


def _lines_of(node: ast.expr | ast.stmt, function: Function) -> frozenset[int]:
    """The lines of the smallest statement around a node, or of what stands before its colon."""
    around: ast.stmt = function
    for statement in ast.walk(function):
        if isinstance(statement, ast.stmt) and any(child is node for child in ast.walk(statement)):
            around = statement  # ast.walk goes from outside inwards
    body = getattr(around, "body", None)
    end = body[0].lineno - 1 if body else around.end_lineno
    return frozenset(range(around.lineno, max(end or 0, around.lineno) + 1)) | {node.lineno}
