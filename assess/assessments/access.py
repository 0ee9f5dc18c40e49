"""Who may open which assessment, and what each page of it needs: its edition, today's settings and reference lists. Anyone who may not see an assessment gets 404."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from flask import abort, current_app, g, url_for

from assess.assessments.assisted_completion import announce_assistance, get_assistance_by
from assess.assessments.guest_sessions import GuestSessionEndedError, known_session_hash, mark_session_used
from assess.assessments.models import ASSISTED_KEY
from assess.assessments.queries import OpenedAssessment, Progress, get_progress, open_by_id, open_for_guest
from assess.assessments.submissions import latest_submission_id
from assess.core import clock
from assess.core.application import settings_of
from assess.core.audit.requests import add_audit_detail, log_refusal
from assess.core.db import commit_request, database, request_session
from assess.core.route_permissions import STATE_SHOWN, request_permission
from assess.core.security import guest_session_token
from assess.engine.assessing import EditionRef
from assess.engine.bank import Edition, Section
from assess.engine.reference import Reference
from assess.engine.settings import DatedSettings
from assess.engine.visibility import quick_edition
from assess.identity.access import needs_second_factor, require_full_sign_in, require_reauthentication
from assess.identity.current_user import CurrentUser, current_user
from assess.identity.models import Role, StaffRole
from assess.identity.permissions import ForbiddenError, Relation, authorise, relations_allow
from assess.question_banks.content_versions import content_in_force, made_or_last
from assess.question_banks.editions import load_edition
from assess.question_banks.reader import LoadedEdition
from assess.question_banks.reference import reference_from
from assess.question_banks.settings import settings_from

_RELATIONS_KEY = "assess_opened_as"
_ASSESSMENT_KEY = "assess_opened"


@dataclass(frozen=True, slots=True)
class AssessmentContext:
    """An opened assessment as its pages need it. `full_edition` is its edition, `asked_edition` what is asked of it: less in a quick check.

    `relations`: how the person who opened it stands to it.
    """

    opened: OpenedAssessment
    ref: EditionRef
    full_edition: Edition
    asked_edition: Edition
    relations: frozenset[Relation] = frozenset()

    @property
    def id(self) -> uuid.UUID:
        return self.opened.id

    @property
    def progress(self) -> Progress:
        return get_progress(self.asked_edition, self.opened)

    def section_or_404(self, section_id: str) -> Section:
        found = (section for section in self.asked_edition.sections if section.id == section_id)
        return next(found, None) or abort(404)


def open_assessment(assessment_id: uuid.UUID) -> AssessmentContext:
    """The assessment, for the person who may do with it what this page does. For all others 404, as if there were none.

    Asks for a fresh proof where the page needs one, notes in the audit event that staff opened it, and has the business told of it.

    Raises:
        GuestSessionEndedError: when this browser could see it and its time is up.
    """
    found = _open_for_guest(assessment_id) or _open_for_user(assessment_id)
    if found is None:
        log_refusal()
        abort(404)
    opened, relations = found
    require_reauthentication(current_user())
    setattr(g, _RELATIONS_KEY, relations)
    setattr(g, _ASSESSMENT_KEY, opened.id)
    note_submission_shown(opened.id)
    if Relation.ASSISTANT in relations:
        add_audit_detail("desk", StaffRole.COORDINATOR.value)
    if opened.assisted:
        announce_assistance(opened.id, helping=Relation.ASSISTANT in relations)
    loaded = loaded_edition(opened.edition_id)
    edition_asked = quick_edition(loaded.edition) if opened.quick else loaded.edition
    return AssessmentContext(opened, loaded.ref, loaded.edition, edition_asked, relations)


def note_submission_shown(assessment_id: uuid.UUID) -> None:
    """Pages of this request tell of the latest submission of this assessment: once there is another, none is shown again."""

    def read() -> int | None:
        with database().reading() as session:
            return latest_submission_id(session, assessment_id)

    setattr(g, STATE_SHOWN, read)


_OpenedWithRelations = tuple[OpenedAssessment, frozenset[Relation]]


def _open_for_guest(assessment_id: uuid.UUID) -> _OpenedWithRelations | None:
    who = current_user()
    if who is not None and who.staff_role is not None:
        return None  # staff open what they are asked to help with, and nothing by a link
    try:
        opened = open_for_guest(database().engine, guest_session_token(), assessment_id, clock.now())
    except GuestSessionEndedError:
        if who is None:
            raise
        return None  # a signed-in user needs no guest session
    if opened is None:
        return None
    relations = frozenset({Relation.HOLDER if opened.organisation_id is None else Relation.LINK_HOLDER})
    if who is not None and not _lacks_second_step(who):
        relations |= relations_by_role(who, opened.organisation_id)
    return (opened, relations) if _is_authorised(who, KnownRelations(relations)) else None


def _open_for_user(assessment_id: uuid.UUID) -> _OpenedWithRelations | None:
    who = current_user()
    if who is None:
        return None
    opened = open_by_id(database().engine, assessment_id, clock.now())
    if opened is None:
        return None
    relations = relations_by_role(who, opened.organisation_id)
    if opened.assisted and _begin_assisting(who, opened):
        relations |= {Relation.ASSISTANT}
    if not (relations and _is_authorised(who, KnownRelations(relations))):
        return None
    if _lacks_second_step(who):
        require_full_sign_in()  # leads to where they set it up
    return opened, relations


def _lacks_second_step(who: CurrentUser) -> bool:
    return needs_second_factor(who) and not who.second_step


def _begin_assisting(who: CurrentUser, opened: OpenedAssessment) -> bool:
    """Whether this coordinator helps there just now. Whatever this request changes is then noted as done together."""
    with database().reading() as session:
        given = get_assistance_by(session, who, opened.id, opened.organisation_id, clock.now())
    if given is not None:
        request_session().info.setdefault(ASSISTED_KEY, {})[opened.id] = given.id
    return given is not None


def guest_session_key() -> str | None:
    """The guest session of this browser, as limits count it; None where there is none or it is over."""
    token = guest_session_token()
    if token is None:
        return None
    with database().reading() as session:
        return known_session_hash(session, token, clock.now())


def may_here(action: str) -> bool:
    """Whether the person who opened the assessment of this page may do this with it too: what they may not is not offered."""
    return relations_allow(action, g.get(_RELATIONS_KEY, frozenset()))


def leave_address() -> str | None:
    """Where the visit of this browser to the assessment of this page is ended; None where there is none to end."""
    if not may_here("visit.leave"):
        return None
    return url_for("resume_links.leave_assessment", assessment_id=g.get(_ASSESSMENT_KEY))


def _is_authorised(who: CurrentUser | None, status: KnownRelations) -> bool:
    try:
        authorise(who, request_permission(), status)
    except ForbiddenError:
        return False
    return True


def loaded_edition(edition_id: int) -> LoadedEdition:
    """An edition by its id. Editions never change, so each is read once in the life of an app."""
    kept = cast("dict[int, LoadedEdition]", current_app.extensions.setdefault("assess.loaded_editions", {}))
    found = kept.get(edition_id)
    if found is None:
        with database().reading() as session:
            found = kept[edition_id] = load_edition(session, edition_id)
    return found


def settings_today() -> DatedSettings:
    return made_or_last(settings_from, content_in_force(), clock.today())


def reference_today() -> Reference:
    """Today's lists and numbers for purchases."""
    return made_or_last(reference_from, content_in_force(), clock.today())


