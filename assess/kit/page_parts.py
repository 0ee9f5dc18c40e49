"""Parts of pages that a package above fills: the templates of a package ask for them by name and do not know who answers.

Each part is declared by the package whose templates show it; `assess/subscriptions.py` lists the function that fills it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, ParamSpec, TypeVar

from flask import Flask

Parameters = ParamSpec("Parameters")
Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class PagePart(Generic[Parameters, Shown]):
    """What a template shows of a package above its own: the name by which it asks, and the type of what fills it."""

    name: str


@dataclass(frozen=True, slots=True)
class FilledPart:
    """A page part and the function that fills it."""

    name: str
    fill: Callable[..., object]


def filled_by(part: PagePart[Parameters, Shown], fill: Callable[Parameters, Shown]) -> FilledPart:
    """Which function fills a page part."""
    return FilledPart(part.name, fill)


def fill_page_parts(app: Flask, parts: Iterable[FilledPart]) -> None:
    """Let the templates of this app ask for these parts by their names."""
    for part in parts:
        app.add_template_global(part.fill, part.name)
