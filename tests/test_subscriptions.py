"""The one list of who reacts to what is whole: a class that nobody listed would first be missed in production."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

import assess
from assess import subscriptions
from assess.assessments.events import SubmissionMade
from assess.bank_editor.navigation import BANK_NAV, BANKS_NAV, DRAFT_NAV, QUESTION_NAV
from assess.core import events as core_events
from assess.core.events import Event, TwoPhaseEvent, Veto, providers_of
from assess.plans.action_tracker.carry_over import carry_over_tracker
from assess.suppliers.presenters import BuyerNavItem, SupplierNavItem

BASES = {base.__name__ for base in (Event, TwoPhaseEvent, Veto)}


def test_every_event_and_veto_of_the_code_is_listed_exactly_once() -> None:
    defined = Counter(
        f"{path.relative_to(Path(assess.__path__[0]).parent).with_suffix('').as_posix().replace('/', '.')}.{node.name}"
        for path in Path(assess.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and BASES & {base.id for base in node.bases if isinstance(base, ast.Name)}
    )
    entries = (*subscriptions.EVENTS, *subscriptions.VETOES)
    assert Counter(f"{entry.kind.__module__}.{entry.kind.__qualname__}" for entry in entries) == defined
    assert {entry.kind.__mro__[1] for entry in subscriptions.EVENTS} <= {Event, TwoPhaseEvent}


def test_every_event_is_a_frozen_dataclass() -> None:
    for entry in (*subscriptions.EVENTS, *subscriptions.VETOES):
        assert entry.kind.__dataclass_params__.frozen, entry.kind.__name__  # type: ignore[attr-defined]  # of dataclasses


def test_the_register_is_carried_over_before_anybody_computes_from_it() -> None:
    (made,) = (entry for entry in subscriptions.EVENTS if entry.kind is SubmissionMade)
    assert made.listed[0] is carry_over_tracker


def test_installing_twice_is_installing_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core_events, "_installed", None)
    subscriptions.install()
    once = core_events._installed
    subscriptions.install()
    assert core_events._installed == once


def test_every_page_part_of_the_code_is_filled_exactly_once() -> None:
    declared = Counter(
        node.value.args[0].value
        for path in Path(assess.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Name)
        and node.value.func.id == "PagePart"
        and isinstance(node.value.args[0], ast.Constant)
    )
    assert Counter(part.name for part in subscriptions.PAGE_PARTS) == declared


def test_every_menu_leads_to_pages_that_are_there_and_to_each_once(app: Flask) -> None:
    for ways in (
        providers_of(BuyerNavItem),
        providers_of(SupplierNavItem),
        BANKS_NAV,
        DRAFT_NAV,
        BANK_NAV,
        QUESTION_NAV,
    ):
        endpoints = [way.endpoint for way in ways]
        assert len(endpoints) == len(set(endpoints))
        assert [one for one in endpoints if one not in app.view_functions] == []
