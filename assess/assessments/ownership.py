"""Saves an assessment to an organisation, transfers it, and copies it for another site or sector. Never copies an answer that can raise a sign."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from assess.assessments import assisted_completion, delegation, sign_off
from assess.assessments.access import AssessmentContext
from assess.assessments.edition_upgrade import AnswerState, carry_forward
from assess.assessments.events import AssessmentClaimed, OwnershipChanged
from assess.assessments.facts import STORED_GATES, GateName, stored_fact_text
from assess.assessments.models import (
    Assessment,
    BuyerLink,
    Delegation,
    FormPart,
    GuestSession,
    ResumeLink,
    SignOffRequest,
    UnconfirmedAnswer,
    UnconfirmedReason,
)
from assess.assessments.queries import is_shown
from assess.assessments.services import (
    BusinessDetail,
    lock_assessment,
    save_answers,
    save_business_details,
    save_facts,
    save_gates,
    start_assessment,
)
from assess.core.events import publish
from assess.core.forms.fields import LONGEST_TYPED, ChoiceField
from assess.engine.bank import AnswerValue, Edition, Question
from assess.engine.conditions import condition_subjects
from assess.engine.facts import FactValue
from assess.identity.current_user import CurrentUser
from assess.identity.models import Organisation, Role, Site
from assess.identity.organisations.name_rules import NameField
from assess.identity.organisations.services import (
    MAX_SITES,
    DuplicateSiteError,
    add_site,
    get_organisations,
    list_sites,
)
from assess.question_banks.reader import LoadedEdition


class AlreadyClaimedError(Exception):
    pass


class NotPermittedError(Exception):
    """The person has not the role it needs, or the site belongs to another organisation."""


CLAIMING_ROLES = frozenset({Role.MANAGER, Role.RESPONDENT})
MANAGING_ROLES = frozenset({Role.MANAGER})


def organisations_with_role(session: Session, who: CurrentUser, roles: frozenset[Role]) -> Sequence[Organisation]:
    return get_organisations(session, [organisation_id for organisation_id, has in who.roles.items() if has & roles])


def claim_assessment(
    session: Session, assessment_id: uuid.UUID, organisation_id: uuid.UUID, place: SiteChoice, now: datetime
) -> None:
    """Keep the assessment with this organisation. Of many at once exactly one does.

    Requests of buyers that it answers are the organisation’s own from now on, unless another one took them as its own before.
    The buyers are told nothing of it. The caller has seen that the person who asks holds the assessment and has one of `CLAIMING_ROLES` there.

    Raises:
        AssessmentUnknownError: when it is not there any more.
        AlreadyClaimedError: for all others.
        NotPermittedError: when the site is one of another organisation.
    """
    assessment = lock_assessment(session, assessment_id)
    if assessment.organisation_id is not None:
        raise AlreadyClaimedError
    _assign(session, assessment, organisation_id, place, now)
    publish(session, AssessmentClaimed(assessment_id, organisation_id, now))


def transfer_assessment(
    session: Session, assessment_id: uuid.UUID, organisation_id: uuid.UUID, place: SiteChoice, now: datetime
) -> None:
    """Move what is kept already to another place, or to another organisation with all that hangs on it.

    Whatever the old organisation gave out ends: links, parts, requests to sign off, help, shares. The caller has seen that the person who asks manages both.

    Raises:
        AssessmentUnknownError: when it is not there any more.
        NotPermittedError: when the site is one of another organisation.
    """
    assessment = lock_assessment(session, assessment_id)
    if assessment.organisation_id != organisation_id:
        end_access_of_organisation(session, assessment_id, now)
    _assign(session, assessment, organisation_id, place, now)


def working_resume_links(session: Session, assessment_id: uuid.UUID) -> Sequence[ResumeLink]:
    return session.scalars(
        select(ResumeLink).where(ResumeLink.assessment_id == assessment_id, ResumeLink.ended_at.is_(None))
    ).all()


def _assign(
    session: Session, assessment: Assessment, organisation_id: uuid.UUID, place: SiteChoice, now: datetime
) -> None:
    site_id = get_or_add_site(session, organisation_id, place, now)
    if place.site_id is not None and site_id is None:
        raise NotPermittedError
    assessment.organisation_id = organisation_id
    assessment.site_id = site_id
    session.flush()


ORGANISATION_DETAILS: tuple[BusinessDetail, ...] = ("name", "company_number")
SITE_DETAILS: tuple[BusinessDetail, ...] = ("area", "postcode")


@dataclass(frozen=True, slots=True)
class CopiedAnswers:
    """What a second assessment starts with. Answers, facts and gates wait to be confirmed; the name of the firm does not.

    `changed` are answers whose question is another one there than where they were given.
    """

    answers: Mapping[str, AnswerValue]
    facts: Mapping[str, FactValue]
    gates: Mapping[GateName, bool]
    organisation: Mapping[BusinessDetail, str]
    changed: frozenset[str] = frozenset()


def questions_revealing_signs(edition: Edition) -> frozenset[str]:
    """The questions that can raise a sign, alone or in a sum, and those asked only because of what was said to one."""
    found = {question.id for question in edition.questions() if _can_sign(question)}
    for check in edition.checks:
        if check.sign is not None:
            found.update(check.inputs.values())
            for condition in (check.when, check.unless):
                found.update(condition_subjects(condition) if condition is not None else ())
    for question in edition.questions():  # a question stands after those it depends on
        if question.show_if is not None and found & set(condition_subjects(question.show_if)):
            found.add(question.id)
    return frozenset(found)


def get_copied_answers(context: AssessmentContext, target: Edition, *, same_place: bool) -> CopiedAnswers:
    opened = context.opened
    shown = context.progress.visibility.answers
    # who gets the copy must not learn from it what was found here
    never = questions_revealing_signs(context.full_edition) | questions_revealing_signs(target)
    shared = {
        question.id for section in context.asked_edition.sections if section.common for question in section.questions
    }
    given = {
        name: value
        for name, value in opened.confirmed.items()
        if name in shared and name not in never and is_shown(shown, name)
    }
    unconfirmed_facts = opened.unconfirmed.get(FormPart.FACT, frozenset())
    unconfirmed_gates = opened.unconfirmed.get(FormPart.GATE, frozenset())
    facts = {name: value for name, value in opened.facts.items() if name not in unconfirmed_facts}
    fits = carry_forward(context.full_edition, target, AnswerState(answers=given, facts=facts))
    may_go = {one.id for section in target.sections if section.common for one in section.questions} - never
    answers = {name: value for name, value in fits.answers.items() if name in may_go}
    wanted = (*ORGANISATION_DETAILS, *SITE_DETAILS) if same_place else ORGANISATION_DETAILS
    return CopiedAnswers(
        answers=answers,
        facts=fits.facts,
        gates={
            name: opened.gates[name]
            for name in STORED_GATES.values()
            if name in opened.gates and name not in unconfirmed_gates
        },
        organisation={name: opened.organisation[name] for name in wanted if name in opened.organisation},
        changed=frozenset(fits.unconfirmed.keys() & answers.keys()),
    )


def start_copy(
    session: Session, target: LoadedEdition, copied: CopiedAnswers, now: datetime, *, quick: bool
) -> Assessment:
    """Begin the second assessment with all of that, waiting to be confirmed.

    Raises:
        ValueError: when the edition was never published.
    """
    if target.id is None:
        raise ValueError("An assessment stays with an edition that is stored.")
    made = start_assessment(session, target.id, quick=quick, now=now)
    save_business_details(session, made.id, dict(copied.organisation), {}, now)
    save_answers(session, made.id, copied.answers, {}, now)
    save_facts(session, made.id, copied.facts, {}, now)
    save_gates(session, made.id, copied.gates, {}, now)
    _add_unconfirmed(session, made.id, FormPart.ANSWER, copied.answers.keys() - copied.changed)
    _add_unconfirmed(session, made.id, FormPart.ANSWER, copied.changed, UnconfirmedReason.CHANGED)
    _add_unconfirmed(session, made.id, FormPart.FACT, copied.facts)
    _add_unconfirmed(session, made.id, FormPart.GATE, copied.gates)
    return made


def _add_unconfirmed(
    session: Session,
    assessment_id: uuid.UUID,
    part: FormPart,
    names: Iterable[str],
    because: UnconfirmedReason = UnconfirmedReason.COPIED,
) -> None:
    rows = [
        {"assessment_id": assessment_id, "part": part, "question": name, "because": because} for name in sorted(names)
    ]
    if rows:
        session.execute(insert(UnconfirmedAnswer), rows)


def _can_sign(question: Question) -> bool:
    signs = [part.sign for parts in (question.options, question.bands, question.steps) for part in parts]
    third_party = any(option.third_party for option in question.options)
    return question.can_sign or third_party or any(sign is not None for sign in signs)


def end_links_and_sessions(session: Session, assessment_id: uuid.UUID, now: datetime) -> None:
    """End every link back and every guest session, this browser's included: from now on only an account opens it.

    What was shown to a buyer by a link of its own goes on until that one is ended.
    """
    session.execute(
        update(ResumeLink)
        .where(ResumeLink.assessment_id == assessment_id, ResumeLink.ended_at.is_(None))
        .values(ended_at=now)
    )
    session.execute(delete(GuestSession).where(GuestSession.assessment_id == assessment_id))


def end_access_of_organisation(session: Session, assessment_id: uuid.UUID, now: datetime) -> None:
    """End all that its organisation gave out. What was answered, sent in and signed stays. Call it with the assessment locked."""
    end_links_and_sessions(session, assessment_id, now)
    delegations = select(Delegation.id).where(Delegation.assessment_id == assessment_id)
    for delegation_id in session.scalars(delegations.order_by(Delegation.id)).all():
        delegation.end_delegation(session, assessment_id, delegation_id, now)
    requests = select(SignOffRequest.id).where(SignOffRequest.assessment_id == assessment_id)
    for request_id in session.scalars(requests.order_by(SignOffRequest.id)).all():
        sign_off.end_sign_off_request(session, assessment_id, request_id, now)
    assisted_completion.end_all_assistance(session, assessment_id, now)
    shown = select(BuyerLink.id).where(BuyerLink.assessment_id == assessment_id)
    session.execute(delete(GuestSession).where(GuestSession.buyer_link_id.in_(shown)))
    session.execute(
        update(BuyerLink)
        .where(BuyerLink.assessment_id == assessment_id, BuyerLink.ended_at.is_(None))
        .values(ended_at=now)
    )
    publish(session, OwnershipChanged(assessment_id, now))
    session.flush()


@dataclass(frozen=True, slots=True)
class UnconfirmedFact:
    """One fact or gate in words. `fact` is its id; None for a gate, which is confirmed on the page of the gates."""

    fact: str | None
    ask: str
    said: str


def get_unconfirmed_facts(context: AssessmentContext) -> Sequence[UnconfirmedFact]:
    """All that wait, gates first. An answer that tells a fact meanwhile does not take the need away: the form shows both."""
    unconfirmed = context.opened.unconfirmed
    if not unconfirmed:
        return ()
    gates, facts = unconfirmed.get(FormPart.GATE, frozenset()), unconfirmed.get(FormPart.FACT, frozenset())
    book, opened = context.asked_edition.duty_book, context.opened
    return (
        *(
            UnconfirmedFact(None, gate.ask, "Yes" if opened.gates.get(STORED_GATES[gate.id]) else "No")
            for gate in book.gates
            if STORED_GATES[gate.id] in gates
        ),
        *(
            UnconfirmedFact(fact.id, fact.ask, stored_fact_text(fact, opened.facts[fact.id]))
            for fact in book.facts
            if fact.id in facts and fact.id in opened.facts
        ),
    )


NEW = "new"


@dataclass(frozen=True, slots=True)
class SiteChoice:
    site_id: uuid.UUID | None = None
    new_name: str | None = None


NO_SITE_NAME = "Give the place a name you know it by, like “Acle Road yard”."


@dataclass(frozen=True, slots=True)
class SiteForm:
    place: SiteChoice
    site: str
    name: str
    errors: Mapping[str, str]


def read_site_form(form: Mapping[str, str], there: Sequence[Site]) -> SiteForm:
    """Read `site` (an id or `NEW`) and `site_name`. Where there is no list to choose from, only the name is asked."""
    choices = ChoiceField([NEW, *(site.id for site in there)], required="Choose which place this is about.")
    chosen, error = choices.read(form.get("site", "") if there else NEW)
    typed = form.get("site_name", "")[:LONGEST_TYPED]
    if error:
        return SiteForm(SiteChoice(), "", typed, {"site": error})
    if chosen != NEW:
        return SiteForm(SiteChoice(chosen), str(chosen), typed, {})
    if len(there) >= MAX_SITES:
        error = f"An organisation can have {MAX_SITES} places here. Choose one of them."
        return SiteForm(SiteChoice(), NEW, typed, {"site": error})
    name, error = NameField("the name of the place", required=NO_SITE_NAME).read(typed)
    if error:
        return SiteForm(SiteChoice(), NEW, typed, {"site_name": error})
    same = next((site.id for site in there if site.name.casefold() == name.casefold()), None)
    return SiteForm(SiteChoice(same) if same else SiteChoice(None, name), NEW, typed, {})


def get_or_add_site(session: Session, organisation_id: uuid.UUID, place: SiteChoice, now: datetime) -> uuid.UUID | None:
    """The id of the place in this organisation, added where it is new; None when it is not one of theirs."""
    if place.site_id is not None:
        return session.scalar(select(Site.id).where(Site.id == place.site_id, Site.organisation_id == organisation_id))
    if place.new_name is None:
        return None
    try:
        return add_site(session, organisation_id, place.new_name, now).id
    except DuplicateSiteError:
        return next(
            site.id
            for site in list_sites(session, organisation_id)
            if site.name.casefold() == place.new_name.casefold()
        )
