"""The way in: what this is, what to know before, which questions there are, and the first click that stores something.

Nothing is stored before the last form of the way in is sent, and none of these pages needs an account.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from assess.assessments.access import loaded_edition, reference_today, texts_of_today
from assess.assessments.answering import assessment_of, organisation_of
from assess.assessments.answering import start as start_assessment
from assess.assessments.question_list import counts_of, list_questions
from assess.assessments.visits import open_started, opened_assessments
from assess.banks.editions import EditionUnknownError, latest, published
from assess.banks.reader import LoadedEdition
from assess.engine.quick import quick_edition
from assess.engine.reference_search import find_industries
from assess.help.policies import promises
from assess.kit.audit.requests import note_about
from assess.kit.clock import date_at, now, today
from assess.kit.cookies import remember_visit, visit_token
from assess.kit.db import session
from assess.kit.headers import public_page
from assess.kit.limits import STARTING, limited
from assess.kit.pages import counted, day
from assess.kit.route_permissions import audited, requires

LENGTHS = ("quick", "full")

blueprint = Blueprint("start", __name__)


@dataclass(frozen=True, slots=True)
class ListedBank:
    """A bank in the list of all questions."""

    bank: str
    title: str
    total: int


@dataclass(slots=True)
class PrintedLists:
    """The pages with every question, plain and packed, as they stand on one day. They are the same for every reader."""

    day: date | None = None
    pages: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)


@blueprint.get("/")
@public_page
@requires("assessment.start")
def start() -> str:
    """What it is in four sentences, and the way back for a browser that is in the middle of something."""
    return render_template("assessments/start.html", opened=_opened())


@blueprint.get("/before-you-start")
@public_page
@requires("public.read")
def before() -> str:
    """The ten lines that everybody sees before the first question."""
    return render_template("assessments/before_you_start.html", promises=promises())


@blueprint.get("/start")
@public_page
@requires("assessment.start")
def sector() -> str | Response | tuple[str, int]:
    """Which questions: one choice, sent by GET, for it stores nothing."""
    editions = published(session())
    chosen = request.args.get("bank")
    if chosen in editions:
        return redirect(url_for("start.length", bank=chosen), 303)
    missed = "asked" in request.args or chosen is not None
    error = "Choose what your business does." if missed else None
    choices = [(bank, loaded.edition.title) for bank, loaded in editions.items()]
    said = request.args.get("q", "").strip()
    page = render_template(
        "assessments/choose_sector.html",
        choices=choices,
        error=error,
        said=said,
        kinds=find_industries(reference_today().industries, said),
        titles=dict(choices),
    )
    return (page, 422) if missed else page


@blueprint.get("/start/<bank>")
@requires("assessment.start")
def length(bank: str) -> str:
    """Quick check or full assessment."""
    return _length_page(_edition_or_404(bank))


@blueprint.post("/start/<bank>")
@audited("begun")
@limited(STARTING)
@requires("assessment.start")
def create(bank: str) -> Response | tuple[str, int]:
    """Begin an assessment, let this browser in, and go to the page that offers a link to come back with."""
    loaded = _edition_or_404(bank)
    chosen = request.form.get("length")
    if chosen not in LENGTHS or loaded.id is None:
        return _length_page(loaded, "Choose how much time you have."), 422
    moment = now()
    assessment = start_assessment(session(), loaded.id, quick=chosen == "quick", now=moment)
    note_about("assessment", assessment.id)
    token = open_started(session(), assessment.id, moment, token=visit_token())
    return remember_visit(make_response(redirect(url_for("links.show_link", assessment_id=assessment.id), 303)), token)


@blueprint.get("/questions")
@public_page
@requires("public.read")
def questions() -> str:
    """The list of banks whose questions can be read."""
    banks = [
        ListedBank(bank, loaded.edition.title, counts_of(loaded.edition).total)
        for bank, loaded in published(session()).items()
    ]
    return render_template("assessments/questions.html", banks=banks)


@blueprint.get("/questions/<bank>")
@public_page
@requires("public.read")
def questions_of(bank: str) -> Response:
    """Every question of a bank, to read and to print."""
    plain, packed = _printed(_edition_or_404(bank))
    packs = request.accept_encodings.quality("gzip") > 0
    response = Response(packed if packs else plain, content_type="text/html; charset=utf-8")
    response.headers["Vary"] = "Accept-Encoding"
    if packs:
        # nothing in this page is secret or repeats what was sent, so packing it gives nothing away
        response.headers["Content-Encoding"] = "gzip"
    return response


def _edition_or_404(bank: str) -> LoadedEdition:
    try:
        return latest(session(), bank)
    except EditionUnknownError:
        abort(404)


def _length_page(loaded: LoadedEdition, error: str | None = None) -> str:
    quick, full = counts_of(quick_edition(loaded.edition)), counts_of(loaded.edition)
    return render_template(
        "assessments/choose_length.html",
        bank=loaded.ref.bank,
        title=loaded.edition.title,
        quick_count=_between(quick.always, quick.total),
        full_count=_between(full.always, full.total),
        error=error,
    )


def _between(least: int, most: int) -> str:
    return counted(most, "question") if least == most else f"{least} to {most} questions"


def _opened() -> list[tuple[str, str]]:
    """What this browser may go on with: words and address, the latest first."""
    found = []
    for assessment_id in opened_assessments(session(), visit_token(), now()):
        assessment = assessment_of(session(), assessment_id)
        name = organisation_of(session(), assessment_id).get("name")
        title = loaded_edition(assessment.edition_id).edition.title
        words = f"{name.value if name else title}, started on {day(date_at(assessment.started_at))}"
        found.append((words, url_for("tasks.show_tasks", assessment_id=assessment_id)))
    return found


def _printed(loaded: LoadedEdition) -> tuple[bytes, bytes]:
    lists = cast("PrintedLists", current_app.extensions.setdefault("assess.printed_lists", PrintedLists()))
    if lists.day != today():
        lists.day = today()
        lists.pages.clear()
    if loaded.ref.digest not in lists.pages:
        counts = counts_of(loaded.edition)
        page = render_template(
            "assessments/questions_list.html",
            title=loaded.edition.title,
            parts=list_questions(loaded.edition, texts_of_today()),
            total=counts.total,
            always=counts.always,
        ).encode()
        lists.pages[loaded.ref.digest] = page, gzip.compress(page, mtime=0)
    return lists.pages[loaded.ref.digest]
