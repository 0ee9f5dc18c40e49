"""The diary on a page: what is overdue, what is due soon, and the rest."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from assess.editor.diary.due import SOON, diary_of
from assess.editor.files_called import file_called
from assess.editor.mending.keeping import shelf_in_force
from assess.kit.application import settings_of
from assess.kit.clock import today
from assess.kit.db import database
from assess.kit.route_permissions import requires
from assess.people.access import permitted_person

blueprint = Blueprint("diary", __name__, url_prefix="/banks/diary")


@blueprint.get("")
@requires("banks.read", check=permitted_person)
def show_diary() -> str:
    """Everything with a day."""
    with database().reading() as look:
        return render_template(
            "editor/diary.html",
            diary=diary_of(shelf_in_force(look), today()),
            days=SOON.days,
            called=lambda name: file_called(name, None),
            mails=settings_of(current_app).mail_server is not None,
        )
