"""Who may see which assessment, and what every page about one needs: its edition, the settings of the day, the areas."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import abort, current_app, g

from assess.assessments.opening import Opened, open_assessment, open_by_id, progress_of
from assess.assessments.progress import Progress
from assess.assessments.standing import Standing, roles_in
from assess.assessments.together.helping import help_of
from assess.assessments.together.models import WITH_HELP
from assess.assessments.together.telling import tell_of_help
from assess.assessments.visits import VisitEndedError, visit_known
from assess.banks.editions import edition_of
from assess.banks.in_force import in_use
from assess.banks.reader import LoadedEdition
from assess.banks.reference import reference_in_service
from assess.banks.settings import settings_on
from assess.engine.assessing import EditionRef
from assess.engine.bank import Edition, Section
from assess.engine.quick import quick_edition
from assess.engine.reference import Reference
from assess.engine.settings import DatedSettings
from assess.kit.application import settings_of
from assess.kit.audit.requests import log_refusal, note_detail
from assess.kit.clock import now, today
from assess.kit.cookies import visit_token
from assess.kit.db import database, session
from assess.kit.route_permissions import permission_of_request
from assess.people.accounts.door import needs_second_step, signed_in_or_sign_in
from assess.people.accounts.proving import see_proven
from assess.people.caller import Caller, caller
from assess.people.models import Desk
from assess.people.permissions import ForbiddenError, Relation, allows, authorise

_LOADED = "assess.loaded_editions"
_OPENED_AS = "assess_opened_as"
_AREA_NAMES = {"other": "Somewhere else"}


@dataclass(frozen=True, slots=True)
class Workspace:
    """An assessment as its pages need it. `full` is its edition, `edition` what is asked of it: less in a quick check.

    `relations`: how whoever opened it stands to it.
    """

    opened: Opened
    ref: EditionRef
    full: Edition
    edition: Edition
    relations: frozenset[Relation] = frozenset()

    @property
    def id(self) -> uuid.UUID:
        """The assessment's id."""
        return self.opened.id

    @property
    def progress(self) -> Progress:
        """How far the answers go."""
        return progress_of(self.edition, self.opened)

    def section_or_404(self, section_id: str) -> Section:
        """The section of this id, if it is asked."""
        return next((section for section in self.edition.sections if section.id == section_id), None) or abort(404)


def workspace(assessment_id: uuid.UUID) -> Workspace:
    """The assessment, for whoever may do with it what this page does. For all others 404, as if there were none.

    Raises:
        VisitEndedError: when this browser could see it and its time is up.
    """
    found = _opened_for_visit(assessment_id) or _opened_for_person(assessment_id)
    if found is None:
        log_refusal()
        abort(404)
    opened, relations = found
    see_proven(caller())
    setattr(g, _OPENED_AS, relations)
    if Relation.HELPER in relations:
        note_detail("desk", Desk.COORDINATOR.value)
    if opened.helped:
        tell_of_help(opened.id, helping=Relation.HELPER in relations)
    loaded = loaded_edition(opened.edition_id)
    asked = quick_edition(loaded.edition) if opened.quick else loaded.edition
    return Workspace(opened, loaded.ref, loaded.edition, asked, relations)


_Found = tuple[Opened, frozenset[Relation]]


def _opened_for_visit(assessment_id: uuid.UUID) -> _Found | None:
    who = caller()
    if who is not None and who.desk is not None:
        return None  # whoever sits at a desk opens what they are asked to help with, and nothing by a link
    try:
        opened = open_assessment(database().engine, visit_token(), assessment_id, now())
    except VisitEndedError:
        if who is None:
            raise
        return None  # somebody who is signed in needs no visit
    if opened is None:
        return None
    relations = frozenset({Relation.HOLDER if opened.organisation_id is None else Relation.LINK_HOLDER})
    if who is not None and not _owes_a_step(who):
        relations |= roles_in(who, opened.organisation_id)
    return (opened, relations) if _may(who, Standing(relations)) else None


def _opened_for_person(assessment_id: uuid.UUID) -> _Found | None:
    who = caller()
    if who is None:
        return None
    opened = open_by_id(database().engine, assessment_id, now())
    if opened is None:
        return None
    relations = roles_in(who, opened.organisation_id)
    if opened.helped and _helps(who, opened):
        relations |= {Relation.HELPER}
    if not (relations and _may(who, Standing(relations))):
        return None
    if _owes_a_step(who):
        signed_in_or_sign_in()  # leads to where they set it up
    return opened, relations


def _owes_a_step(who: Caller) -> bool:
    return needs_second_step(who) and not who.second_step


def _helps(who: Caller, opened: Opened) -> bool:
    """Whether this coordinator helps there just now. Whatever this request changes is then noted as done together."""
    with database().reading() as look:
        given = help_of(look, who, opened.id, opened.organisation_id, now())
    if given is not None:
        session().info.setdefault(WITH_HELP, {})[opened.id] = given.id
    return given is not None


def visit_of_this_browser() -> str | None:
    """The visit of this browser, as limits count it; None where there is none or it is over."""
    token = visit_token()
    if token is None:
        return None
    with database().reading() as look:
        return visit_known(look, token, now())


def may_here(action: str) -> bool:
    """Whether whoever opened the assessment of this page may do this with it too: what they may not is not offered."""
    return allows(action, g.get(_OPENED_AS, frozenset()))


def _may(who: Caller | None, standing: Standing) -> bool:
    try:
        authorise(who, permission_of_request(), standing)
    except ForbiddenError:
        return False
    return True


def loaded_edition(edition_id: int) -> LoadedEdition:
    """An edition by its id. Editions never change, so each is read once in the life of an app."""
    kept = cast("dict[int, LoadedEdition]", current_app.extensions.setdefault(_LOADED, {}))
    found = kept.get(edition_id)
    if found is None:
        with database().reading() as look:
            found = kept[edition_id] = edition_of(look, edition_id)
    return found


def settings_today() -> DatedSettings:
    """The dated settings in force today."""
    return settings_on(in_use(), today())


def reference_today() -> Reference:
    """The lists and numbers that purchases are held against today.

    While somebody is half-way through changing the files, the last sound ones stay.
    """
    return reference_in_service(in_use(), today())


def texts_of_today() -> Mapping[str, str]:
    """The rates, dates and places of today, as texts print them."""
    return settings_today().texts


def areas() -> dict[str, str]:
    """The areas this installation serves: id and name."""
    return {area: _AREA_NAMES.get(area, area.replace("_", " ").title()) for area in settings_of(current_app).areas}
