"""Pages “What you buy”: choose what goes on the list, then one form with all lines and the risk of each."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask import Blueprint, redirect, request, url_for

from assess.assessments import purchase_pages, purchases
from assess.assessments.access import AssessmentContext, mark_used_and_commit, open_assessment, reference_today
from assess.assessments.forms import integer_in
from assess.assessments.personal_data.services import PersonalDataWarning, read_ticks, warn_of_personal_data
from assess.assessments.purchase_lines import split_goods
from assess.assessments.services import AlreadySubmittedError
from assess.assessments.views_answers import redirect_to_tasks, reopen_if_asked
from assess.core import clock
from assess.core.application import query_integer
from assess.core.db import database, request_session, roll_back_request
from assess.core.forms.form import sent_form
from assess.core.pages import PageResponse
from assess.core.rate_limits import SAVE_LIMIT, by_session_or_address, rate_limited
from assess.core.route_permissions import audited, requires

blueprint = Blueprint("purchases", __name__, url_prefix="/assessments/<uuid:assessment_id>/purchases")


@blueprint.route("", methods=["GET", "POST"])
@audited("saved")
@rate_limited(SAVE_LIMIT, by_session_or_address, forms=True)
@requires("assessment.answer", load=open_assessment)
def edit_purchases(context: AssessmentContext, assessment_id: uuid.UUID) -> PageResponse:
    if request.method != "POST":
        if context.opened.submitted:
            return redirect_to_tasks(context)
        lines, removed = purchases.get_lines(request_session(), context.id), query_integer("removed", 0)
        return (
            purchase_pages.list_page(context, lines, removed=removed)
            if lines
            else purchase_pages.add_page(context, lines, removed=removed)
        )
    posted = purchase_pages.read_purchase_form(sent_form(), reference_today())
    warnings = _warn_about_suppliers(context, posted)
    reopen_if_asked(context)
    try:
        saved = purchases.save_lines(request_session(), context.id, posted.changes, clock.now())
    except AlreadySubmittedError:
        roll_back_request()
        context = open_assessment(assessment_id)
        # the list again with what was typed, where it says anything new; nothing of it is saved, and the page says so
        if not posted.faulty and not purchases.has_new_content(request_session(), context.id, posted.changes):
            return redirect_to_tasks(context)
        return purchase_pages.list_page(
            context, purchases.get_lines(request_session(), context.id), posted, closed=True
        ), 409
    _add_over_total_error(posted, saved)
    mark_used_and_commit(context)
    if saved.conflicts:
        return purchase_pages.line_conflict_page(context, saved.conflicts, posted), 409
    if posted.faulty or saved.full:
        removed = min(saved.full, default=0)
        lines = purchases.get_lines(request_session(), context.id)
        return purchase_pages.list_page(
            context, lines, posted, removed=removed, full=saved.full, warnings=warnings
        ), 422
    return redirect(_next_address(context), 303)


@blueprint.get("/choose")
@requires("assessment.answer", load=open_assessment)
def show_purchase_offers(context: AssessmentContext) -> PageResponse:
    return (
        redirect_to_tasks(context)
        if context.opened.submitted
        else purchase_pages.add_page(context, purchases.get_lines(request_session(), context.id))
    )


@blueprint.post("/add")
@audited("added")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.answer", load=open_assessment)
def add_purchases(context: AssessmentContext, assessment_id: uuid.UUID) -> PageResponse:
    goods, error = purchase_pages.read_goods(sent_form(), reference_today())
    if not goods and error is None:
        error = "Tick or write at least one thing that you buy."
    warnings = [] if error else _warn_about_goods(goods)
    if warnings:
        error = warnings[0].sentence
    reopen_if_asked(context)
    wanted = split_goods([] if error else goods, reference_today())
    countries = {place: said.country for place, said in enumerate(wanted) if said.country}
    names = [said.good for said in wanted]
    try:
        added = purchases.add_lines(
            request_session(), context.id, names, integer_in(sent_form(), "after"), clock.now(), countries
        )
    except AlreadySubmittedError:
        roll_back_request()
        context = open_assessment(assessment_id)
        something = bool(goods or sent_form().get("own", "").strip())
        return (
            (purchase_pages.add_page(context, purchases.get_lines(request_session(), context.id), closed=True), 409)
            if something
            else redirect_to_tasks(context)
        )
    except purchases.TooManyLinesError:
        error = purchase_pages.TOO_MANY
    if error is not None:
        return purchase_pages.add_page(
            context, purchases.get_lines(request_session(), context.id), error, warnings=warnings
        ), 422
    mark_used_and_commit(context)
    address = _list_address(context, f"country-{added[0]}") if added else _list_address(context, "notice", there="yes")
    return redirect(address, 303)


@blueprint.post("/undo")
@audited("undone")
@rate_limited(SAVE_LIMIT, by_session_or_address)
@requires("assessment.answer", load=open_assessment)
def restore_purchase(context: AssessmentContext, assessment_id: uuid.UUID) -> PageResponse:
    """Put a line back that was just taken off. If another person changed it since, it stays as they left it.

    Where its share has no room any more, it stands in its field to be put right; where the list is full, the line stays off.
    """
    number, seen = integer_in(sent_form(), "number"), integer_in(sent_form(), "seen")
    reopen_if_asked(context)
    before = purchases.get_line(request_session(), context.id, number)
    try:
        saved = purchases.save_lines(
            request_session(), context.id, {number: purchases.LineChange(seen, {"removed": False})}, clock.now()
        )
    except AlreadySubmittedError:
        roll_back_request()
        context, lines = open_assessment(assessment_id), purchases.get_lines(request_session(), assessment_id)
        if before is None or not before.said.removed:
            return redirect_to_tasks(context)
        page = purchase_pages.list_page if lines else purchase_pages.add_page
        return page(context, lines, closed=True, removed=number), 409
    mark_used_and_commit(context)
    lines = purchases.get_lines(request_session(), context.id)
    if saved.full:
        return purchase_pages.list_page(context, lines, removed=number, full=saved.full), 422
    if saved.over and before is not None:
        posted = purchase_pages.PurchaseForm(
            {number: purchase_pages.FormLine(number, purchase_pages.line_texts(before.said, reference_today()))}, {}
        )
        _add_over_total_error(posted, saved)
        return purchase_pages.list_page(context, lines, posted), 422
    return redirect(_list_address(context, f"line-{number}"), 303)


def _warn_about_suppliers(context: AssessmentContext, posted: purchase_pages.PurchaseForm) -> list[PersonalDataWarning]:
    """What to ask about names of suppliers. Such a name stays in its field and is not saved yet; the rest of its line is."""
    with database().reading() as session:  # the lock for writing is not taken before it is needed
        stored = {line.number: line.said.supplier for line in purchases.get_lines(session, context.id)}
    warnings = []
    for number, line in posted.lines.items():
        text = posted.changes[number].parts.get("supplier", "")
        if "supplier" in line.errors or number not in stored:
            continue
        one = warn_of_personal_data(
            text, f"supplier-{number}", "Supplier", ticks=read_ticks(sent_form()), stored={stored.get(number, "")}
        )
        if one is not None:
            warnings.append(one)
            line.errors["supplier"] = one.sentence
            del posted.changes[number].parts["supplier"]
    return warnings


def _warn_about_goods(goods: Sequence[str]) -> list[PersonalDataWarning]:
    reference, ticks = reference_today(), read_ticks(sent_form())
    unknown = [good for good in goods if reference.offer(good) is None]
    found = [warn_of_personal_data(good, "own", f"Thing {place}", ticks=ticks) for place, good in enumerate(unknown, 1)]
    return [one for one in found if one is not None]


def _next_address(context: AssessmentContext) -> str:
    wanted, removed = sent_form().get("next"), integer_in(sent_form(), "remove")
    chosen = sent_form().get("choose", "").partition(":")[0]
    if removed:
        return _list_address(context, "notice", removed=removed)
    if chosen.isdecimal():
        return _list_address(context, f"line-{chosen}")
    if wanted == "add":
        return url_for("purchases.show_purchase_offers", assessment_id=context.id, back=purchase_pages.came_from())
    if wanted == "tasks":
        return url_for(
            "submission.show_check" if purchase_pages.came_from() else "assessments.show_tasks",
            assessment_id=context.id,
        )
    return _list_address(context, "notice", saved="yes")


def _list_address(
    context: AssessmentContext,
    anchor: str,
    *,
    saved: str | None = None,
    there: str | None = None,
    removed: int | None = None,
) -> str:
    address, back = "purchases.edit_purchases", purchase_pages.came_from()
    return url_for(
        address, assessment_id=context.id, back=back, saved=saved, there=there, removed=removed, _anchor=anchor
    )


def _add_over_total_error(posted: purchase_pages.PurchaseForm, saved: purchases.LineSaveResult) -> None:
    """One sentence, at the first of the shares that were not saved; the others keep what was typed, without a sentence."""
    for number in sorted(saved.over):
        posted.lines[number].errors["share"] = ""
    if saved.over:
        posted.lines[min(saved.over)].errors["share"] = (
            f"Together the shares would be {purchase_pages.share_text(saved.total)} per cent, and they can be {purchases.WHOLE} at most. "
            "Correct one of them, or leave some out. Until then no share that you raised is saved."
        )
