"""Small faults that a program can make in a function: for each kind, which nodes it can change and what it makes of them.

Texts, log lines, type hints, decorators and signatures are left alone: whatever is run by a test stands in the body of a function.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Function = ast.FunctionDef | ast.AsyncFunctionDef

GUARDS = frozenset(
    {
        "_add_version_from_draft",
        "append_event",
        "audit_always",
        "authorise",
        "complete_sign_in",
        "end_all_assistance",
        "end_all_login_sessions",
        "enforce_expensive_limits",
        "enforce_limit",
        "enforce_mail_limits",
        "erase_after_commit",
        "lock_assessment",
        "lock_organisation",
        "log_delegation_event",
        "publish",
        "require_accounts_available",
        "require_reauthentication",
        "revoke_tokens",
        "set_audit_subject",
    }
)
"""Calls that stand alone and guard something: they have a kind of their own, so that some of them are always chosen."""
LEFT_ALONE = frozenset({"assert_never", "log", "print", "security_event", "warn"})
"""Log lines, and what is there for the types alone."""
SAME_EITHER_WAY = frozenset({"cast", "max", "min", "isclose"})
"""Functions of which two arguments may be swapped, or whose first argument is a type."""

_AT_BOUNDARY: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_CONSTANTS = {"bool": "False", "int": "0", "float": "0.0", "str": "''", "bytes": "b''"}
_EMPTY = {
    "list": "[]",
    "Sequence": "()",
    "tuple": "()",
    "dict": "{}",
    "Mapping": "{}",
    "frozenset": "frozenset()",
    "set": "set()",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A node and what is put in its place. `before` and `after` are as `ast.unparse` writes them, whatever the lines look like."""

    node: ast.expr | ast.stmt
    before: str
    after: str


Operator = Callable[[ast.AST, Function], Iterator[Change]]


def _changed(node: ast.expr, after: ast.expr | str) -> Iterator[Change]:
    yield Change(node, ast.unparse(node), after if isinstance(after, str) else ast.unparse(after))


def boundary(node: ast.AST, _function: Function) -> Iterator[Change]:
    """`a < b` becomes `a <= b`."""
    if isinstance(node, ast.Compare):
        for place, sign in enumerate(node.ops):
            if type(sign) in _AT_BOUNDARY:
                signs = [*node.ops[:place], _AT_BOUNDARY[type(sign)](), *node.ops[place + 1 :]]
                yield from _changed(node, ast.Compare(node.left, signs, node.comparators))
                return


def and_or(node: ast.AST, _function: Function) -> Iterator[Change]:
    """`a and b` becomes `a or b`."""
    if isinstance(node, ast.BoolOp):
        yield from _changed(node, ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values))


def negate(node: ast.AST, _function: Function) -> Iterator[Change]:
    """The condition of an `if` or `while` is turned round."""
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        yield from _changed(node.test, _turned_round(node.test))
    elif isinstance(node, ast.comprehension):
        for test in node.ifs:
            yield from _changed(test, _turned_round(test))


def _turned_round(test: ast.expr) -> ast.expr:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    return ast.UnaryOp(ast.Not(), test)


def one_more(node: ast.AST, _function: Function) -> Iterator[Change]:
    """A whole number becomes one more, or one less where it is above zero and even."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        less = node.value > 0 and node.value % 2 == 0
        yield from _changed(node, str(node.value - 1 if less else node.value + 1))


def constant_return(node: ast.AST, function: Function) -> Iterator[Change]:
    """What is worked out and returned becomes a constant of its type."""
    if isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        constant = _constant_of(function.returns)
        if constant is not None and constant != ast.unparse(node.value):
            yield from _changed(node.value, constant)


def _constant_of(returns: ast.expr | None) -> str | None:
    if returns is None:
        return None
    said = ast.unparse(returns)
    if said.endswith("| None"):
        return "None"
    return _CONSTANTS.get(said) or _EMPTY.get(said.partition("[")[0])


def true_false(node: ast.AST, _function: Function) -> Iterator[Change]:
    """`True` becomes `False`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield from _changed(node, str(not node.value))


def swapped_arguments(node: ast.AST, _function: Function) -> Iterator[Change]:
    """The first two arguments of a call change places."""
    if not isinstance(node, ast.Call) or _name_of(node) in SAME_EITHER_WAY or len(node.args) < 2:
        return
    first, second, *rest = node.args
    starred = isinstance(first, ast.Starred) or isinstance(second, ast.Starred)
    if not starred and ast.unparse(first) != ast.unparse(second):
        yield from _changed(node, ast.Call(node.func, [second, first, *rest], node.keywords))


def dropped_where(node: ast.AST, _function: Function) -> Iterator[Change]:
    """A query loses a condition."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "where":
        yield from _changed(node, node.func.value)


def dropped_lock(node: ast.AST, _function: Function) -> Iterator[Change]:
    """A row is read without locking it."""
    if not isinstance(node, ast.Call):
        return
    if isinstance(node.func, ast.Attribute) and node.func.attr == "with_for_update":
        yield from _changed(node, node.func.value)
    kept = [keyword for keyword in node.keywords if keyword.arg != "with_for_update"]
    if len(kept) < len(node.keywords):
        yield from _changed(node, ast.Call(node.func, node.args, kept))


def dropped_guard(node: ast.AST, _function: Function) -> Iterator[Change]:
    """A call that guards something is left out."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _name_of(node.value) in GUARDS:
        yield Change(node, ast.unparse(node), "pass")


def dropped_call(node: ast.AST, _function: Function) -> Iterator[Change]:
    """Another call that stands alone is left out."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _name_of(node.value) not in GUARDS:
        yield Change(node, ast.unparse(node), "pass")


OPERATORS: Mapping[str, Operator] = {
    "boundary": boundary,
    "and or": and_or,
    "negate": negate,
    "one more": one_more,
    "constant return": constant_return,
    "true false": true_false,
    "swapped arguments": swapped_arguments,
    "dropped where": dropped_where,
    "dropped lock": dropped_lock,
    "dropped guard": dropped_guard,
    "dropped call": dropped_call,
}


def changes(function: Function, operator: str) -> list[Change]:
    """Every change that this operator can make in a function, in the order in which it is read. Functions inside it are their own."""
    found = [change for node in _nodes_of(function) for change in OPERATORS[operator](node, function)]
    return sorted(
        found, key=lambda change: (change.node.lineno, change.node.col_offset, -(change.node.end_lineno or 0))
    )


def _nodes_of(function: Function) -> Iterator[ast.AST]:
    for statement in function.body:
        yield from _below(statement)


def _below(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.JoinedStr | ast.Assert):
        return
    call = node.value if isinstance(node, ast.Expr) else node
    if isinstance(call, ast.Call) and _name_of(call) in LEFT_ALONE:
        return
    if isinstance(node, ast.keyword) and node.arg == "strict":
        return  # of `zip`: both are as long wherever it is said
    yield node
    for name, value in ast.iter_fields(node):
        if name == "annotation":
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _below(child)


def _name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
