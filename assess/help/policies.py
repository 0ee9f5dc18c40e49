"""The pages behind the links at the foot: privacy, cookies, access, complaints, and asking a person to look again.

They say what this installation does, read from its settings, and no more than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, current_app, render_template

from assess.help.views import blueprint
from assess.kit.headers import public_page
from assess.kit.route_permissions import requires

_PROMISES = "assess.promises"


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie this installation sets: its name, what it is for, and how long it lasts, in words."""

    name: str
    purpose: str
    lasts: str


@dataclass(frozen=True, slots=True)
class Promises:
    """What this installation keeps, and for how long. All numbers come from its settings. `reminders`: whether it sends any."""

    draft_months: int
    submission_years: int
    backup_days: int
    log_days: int
    buyer_link_days: int
    cookies: Sequence[Cookie]
    reminders: bool = False


def make_promises(app: Flask, promises: Promises) -> None:
    """Tell the pages what this installation does. Call it before the room is opened."""
    app.extensions[_PROMISES] = promises


def promises() -> Promises:
    """What this installation keeps, and for how long."""
    found: Promises = current_app.extensions[_PROMISES]
    return found


@blueprint.get("/privacy")
@public_page
@requires("public.read")
def privacy() -> str:
    """What is kept, who sees it, and for how long."""
    return render_template("help/privacy.html", promises=promises())


@blueprint.get("/cookies")
@public_page
@requires("public.read")
def cookies() -> str:
    """Every cookie by name."""
    return render_template("help/cookies.html", promises=promises())


@blueprint.get("/accessibility")
@public_page
@requires("public.read")
def accessibility() -> str:
    """What was tested and what was not."""
    return render_template("help/accessibility.html")


@blueprint.get("/complaints")
@public_page
@requires("public.read")
def complaints() -> str:
    """Where to complain."""
    return render_template("help/complaints.html")


@blueprint.get("/ask-a-person")
@public_page
@requires("public.read")
def ask_a_person() -> str:
    """How to have a person look at a result."""
    return render_template("help/ask_a_person.html")
