"""Addresses compiled once in a process: every test has an app of its own, and compiling its addresses took most of its time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.routing import Rule

compile_anew = Rule.compile
"""As Werkzeug does it."""


@dataclass(frozen=True)
class _Compiled:
    """What the words of a rule come to. `converters`: how each was asked for, because one that is made belongs to its app."""

    parts: tuple[Any, ...]
    trace: tuple[Any, ...]
    converters: tuple[tuple[Any, ...], ...]
    build: Callable[..., Any]
    build_unknown: Callable[..., Any]


def remember_routes() -> None:
    """Have what a rule compiles to be kept. It depends on its words alone: what belongs to one app is made for it again."""
    kept: dict[tuple[object, ...], _Compiled] = {}

    def compile_once(rule: Rule) -> None:
        words = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults))
        key = (*words, rule.merge_slashes, rule.map is not None and rule.map.host_matching)
        known = kept.get(key)
        if known is None:
            kept[key] = _compiled(rule)
        else:
            _take(rule, known)

    Rule.compile = compile_once  # type: ignore[method-assign]  # of a test


def _compiled(rule: Rule) -> _Compiled:
    asked: list[tuple[Any, ...]] = []
    made = rule.get_converter

    def noted(*wanted: Any) -> Any:
        asked.append(wanted)
        return made(*wanted)

    rule.get_converter = noted  # type: ignore[method-assign]  # while it is compiled
    try:
        compile_anew(rule)
    finally:
        del rule.get_converter
    builders: Any = rule._build, rule._build_unknown
    build, build_unknown = (one.__func__ for one in builders)
    return _Compiled(tuple(rule._parts), tuple(rule._trace), tuple(asked), build, build_unknown)


def _take(rule: Rule, known: _Compiled) -> None:
    rule._parts, rule._trace = list(known.parts), list(known.trace)
    rule._converters = {wanted[0]: rule.get_converter(*wanted) for wanted in known.converters}
    rule.arguments.update(rule._converters)
    rule._build = known.build.__get__(rule, None)
    rule._build_unknown = known.build_unknown.__get__(rule, None)
