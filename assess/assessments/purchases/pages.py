"""The pages about purchases as HTML: the list, what could go on it, and both texts where two people changed one line.

`closed` means that somebody sent the answers in while the page was open: it comes back with all that was typed, saves nothing, and
its form opens the answers again before it saves.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request, url_for

from assess.assessments.access import Workspace, reference_today
from assess.assessments.careful.asking import Asked, ticks_in
from assess.assessments.purchases.forms import Posted, fields_of, share_text
from assess.assessments.purchases.keeping import MOST_LINES, Conflict, Line, highest_of, line_of, lines_of
from assess.assessments.purchases.showing import (
    fault_rows,
    groups_of,
    name_of,
    said_in_words,
    shown_lines,
    summed_up,
    works_of,
)
from assess.assessments.section_page import closed_notice
from assess.assessments.typed import LONGEST_RAW, revision_in
from assess.engine.reference import Reference
from assess.engine.reference_search import suggest, usual_for
from assess.kit.db import session

MOST_FOUND = 24
FOUND, TICKED = "what we found", "what you ticked"


def list_page(
    work: Workspace,
    lines: Sequence[Line],
    posted: Posted | None = None,
    *,
    closed: bool = False,
    removed: int = 0,
    full: frozenset[int] = frozenset(),
    asked: Sequence[Asked] = (),
) -> str:
    """All lines, each with its risk. `removed` was just taken off and can be put back; `full` found no room on the list."""
    reference = reference_today()
    shown = shown_lines(lines, reference, posted, closed=closed)
    return render_template(
        "assessments/purchases.html",
        id=work.id,
        back=came_from(),
        errors=[*fault_rows(shown), *_no_room(work, full, reference)],
        lines=shown,
        asked=asked,
        ticks=sorted(ticks_in(request.form)),
        summary=summed_up(shown, reference),
        total=share_text(sum(line.said.share or 0.0 for line in lines) or None),
        words=reference.words.fixed,
        works=works_of(reference),
        countries=sorted(country.name for country in reference.countries.values()),
        saved="saved" in request.args,
        there="there" in request.args,
        removed=_removed(work, removed, reference),
        notice=_closed_notice(work) if closed else "",
        carried=_out_of_sight(lines, posted) if closed else [],
    )


def add_page(
    work: Workspace,
    lines: Sequence[Line],
    fault: str | None = None,
    *,
    closed: bool = False,
    removed: int = 0,
    asked: Sequence[Asked] = (),
) -> str:
    """What could go on the list: what was searched for, else what the sector usually buys. `removed` can be put back."""
    reference, bank = reference_today(), work.ref.bank
    query = request.args.get("q", "")[:LONGEST_RAW].strip()
    offers = suggest(reference, query, bank, MOST_FOUND) if query else usual_for(reference, bank)
    listed = frozenset(line.said.good for line in lines)
    first = [] if query else [offer for offer in offers if bank in offer.first_in]
    groups = groups_of(first or offers, bank, listed, one=FOUND if query else None)
    rest = [offer for offer in offers if offer not in first] if first else []
    ticked = request.form.getlist("offer")
    shown = {offer.key for offer in offers}
    others = [reference.offers[key] for key in ticked if key in reference.offers and key not in shown]
    return render_template(
        "assessments/purchases_add.html",
        id=work.id,
        back=came_from(),
        error=fault,
        asked=asked,
        ticks=sorted(ticks_in(request.form)),
        query=query,
        has_lines=bool(lines),
        groups=[*groups_of(others, bank, listed, one=TICKED), *groups],
        rest=groups_of(rest, bank, listed),
        more=len(rest),
        rest_ticked=any(offer.key in ticked for offer in rest),
        after=revision_in(request.form, "after") if fault or closed else highest_of(session(), work.id),
        ticked=ticked,
        own=request.form.get("own", ""),
        removed=_removed(work, removed, reference),
        notice=_closed_notice(work) if closed else "",
    )


def conflict_page(work: Workspace, conflicts: Sequence[Conflict], posted: Posted) -> str:
    """Both texts of each line. What was typed and could not be read goes along, to be shown again afterwards."""
    reference = reference_today()
    stored = {line.number: line.revision for line in lines_of(session(), work.id)}
    disputed = {conflict.theirs.number for conflict in conflicts}
    rows = []
    for conflict in conflicts:
        number = conflict.theirs.number
        faulty = posted.lines[number]
        fields = dict(fields_of(number, conflict.yours, reference))
        fields |= {f"{number}.{part}": faulty.typed[part] for part in faulty.faults}
        rows.append(
            {
                "number": number,
                "name": name_of(conflict.theirs.said, reference),
                "yours": said_in_words(conflict.yours, reference),
                "theirs": said_in_words(conflict.theirs.said, reference),
                "seen": posted.changes[number].seen,
                "revision": conflict.theirs.revision,
                "fields": list(fields.items()),
            }
        )
    carried = [
        (f"{line.number}.{part}", text)
        for line in posted.faulty
        if line.number in stored and line.number not in disputed
        for part, text in [("seen", str(stored[line.number])), *line.typed.items()]
    ]
    return render_template(
        "assessments/purchases_conflict.html", id=work.id, conflicts=rows, carried=carried, back=came_from()
    )


def came_from() -> str | None:
    """“check” for somebody who came from the check page and wants to go back there."""
    return "check" if request.values.get("back") == "check" else None


def _removed(work: Workspace, number: int, reference: Reference) -> dict[str, object] | None:
    """What the banner says of a line that was just taken off."""
    line = line_of(session(), work.id, number) if number else None
    if line is None or not line.said.removed:
        return None
    return {"number": line.number, "revision": line.revision, "name": name_of(line.said, reference)}


def _no_room(work: Workspace, full: frozenset[int], reference: Reference) -> list[tuple[str, str]]:
    """One sentence for each line that stays off because the list is full."""
    return [
        (
            "notice",
            f"{name_of(line.said, reference)} stays off: the list can have {MOST_LINES} lines. Take one off, then add this again.",
        )
        for number in sorted(full)
        if (line := line_of(session(), work.id, number)) is not None
    ]


def _closed_notice(work: Workspace) -> str:
    return closed_notice(url_for("tasks.show_tasks", assessment_id=work.id))


def _out_of_sight(lines: Sequence[Line], posted: Posted | None) -> list[tuple[str, str]]:
    """What was typed in lines that somebody took off meanwhile, as fields that go along unseen."""
    here = {line.number for line in lines}
    return [
        (f"{line.number}.{part}", text)
        for line in (posted.lines.values() if posted else ())
        if posted and line.number not in here
        for part, text in [("seen", str(posted.changes[line.number].seen)), *line.typed.items()]
    ]
