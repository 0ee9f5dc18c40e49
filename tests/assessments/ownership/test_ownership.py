"""What a second assessment takes over from the first, over all questions of all sectors."""

from __future__ import annotations

import json
import threading
import uuid
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assess.assessments.access import AssessmentContext, open_assessment
from assess.assessments.assisted_completion import request_assistance, unused_code_until
from assess.assessments.delegation import NewDelegation, create_delegation
from assess.assessments.guest_sessions import open_started_assessment
from assess.assessments.links import make_resume_link, resume_links
from assess.assessments.models import Assessment, Delegation, FormPart, GuestSession, UnconfirmedAnswer
from assess.assessments.ownership import (
    CLAIMING_ROLES,
    NEW,
    AlreadyClaimedError,
    NotPermittedError,
    SiteChoice,
    claim_assessment,
    end_access_of_organisation,
    end_links_and_sessions,
    get_copied_answers,
    get_or_add_site,
    get_unconfirmed_facts,
    organisations_with_role,
    questions_revealing_signs,
    read_site_form,
    start_copy,
    transfer_assessment,
    working_resume_links,
)
from assess.assessments.queries import OpenedAssessment, open_by_id
from assess.assessments.retention import delete_assessment
from assess.assessments.services import get_assessment_content, save_answers
from assess.core.db import Database
from assess.engine.assessing import EditionRef
from assess.engine.bank import Edition
from assess.engine.conditions import condition_subjects
from assess.engine.scoring import score_answers
from assess.identity.current_user import CurrentUser
from assess.identity.models import Organisation, Role, Site
from assess.question_banks.reader import LoadedEdition
from assess.suppliers.models import Supplier
from assess.suppliers.services import mark_started
from tests.assessments.conftest import id_of, may_open_assessment
from tests.assessments.test_access import inside
from tests.engine.real_banks import BANKS, an_answer, edition_of, settings
from tests.identity.accounts_factory import an_organisation, database_of
from tests.suppliers.factories import a_buyer, a_supplier, invited

ELSEWHERE = SiteChoice(None, "Acle Road")


def organisations(database: Database, count: int) -> list[uuid.UUID]:
    with database.writing() as session:
        return [an_organisation(session, f"Firm {number:02}").id for number in range(count)]


def whose(database: Database, assessment_id: uuid.UUID) -> tuple[uuid.UUID | None, str | None]:
    with database.reading() as session:
        found = session.get(Assessment, assessment_id)
        assert found is not None
        site = session.get(Site, found.site_id) if found.site_id else None
        return found.organisation_id, site.name if site else None


@pytest.mark.both_databases
def test_of_twenty_at_once_one_gets_it(database: Database, begun: uuid.UUID, now: datetime) -> None:
    firms = organisations(database, 20)
    won: list[uuid.UUID] = []
    lost: list[uuid.UUID] = []

    def one(firm: uuid.UUID) -> None:
        try:
            with database.writing() as session:
                claim_assessment(session, begun, firm, ELSEWHERE, now)
        except AlreadyClaimedError:
            lost.append(firm)
        else:
            won.append(firm)

    threads = [threading.Thread(target=one, args=(firm,)) for firm in firms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 19)
    assert whose(database, begun) == (won[0], "Acle Road")
    with database.reading() as look:  # whoever lost added no place either
        assert look.scalar(select(func.count()).select_from(Site)) == 1


@pytest.mark.both_databases
def test_a_place_of_somebody_else_is_refused(database: Database, begun: uuid.UUID, now: datetime) -> None:
    ours, theirs = organisations(database, 2)
    with database.writing() as session:
        site = Site(organisation_id=theirs, name="Their yard", made_at=now)
        session.add(site)
    with pytest.raises(NotPermittedError), database.writing() as session:
        claim_assessment(session, begun, ours, SiteChoice(site.id), now)
    assert whose(database, begun) == (None, None)


