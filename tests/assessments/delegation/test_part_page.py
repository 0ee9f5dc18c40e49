from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask

from assess.assessments.delegation import part_page


def test_questions_are_made_anew_each_day(app: Flask, another_visit: Any, colleague: Any, now: Any) -> None:
    _, _, here = colleague()
    shelf = app.extensions[part_page._SHELF]
    assert len(shelf.parts) > 5
    made = dict(shelf.parts)
    another_visit(here)
    assert shelf.parts == made
    app.config["CLOCK"] = lambda: now + timedelta(hours=3)
    another_visit(here)
    assert shelf.parts == made
    another_visit.send()
    app.config["CLOCK"] = lambda: now + timedelta(days=1)
    part = another_visit(here)
    assert part.status == 403, "her visit has ended: the link opens a new one"


def test_a_day_later_the_words_are_those_of_that_day(app: Flask, another_visit: Any, colleague: Any, now: Any) -> None:
    _, path, _ = colleague()
    shelf = app.extensions[part_page._SHELF]
    first = shelf.day
    app.config["CLOCK"] = lambda: now + timedelta(days=1)
    another_visit(path)
    another_visit.send()
    assert shelf.day == first + timedelta(days=1)
