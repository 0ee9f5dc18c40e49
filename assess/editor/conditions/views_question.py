"""When a question is asked: its condition, built from menus."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, url_for
from werkzeug.wrappers import Response

from assess.banks.schema import QuestionShape
from assess.editor.conditions.building import Target, save_builder, show_builder
from assess.editor.conditions.dependants import dependants_of
from assess.editor.conditions.subjects import subjects_of
from assess.editor.door import at_work_or_404
from assess.editor.workbench import Workbench
from assess.kit.db import database
from assess.kit.limits import SAVING, by_visit, limited
from assess.kit.route_permissions import audited, requires
from assess.people.access import permitted_person
from assess.people.caller import Caller

blueprint = Blueprint(
    "condition", __name__, url_prefix="/banks/drafts/<uuid:draft_id>/<bank>/questions/<question_id>/condition"
)
ORDER = tuple(QuestionShape().fields)


@blueprint.get("")
@requires("banks.edit", check=permitted_person)
def show_condition(draft_id: uuid.UUID, bank: str, question_id: str) -> str:
    """The condition as it stands, and the menus."""
    with database().reading() as look:
        at_work = at_work_or_404(look, draft_id, bank)
        return show_builder(at_work, bank, _target(at_work, bank, question_id))


@blueprint.post("")
@audited("saved")
@limited(SAVING, by_visit)
@requires("banks.edit", load=permitted_person)
def save_condition(who: Caller, draft_id: uuid.UUID, bank: str, question_id: str) -> Response | str | tuple[str, int]:
    """Save it, or show the menus with another line."""
    return save_builder(who, draft_id, bank, lambda at_work: _target(at_work, bank, question_id))


def _target(at_work: Workbench, bank: str, question_id: str) -> Target:
    spot = at_work.question(bank, question_id) or abort(404)
    ask = str(spot.data.get("ask", question_id))
    return Target(
        spot=spot,
        key="show_if",
        order=ORDER,
        subjects=subjects_of(at_work, bank, before=question_id),
        heading="When it is asked",
        none="Everybody is asked this question.",
        lead="It is asked when",
        clear="Ask everybody",
        what=f"the question “{ask}”: when it is asked",
        back=url_for("question.show_question", draft_id=at_work.draft.id, bank=bank, question_id=question_id),
        more={
            "about": ask,
            "dependants": dependants_of(at_work, question_id),
            "shared": spot.sheet.name.startswith("common/"),
        },
    )
