"""Printed copies for tests to look into, each made once a run, and what stands in them as a screen reader meets it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from typing import Any

import pikepdf

from assess.core.pdf import html_to_pdf
from assess.plans.action_tracker.state import EMPTY_STATE, TrackerState
from assess.plans.annex import PrintedSignOff
from assess.plans.copies import Copy, Record
from assess.plans.print_html import attached_files, copy_html
from tests.plans.records import scenario


def render_copy(
    record: Record,
    copy: Copy,
    state: TrackerState = EMPTY_STATE,
    code: str | None = None,
    signed: PrintedSignOff | None = None,
) -> bytes:
    """With the files that travel inside, in this process."""
    return html_to_pdf(copy_html(record, copy, state, code, signed), attached_files(record, copy, state))


@cache
def printed(title: str, copy: Copy = "business") -> bytes:
    """The PDF of a scenario by its title."""
    return render_copy(scenario(title.rsplit(" ", 1)[0], title), copy)


def opened(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


def kids(element: Any) -> Iterator[Any]:
    """The structure elements right below this one."""
    found = element.get("/K", [])
    for kid in found if isinstance(found, pikepdf.Array) else [found]:
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/StructElem":
            yield kid


def walk(element: Any) -> Iterator[Any]:
    """All structure elements in reading order."""
    yield element
    for kid in kids(element):
        yield from walk(kid)


def tree(file: pikepdf.Pdf) -> list[Any]:
    return list(walk(file.Root.StructTreeRoot.K[0]))


def kinds(file: pikepdf.Pdf) -> list[str]:
    return [str(element.S) for element in tree(file)]
