"""The advice pages: what to look for, what to do, whom to call.

Addresses and titles say nothing about what they hold, because somebody else may read them in a history or over a shoulder.
Nothing here touches the session, so nothing here sets a cookie.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, Flask, current_app, render_template

from assess.engine.settings import Contact
from assess.help.advice import KINDS, SIGNS
from assess.kit.headers import public_page
from assess.kit.route_permissions import requires

blueprint = Blueprint("help", __name__)

CONTENTS = (
    ("help.start", "Help and advice"),
    ("help.you", "If it is about you"),
    ("help.know", "What to look for"),
    ("help.kinds", "Different kinds"),
    ("help.do", "What to do"),
    ("help.lead", "If you are in charge"),
    ("help.call", "Who to call"),
    ("help.traces", "Your history and your calls"),
)
"""Endpoint and heading of every advice page, in the order of the list that stands on each."""

SHOWN_ORDERS = frozenset({1, 2, 3, 4, 5, 6, 9})
"""The rows of the list of contacts that are sure enough to show everywhere; a row of an area is shown for its area."""

_ADVICE = "assess.advice"


@dataclass(frozen=True, slots=True)
class WhomToCall:
    """Contacts by how urgent it is: those for everywhere, those of each area served, and when the oldest was checked."""

    everywhere: tuple[Contact, ...]
    by_area: tuple[tuple[str, tuple[Contact, ...]], ...]
    checked: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What the pages need to know of this installation.

    `contacts` gives those in force today, "emergency", "police" and "helpline" always among them. `areas` are the areas
    served, for example "norfolk". `children_team` says how to reach the team of all other places, if the operator has said.
    """

    contacts: Callable[[], Sequence[Contact]]
    areas: Sequence[str]
    children_team: str | None


def give_advice(app: Flask, advice: Advice) -> None:
    """Tell the pages about this installation."""
    app.extensions[_ADVICE] = advice


def whom_to_call(contacts: Sequence[Contact], areas: Sequence[str]) -> WhomToCall:
    """Choose and order the contacts to show. `areas` are the areas the operator serves, for example "norfolk"."""
    ordered = sorted(contacts, key=lambda contact: contact.order)
    everywhere = tuple(one for one in ordered if one.area is None and one.order in SHOWN_ORDERS)
    by_area = tuple(
        (area.replace("_", " ").title(), local)
        for area in areas
        if (local := tuple(one for one in ordered if one.area == area))
    )
    shown = [*everywhere, *(one for _, local in by_area for one in local)]
    return WhomToCall(everywhere, by_area, min(one.checked for one in shown))


def _advice() -> Advice:
    found: Advice = current_app.extensions[_ADVICE]
    return found


def _page(name: str, **more: object) -> str:
    by_id = {contact.id: contact for contact in _advice().contacts()}
    always = {who: by_id[who] for who in ("emergency", "police", "helpline")}
    return render_template(f"help/{name}.html", help_contents=CONTENTS, **always, **more)


@blueprint.get("/help")
@public_page
@requires("public.read")
def start() -> str:
    """The first page of advice: danger first, then whom to talk to, then where to read on."""
    return _page("start")


@blueprint.get("/help/you")
@public_page
@requires("public.read")
def you() -> str:
    """For somebody to whom it happens."""
    return _page("you")


@blueprint.get("/help/know")
@public_page
@requires("public.read")
def know() -> str:
    """Signs, by person and place."""
    return _page("know", signs=SIGNS)


@blueprint.get("/help/kinds")
@public_page
@requires("public.read")
def kinds() -> str:
    """The kinds of exploitation in plain words."""
    return _page("kinds", kinds=KINDS)


@blueprint.get("/help/do")
@public_page
@requires("public.read")
def do() -> str:
    """What to do and what not to do."""
    return _page("do")


@blueprint.get("/help/lead")
@public_page
@requires("public.read")
def lead() -> str:
    """What a manager does in the first hour."""
    return _page("lead")


@blueprint.get("/help/call")
@public_page
@requires("public.read")
def call() -> str:
    """Everyone to call, the most urgent first."""
    advice = _advice()
    found = whom_to_call(advice.contacts(), advice.areas)
    return _page(
        "call",
        everywhere=found.everywhere,
        by_area=found.by_area,
        checked=found.checked,
        children_team=advice.children_team,
    )


@blueprint.get("/help/traces")
@public_page
@requires("public.read")
def traces() -> str:
    """What leaving does not delete, and how to delete it."""
    return _page("traces")