@pytest.mark.both_databases
def test_it_is_moved_to_another_place_or_firm(database: Database, begun: uuid.UUID, now: datetime) -> None:
    ours, theirs = organisations(database, 2)
    with database.writing() as session:
        claim_assessment(session, begun, ours, ELSEWHERE, now)
        transfer_assessment(session, begun, ours, SiteChoice(None, "Wroxham"), now)
    assert whose(database, begun) == (ours, "Wroxham")
    with database.writing() as session:
        transfer_assessment(session, begun, theirs, SiteChoice(None, "Diss"), now)
    assert whose(database, begun) == (theirs, "Diss")


@pytest.mark.both_databases
def test_every_old_way_in_can_be_ended(database: Database, begun: uuid.UUID, another: uuid.UUID, now: datetime) -> None:
    with database.writing() as session:
        for which in (begun, begun, another):
            make_resume_link(session, which, now)
            open_started_assessment(session, which, now)
    with database.writing() as session:
        assert len(working_resume_links(session, begun)) == 2
        end_links_and_sessions(session, begun, now)
    with database.reading() as look:
        assert list(working_resume_links(look, begun)) == list(resume_links(look, begun)) == []
        assert len(working_resume_links(look, another)) == 1
        assert look.scalars(select(GuestSession.assessment_id)).all() == [another]


@pytest.mark.both_databases
def test_only_whoever_answers_for_a_firm_may_keep_something_with_it(database: Database, now: datetime) -> None:
    first, second, third = organisations(database, 3)
    roles = {
        first: frozenset({Role.RESPONDENT}),
        second: frozenset({Role.SIGNER, Role.BUYER}),
        third: frozenset({Role.MANAGER}),
    }
    who = CurrentUser(uuid.uuid4(), "ann@farm.example", "", None, roles, uuid.uuid4(), second_step=True, proven_at=now)
    with database.reading() as session:
        found: list[Organisation] = list(organisations_with_role(session, who, CLAIMING_ROLES))
        assert [one.id for one in found] == [first, third]


@pytest.mark.both_databases
def test_requests_it_answers_become_those_of_the_organisation_but_for_one_that_is_taken(
    database: Database, begun: uuid.UUID, now: datetime
) -> None:
    firm, other = organisations(database, 2)
    with database.writing() as session:
        suppliers = [
            a_supplier(session, a_buyer(session, name), "Fen Edge Farm", now=now) for name in ("Council", "Shop")
        ]
        for supplier in suppliers:
            mark_started(session, invited(session, supplier, now=now), begun, now)
        suppliers[1].organisation_id = other
        asked, taken = (supplier.id for supplier in suppliers)
    with database.writing() as session:
        claim_assessment(session, begun, firm, ELSEWHERE, now)
    with database.reading() as look:
        assert look.get_one(Supplier, asked).organisation_id == firm
        assert look.get_one(Supplier, taken).organisation_id == other


ROUNDS = 40
NOTHING: dict[str, dict[str, Any]] = {part: {} for part in FormPart}


def answered(edition: Edition, answers: dict[str, Any], **said: dict[str, Any]) -> AssessmentContext:
    """An assessment in which this was said."""
    everything = NOTHING | {FormPart.ANSWER.value: answers} | said
    rows = [[part, name, 1, value] for part, values in everything.items() for name, value in values.items()]
    text = json.dumps(rows)[1:-1]
    opened = OpenedAssessment(
        id=uuid.uuid4(),
        edition_id=1,
        quick=False,
        version=1,
        submitted=False,
        cache_key=text,
        values_by_part=everything,
        revisions={},
    )
    return AssessmentContext(opened, EditionRef(edition.bank, 1, "ab" * 32), edition, edition)


def at_random(edition: Edition, seed: int) -> dict[str, Any]:
    rnd = Random(seed)
    return {question.id: an_answer(rnd, question, unknown=0.2) for question in edition.questions()}


