"""The page of somebody who waits for a file, and the file itself once it is there.

The file is made beside the site, never in it. The page says in words how it stands, and looks again by itself. It reads the
same whatever was answered.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from flask import abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from assess.kit.clock import now
from assess.kit.db import database, session
from assess.kit.errors import request_name
from assess.kit.integers import integer_asked
from assess.kit.limits import RENDERING, count_costly
from assess.kit.logs import log
from assess.plans.printing.standing import ON_ITS_WAY, Standing
from assess.plans.printing.wanted import Wanted

SECONDS_BETWEEN, SECONDS_BETWEEN_WHEN_LATE = 2, 10
MOST_LOOKS = 30
"""How often the page looks again by itself before it waits for a person to ask."""

WORDS: Mapping[Standing, str] = {
    Standing.WAITING: "It is waiting for its turn.",
    Standing.RUNNING: "It is being made now.",
    Standing.AGAIN: "The first try did not work. It is being tried again by itself.",
    Standing.LATE: "It takes longer than usual to begin. Nothing is lost: you can close this page and come back later.",
}


@dataclass(frozen=True, slots=True)
class Places:
    """In which assessment, or behind which link, somebody waits; and three addresses.

    They are those of the file, of the page of whoever waits for it, and of the page to go back to.
    """

    whose: uuid.UUID
    file: str
    waiting: str
    back: str


def send_file(wanted: Wanted, places: Places) -> Response:
    """The file as it is now, or the way to the page that waits for it.

    Whoever asked must have been let in already.
    """
    with database().reading() as look:
        found = wanted.kept(look)
    if found is None:
        return redirect(places.waiting, 303)
    response = make_response(found.content)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{wanted.name(found.made_at)}"'
    response.set_etag(found.digest)
    return response.make_conditional(request)


def show_waiting(wanted: Wanted, places: Places) -> Response:
    """How it stands with the file: 202 while it is on its way, 200 once it is there, 500 when it was given up.

    A file that nobody has ordered yet is ordered. Scripts ask for plain text and get the sentence alone.
    """
    standing = _standing(wanted, places)
    if standing is Standing.LATE:
        log("jobs_wait", reason="a file has waited for a worker: is one running?", request=request_name())
    if standing is Standing.GIVEN_UP:
        log("printing_given_up", request=request_name())
    if standing in ON_ITS_WAY and request.accept_mimetypes.best_match(["text/html", "text/plain"]) == "text/plain":
        response = make_response(WORDS[standing], 202)
        response.mimetype = "text/plain"
    else:
        response = make_response(_page(standing, wanted, places), _status(standing))
    if standing in ON_ITS_WAY:
        response.headers["Retry-After"] = str(_pause(standing))
    return response


def order_again(wanted: Wanted, places: Places) -> Response:
    """Order a file that was given up once more, because a person asked for it."""
    count_costly(RENDERING, places.whose)
    wanted.order(session(), now())
    return redirect(places.waiting, 303)


def _standing(wanted: Wanted, places: Places) -> Standing:
    with database().reading() as look:
        standing = wanted.standing(look, now())
    if standing is not Standing.NOT_ORDERED:
        return standing
    count_costly(RENDERING, places.whose)
    with database().writing() as write:
        wanted.order(write, now())
        ordered = wanted.standing(write, now())
    # somebody else deleted everything between the two looks
    return abort(404) if ordered is Standing.NOT_ORDERED else ordered


def _status(standing: Standing) -> int:
    if standing is Standing.READY:
        return 200
    return 500 if standing is Standing.GIVEN_UP else 202


def _pause(standing: Standing) -> int:
    return SECONDS_BETWEEN_WHEN_LATE if standing is Standing.LATE else SECONDS_BETWEEN


def _page(standing: Standing, wanted: Wanted, places: Places) -> str:
    looked = integer_asked("look", 0)
    return render_template(
        "plans/making_page.html",
        standing=standing.value,
        words=WORDS.get(standing, ""),
        wanted=wanted,
        places=places,
        pause=_pause(standing),
        next_look=f"{places.waiting}?look={looked + 1}" if 0 <= looked < MOST_LOOKS else None,
        stop=f"{places.waiting}?look={MOST_LOOKS}",
        request_name=request_name(),
    )
