"""Addresses compiled once in a process: every test has an app of its own, and compiling its addresses took most of its time."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import Rule

compile_anew = Rule._compile_builder
"""As Werkzeug does it."""


def remember_routes() -> None:
    """Have what a rule compiles to be kept. It depends on its words alone: what belongs to one app is looked up when it runs."""
    kept: dict[tuple[object, ...], Any] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Any:  # noqa: FBT001, FBT002  # Werkzeug's signature
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = compile_anew(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = compile_once  # type: ignore[method-assign]  # of a test