@pytest.mark.both_databases
@pytest.mark.parametrize("target", BANKS)
@pytest.mark.parametrize("source", BANKS)
def test_nothing_that_can_raise_a_sign_is_ever_taken_over(source: str, target: str) -> None:
    first, second = edition_of(source), edition_of(target)
    questions = {question.id: question for edition in (first, second) for question in edition.questions()}
    summed = {
        name
        for edition in (first, second)
        for check in edition.checks
        if check.sign
        for condition in (check.when, check.unless)
        for name in (*check.inputs.values(), *(condition_subjects(condition) if condition else ()))
    }
    silent = score_answers(second, {}, settings())
    ever: set[str] = set()
    for seed in range(ROUNDS):
        taken = get_copied_answers(answered(first, at_random(first, seed)), second, same_place=True).answers
        result = score_answers(second, taken, settings())
        assert (result.urgent_signs, result.serious_signs) == (silent.urgent_signs, silent.serious_signs)
        ever |= set(taken)
    assert ever, "something is taken over"
    for name in ever:
        question = questions[name]
        assert not question.can_sign, name
        assert name not in summed, name
        assert not [part for parts in (question.options, question.bands, question.steps) for part in parts if part.sign]
        if question.show_if is not None:
            assert not [asked for asked in condition_subjects(question.show_if) if questions[asked].can_sign], name


@pytest.mark.both_databases
@pytest.mark.parametrize("bank", BANKS)
def test_what_is_left_out_is_the_same_whatever_was_answered(bank: str) -> None:
    edition = edition_of(bank)
    never = questions_revealing_signs(edition)
    common = {question.id for section in edition.sections if section.common for question in section.questions}
    assert {question.id for question in edition.questions() if question.can_sign} <= never
    assert common - never, "and not everything is left out"
    for seed in range(ROUNDS):
        answers = at_random(edition, seed)
        context = answered(edition, answers)
        shown = {name for name in common - never if name in answers and name in context.progress.visibility.answers}
        assert set(get_copied_answers(context, edition, same_place=True).answers) <= shown


@pytest.mark.both_databases
def test_only_what_all_sectors_share_is_taken_over_and_only_if_it_still_fits() -> None:
    farm, wash = edition_of("farming"), edition_of("car_washes")
    context = answered(farm, at_random(farm, 3) | {"core_people_peak": 12, "core_short_notice": "never"})
    taken = get_copied_answers(context, wash, same_place=True).answers
    assert taken["core_people_peak"] == 12
    assert all(name.startswith("core_") for name in taken)
    odd = answered(farm, {"core_people_peak": 12, "core_short_notice": "an option of long ago"})
    assert dict(get_copied_answers(odd, wash, same_place=True).answers) == {"core_people_peak": 12}


@pytest.mark.both_databases
def test_place_and_area_come_along_only_to_the_same_place() -> None:
    farm = edition_of("farming")
    who = {"name": "Fen Edge", "area": "norfolk", "postcode": "NR1 3JU", "company_number": "01234567"}
    context = answered(farm, {}, organisation=who, fact={"fye": "2026-03-31", "gone": True}, gate={"large": False})
    same, other = (get_copied_answers(context, farm, same_place=place) for place in (True, False))
    assert dict(same.organisation) == who
    assert dict(other.organisation) == {"name": "Fen Edge", "company_number": "01234567"}
    assert dict(other.facts) == {"fye": "2026-03-31"}
    assert dict(other.gates) == {"large": False}


@pytest.mark.both_databases
def test_all_of_it_waits_until_it_is_confirmed(
    database: Database, edition_id: int, begun: uuid.UUID, now: datetime
) -> None:
    farm = edition_of("farming")
    context = answered(farm, {"core_people_peak": 12}, fact={"fye": "2026-03-31"}, gate={"large": False})
    loaded = LoadedEdition(id=edition_id, ref=EditionRef("farming", 1, "ab" * 32), edition=farm)
    with database.writing() as session:
        made = start_copy(session, loaded, get_copied_answers(context, farm, same_place=True), now, quick=False)
        said = get_assessment_content(session, made.id)
    assert made.id != begun
    assert said.answers == {}, "what waits is not said"
    with database.reading() as look:
        waits = {(one.part, one.question) for one in look.scalars(select(UnconfirmedAnswer))}
    assert waits == {(FormPart.ANSWER, "core_people_peak"), (FormPart.FACT, "fye"), (FormPart.GATE, "large")}
    found = open_by_id(database.engine, made.id, now)
    assert found is not None
    assert found.unconfirmed_answers == {"core_people_peak"}
    assert found.confirmed == {}
    with database.writing() as session:
        save_answers(session, made.id, {"core_people_peak": 12}, {"core_people_peak": 1}, now)
    again = open_by_id(database.engine, made.id, now)
    assert again is not None
    assert again.confirmed == {"core_people_peak": 12}