def texts_today() -> Mapping[str, str]:
    return settings_today().texts


def mark_used(context: AssessmentContext) -> None:
    """Something was done there: a guest session that opened it stays open for longer."""
    mark_session_used(request_session(), guest_session_token(), context.id, clock.now())


def mark_used_and_commit(context: AssessmentContext) -> None:
    mark_used(context)
    commit_request()


def areas() -> dict[str, str]:
    """The areas served by their names."""
    return {
        area: "Somewhere else" if area == "other" else area.replace("_", " ").title()
        for area in settings_of(current_app).areas
    }


_RELATION_OF_ROLE = {
    Role.MANAGER: Relation.MANAGER,
    Role.RESPONDENT: Relation.RESPONDENT,
    Role.SIGNER: Relation.SIGNER,
}
"""Buying for an organisation opens nothing of what it answers about itself."""


@dataclass(frozen=True, slots=True)
class KnownRelations:
    """A thing to which it is known already how the caller stands."""

    known: frozenset[Relation]

    def relations(self, caller: CurrentUser | None) -> frozenset[Relation]:  # noqa: ARG002  # known already
        return self.known


def relations_by_role(caller: CurrentUser, organisation_id: uuid.UUID | None) -> frozenset[Relation]:
    if organisation_id is None:
        return frozenset()
    held = caller.roles.get(organisation_id, frozenset())
    found = {_RELATION_OF_ROLE[role] for role in held if role in _RELATION_OF_ROLE}
    return frozenset(found | {Relation.MEMBER}) if held else frozenset()