@pytest.mark.both_databases
def test_what_waits_in_the_first_is_not_handed_on() -> None:
    farm = edition_of("farming")
    context = answered(farm, {"core_people_peak": 12}, fact={"fye": "2026-03-31"}, gate={"large": False})
    waits = {
        FormPart.ANSWER.value: frozenset({"core_people_peak"}),
        FormPart.FACT.value: frozenset({"fye"}),
        FormPart.GATE.value: frozenset({"large"}),
    }
    opened = OpenedAssessment(
        **{name: getattr(context.opened, name) for name in OpenedAssessment.__slots__} | {"unconfirmed": waits}
    )
    taken = get_copied_answers(AssessmentContext(opened, context.ref, farm, farm), farm, same_place=True)
    assert (dict(taken.answers), dict(taken.facts), dict(taken.gates)) == ({}, {}, {})


@pytest.mark.both_databases
def test_a_question_that_changed_in_the_newest_edition_is_marked_so(
    database: Database, edition_id: int, now: datetime
) -> None:
    farm = edition_of("farming")
    newest = replace(
        farm,
        sections=tuple(
            replace(
                section,
                questions=tuple(
                    replace(one, rev=2) if one.id == "core_people_peak" else one for one in section.questions
                ),
            )
            for section in farm.sections
        ),
    )
    context = answered(farm, {"core_people_peak": 12, "core_short_notice": "never"})
    taken = get_copied_answers(context, newest, same_place=True)
    assert dict(taken.answers) == {"core_people_peak": 12, "core_short_notice": "never"}
    assert taken.changed == {"core_people_peak"}
    loaded = LoadedEdition(id=edition_id, ref=EditionRef("farming", 2, "ab" * 32), edition=newest)
    with database.writing() as session:
        made = start_copy(session, loaded, taken, now, quick=False)
    opened = open_by_id(database.engine, made.id, now)
    assert opened is not None
    assert opened.reworded == {"core_people_peak"}
    assert opened.unconfirmed_answers == {"core_people_peak", "core_short_notice"}


def test_what_was_given_out_ends_and_that_of_others_goes_on(
    session: Session, begun: uuid.UUID, another: uuid.UUID, now: datetime
) -> None:
    visits = {}
    for one in (begun, another):
        make_resume_link(session, one, now)
        create_delegation(session, one, NewDelegation("people", None, "", 14), now)
        request_assistance(session, one, "phone", now)
        visits[one] = open_started_assessment(session, one, now)
    end_access_of_organisation(session, begun, now)
    parts = select(Delegation.assessment_id).where(Delegation.ended_at.is_(None))
    assert session.scalars(parts).all() == [another]
    for one, works in ((begun, False), (another, True)):
        assert bool(resume_links(session, one)) is works
        assert (unused_code_until(session, one, now) is not None) is works
        assert may_open_assessment(session, visits[one], one, now) is works


THERE = [Site(id=uuid.uuid4(), organisation_id=uuid.uuid4(), name=name) for name in ("North yard", "South yard")]


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ({}, "site"),
        ({"site": str(uuid.uuid4())}, "site"),
        ({"site": "x"}, "site"),
        ({"site": NEW}, "site_name"),
        ({"site": NEW, "site_name": "   "}, "site_name"),
        ({"site": NEW, "site_name": "x" * 400}, "site_name"),
    ],
)
def test_what_is_not_clear_gets_one_sentence(form: dict[str, str], fault: str) -> None:
    typed = read_site_form(form, THERE)
    assert list(typed.errors) == [fault]
    assert typed.place == SiteChoice()


def test_a_place_is_chosen_or_added() -> None:
    assert read_site_form({"site": str(THERE[1].id)}, THERE).place == SiteChoice(THERE[1].id)
    assert read_site_form({"site": NEW, "site_name": " West  yard "}, THERE).place == SiteChoice(None, "West yard")
    assert read_site_form({"site": NEW, "site_name": "NORTH YARD"}, THERE).place == SiteChoice(THERE[0].id), (
        "no place is there twice"
    )
    assert read_site_form({"site_name": "First"}, []).place == SiteChoice(None, "First"), (
        "where there is no list, only a name is asked"
    )


def test_a_place_belongs_to_one_firm(database: Database, now: datetime) -> None:
    with database.writing() as session:
        ours, theirs = an_organisation(session, "Ours"), an_organisation(session, "Theirs")
        added = get_or_add_site(session, ours.id, SiteChoice(None, "Yard"), now)
        assert added is not None
        assert get_or_add_site(session, ours.id, SiteChoice(None, "yard"), now) == added
        assert get_or_add_site(session, ours.id, SiteChoice(added), now) == added
        assert get_or_add_site(session, theirs.id, SiteChoice(added), now) is None
        assert get_or_add_site(session, ours.id, SiteChoice(), now) is None


def test_facts_and_gates_that_wait_are_asked_again_with_their_old_answer(app: Any, visit: Any, begin: Any) -> None:
    home = begin()
    visit(f"{home}business/gates")
    visit.send(foreign="no", large="no")
    name = "has_website"
    visit(f"{home}business/facts/{name}")
    assert visit.send(has_website="yes").status == 200
    assert visit(home).soup.select("#about")
    with database_of(app).writing() as session:
        session.add(UnconfirmedAnswer(assessment_id=id_of(home), part=FormPart.FACT, question=name))
        session.add(UnconfirmedAnswer(assessment_id=id_of(home), part=FormPart.GATE, question="large"))
        session.add(UnconfirmedAnswer(assessment_id=id_of(home), part=FormPart.FACT, question="gone"))
    with inside(app, visit, home):
        waits = get_unconfirmed_facts(open_assessment(id_of(home)))
    assert [one.fact for one in waits] == [None, name]
    assert waits[0].said == "No"
    assert visit(f"{home}business/gates").soup.select("#large--again")
    assert not visit.page.soup.select("#foreign--again")
    visit.send()
    for _ in range(10):
        if visit.page.soup.select(f"#{name}--again"):
            break
        visit.send()
    assert visit.page.soup.select_one(f"#{name}")["value"] == "yes"
    visit.send()
    with inside(app, visit, home):
        assert not get_unconfirmed_facts(open_assessment(id_of(home)))


def waiting(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(UnconfirmedAnswer)) or 0


def wait(database: Database, assessment_id: uuid.UUID, *names: str) -> None:
    with database.writing() as session:
        session.add_all(
            UnconfirmedAnswer(assessment_id=assessment_id, part=FormPart.ANSWER, question=name) for name in names
        )


@pytest.mark.both_databases
def test_it_goes_with_its_assessment(database: Database, begun: uuid.UUID) -> None:
    wait(database, begun, "a", "b")
    with database.writing() as session:
        delete_assessment(session, begun)
    assert waiting(database) == 0


@pytest.mark.both_databases
def test_sending_an_answer_confirms_it_changed_or_not(database: Database, begun: uuid.UUID, now: datetime) -> None:
    with database.writing() as session:
        save_answers(session, begun, {"a": "x", "b": "y", "c": "z", "d": "w"}, {}, now)
    wait(database, begun, "a", "b", "c", "d")
    with database.writing() as session:
        save_answers(session, begun, {"a": "x", "b": "other", "c": None}, {"a": 1, "b": 1, "c": 1}, now)
    with database.reading() as look:
        assert look.scalars(select(UnconfirmedAnswer.question)).all() == ["d"]


@pytest.mark.both_databases
def test_a_conflict_confirms_nothing(database: Database, begun: uuid.UUID, now: datetime) -> None:
    with database.writing() as session:
        save_answers(session, begun, {"a": "x"}, {}, now)
        save_answers(session, begun, {"a": "y"}, {"a": 1}, now)
    wait(database, begun, "a")
    with database.writing() as session:
        assert save_answers(session, begun, {"a": "mine"}, {"a": 1}, now).conflicts
    assert waiting(database) == 1
