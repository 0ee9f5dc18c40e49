"""What becomes of a colleague's answer: nothing of anybody's is ever written over unseen."""

from __future__ import annotations

import threading
import uuid
from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assess.assessments import delegation
from assess.assessments.delegation import (
    DelegationStatus,
    NewDelegation,
    OfferDecision,
    TooManyDelegationsError,
    apply_offer_decisions,
    create_delegation,
    delegable_part,
    delegation_status,
    end_delegation,
    find_delegation,
    get_colleague_answers,
    get_delegation_events,
    get_delegations,
    get_offers,
    get_working_delegation,
    is_delegated_alone,
    mark_delegation_opened,
    mark_done,
    may_be_commented,
    questions_delegated_with_section,
    questions_shown_to_colleague,
    save_colleague_answers,
    send_back_delegation,
)
from assess.assessments.guest_sessions import may_answer_delegation, open_delegation
from assess.assessments.models import (
    AnswerEvent,
    DelegatedAnswer,
    DelegatedAnswerState,
    Delegation,
    DelegationEvent,
    DelegationEventKind,
    GuestSession,
)
from assess.assessments.retention import delete_assessment
from assess.assessments.services import (
    AlreadySubmittedError,
    get_answers,
    get_assessment_content,
    save_answers,
    save_evidence,
    start_assessment,
)
from assess.assessments.submissions import submit_assessment
from assess.core.db import Database
from assess.core.links import LinkUnknownError
from assess.engine.bank import Edition, Section
from assess.engine.conditions import condition_subjects
from assess.engine.record import questions_dependent_on_signs
from assess.engine.visibility import quick_edition
from tests.assessments.conftest import may_open_assessment
from tests.engine.real_banks import BANKS, an_answer, edition_of

WHOLE = edition_of("farming")


def test_a_part_is_the_ordinary_questions_of_a_section_or_one_other_by_itself() -> None:
    found = delegable_part(WHOLE, WHOLE, "hiring", None)
    assert found is not None
    assert not any(question.can_sign for question in found[1])
    alone = delegable_part(WHOLE, WHOLE, "hiring", "core_documents")
    assert alone is not None
    assert [question.id for question in alone[1]] == ["core_documents"]


def test_what_cannot_be_given_so_is_no_part() -> None:
    assert delegable_part(WHOLE, WHOLE, "pay", None) is None
    assert delegable_part(WHOLE, WHOLE, "hiring", "core_find_workers") is None
    assert delegable_part(WHOLE, WHOLE, "people", "core_documents") is None
    assert delegable_part(WHOLE, WHOLE, "nowhere", None) is None
    assert delegable_part(WHOLE, WHOLE, "farm_homes", "farm_housing_end") is None


def test_a_quick_check_gives_only_what_it_asks() -> None:
    quick = quick_edition(WHOLE)
    found = delegable_part(WHOLE, quick, "people", None)
    assert found is not None
    assert {question.id for question in found[1]} < {
        question.id for question in delegable_part(WHOLE, WHOLE, "people", None)[1]
    }  # type: ignore[index]  # it is there


RECORD = {"engine": 1, "edition": {"bank": "farming"}, "result": {"score": 11.0, "band": "low"}}


def said(session: Session, assessment_id: uuid.UUID) -> dict[str, Any]:
    return {name: stored.value for name, stored in get_answers(session, assessment_id).items()}


def states(session: Session, delegation_id: uuid.UUID) -> dict[str, tuple[Any, DelegatedAnswerState]]:
    return {name: (row.value, row.state) for name, row in get_colleague_answers(session, delegation_id).items()}


def test_where_nothing_was_said_hers_is_saved_with_its_history(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime
) -> None:
    save_colleague_answers(session, linked.delegation, {"q": "a", "n": 3}, {"q"}, now)
    assert said(session, begun) == {"q": "a", "n": 3}
    assert get_assessment_content(session, begun).evidence == {"q"}
    save_colleague_answers(session, linked.delegation, {"q": "b"}, (), now)
    assert said(session, begun) == {"q": "b", "n": 3}
    changes = session.scalars(
        select(AnswerEvent.after).where(AnswerEvent.question == "q", AnswerEvent.part == "answer")
    )
    assert list(changes) == ["a", "b"]
    save_colleague_answers(session, linked.delegation, {"q": None}, (), now)
    assert said(session, begun) == {"n": 3}
    assert states(session, linked.delegation.id) == {"n": (3, DelegatedAnswerState.SAVED)}


def test_where_somebody_has_answered_hers_waits(session: Session, begun: uuid.UUID, linked: Any, now: datetime) -> None:
    save_answers(session, begun, {"q": "ours", "r": "same"}, {}, now)
    save_colleague_answers(session, linked.delegation, {"q": "hers", "r": "same"}, {"q"}, now)
    assert said(session, begun) == {"q": "ours", "r": "same"}
    assert states(session, linked.delegation.id) == {
        "q": ("hers", DelegatedAnswerState.OFFERED),
        "r": ("same", DelegatedAnswerState.SAME),
    }
    assert [answer.question for _, answer in get_offers(session, begun)] == ["q"]
    assert get_assessment_content(session, begun).evidence == frozenset(), "proof goes with the answer it is for"


def test_what_only_happens_to_be_the_same_is_not_hers_to_change(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime
) -> None:
    save_answers(session, begun, {"q": "same"}, {}, now)
    save_colleague_answers(session, linked.delegation, {"q": "same"}, (), now)
    save_colleague_answers(session, linked.delegation, {"q": "other"}, (), now)
    assert said(session, begun) == {"q": "same"}
    assert states(session, linked.delegation.id) == {"q": ("other", DelegatedAnswerState.OFFERED)}
    save_colleague_answers(session, linked.delegation, {"q": None}, (), now)
    assert said(session, begun) == {"q": "same"}
    assert states(session, linked.delegation.id) == {}


def test_what_the_business_changed_since_is_not_hers_any_more(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime
) -> None:
    save_colleague_answers(session, linked.delegation, {"q": "hers"}, (), now)
    save_answers(session, begun, {"q": "ours"}, {"q": 1}, now)
    save_colleague_answers(session, linked.delegation, {"q": "hers again"}, (), now)
    assert said(session, begun) == {"q": "ours"}
    save_colleague_answers(session, linked.delegation, {"q": None}, (), now)
    assert said(session, begun) == {"q": "ours"}


def test_what_is_sent_unchanged_is_no_news(session: Session, begun: uuid.UUID, linked: Any, now: datetime) -> None:
    save_colleague_answers(session, linked.delegation, {"q": 1}, (), now)
    save_colleague_answers(session, linked.delegation, {"q": 1, "r": None}, (), now)
    events = get_delegation_events(session, DelegationEvent.delegation_id == linked.delegation.id)
    assert [(event.what.value, event.count) for event in events] == [("answered", 1), ("made", 0)]
    assert said(session, begun) == {"q": 1}


def test_the_business_takes_one_and_leaves_another(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime
) -> None:
    save_answers(session, begun, {"q": "ours", "r": "ours"}, {}, now)
    save_colleague_answers(session, linked.delegation, {"q": "hers", "r": "hers"}, {"q"}, now)
    mine = linked.delegation.id
    assert (
        apply_offer_decisions(
            session,
            begun,
            [OfferDecision(mine, "q", take=True, against=1), OfferDecision(mine, "r", take=False, against=1)],
            now,
        )
        == 0
    )
    assert said(session, begun) == {"q": "hers", "r": "ours"}
    assert get_assessment_content(session, begun).evidence == {"q"}
    assert states(session, mine) == {
        "q": ("hers", DelegatedAnswerState.TAKEN),
        "r": ("hers", DelegatedAnswerState.LEFT),
    }
    assert get_offers(session, begun) == []
    apply_offer_decisions(session, begun, [OfferDecision(mine, "r", take=True, against=1)], now)
    assert said(session, begun)["r"] == "ours", "what was decided is decided"
    save_colleague_answers(session, linked.delegation, {"q": "hers, better"}, (), now)
    assert said(session, begun)["q"] == "hers, better", "what was taken is hers to change"
    save_colleague_answers(session, linked.delegation, {"r": "hers, better"}, (), now)
    assert [answer.value for _, answer in get_offers(session, begun)] == ["hers, better"]


def test_nothing_is_taken_over_an_answer_that_was_not_on_the_page(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime
) -> None:
    save_answers(session, begun, {"q": "ours"}, {}, now)
    save_colleague_answers(session, linked.delegation, {"q": "hers"}, (), now)
    save_answers(session, begun, {"q": "ours, newer"}, {"q": 1}, now)
    assert (
        apply_offer_decisions(session, begun, [OfferDecision(linked.delegation.id, "q", take=True, against=1)], now)
        == 1
    )
    assert said(session, begun) == {"q": "ours, newer"}
    assert len(get_offers(session, begun)) == 1


def test_nobody_decides_for_another_business(
    session: Session, begun: uuid.UUID, another: uuid.UUID, linked: Any, now: datetime
) -> None:
    save_answers(session, begun, {"q": "ours"}, {}, now)
    save_colleague_answers(session, linked.delegation, {"q": "hers"}, (), now)
    apply_offer_decisions(session, another, [OfferDecision(linked.delegation.id, "q", take=True, against=1)], now)
    assert said(session, begun) == {"q": "ours"}
    assert len(get_offers(session, begun)) == 1


def test_once_it_is_sent_in_nothing_comes_in(session: Session, begun: uuid.UUID, linked: Any, now: datetime) -> None:
    save_answers(session, begun, {"q": "ours"}, {}, now)
    save_colleague_answers(session, linked.delegation, {"q": "hers"}, (), now)
    submit_assessment(session, begun, lambda _said: RECORD, now)
    with pytest.raises(AlreadySubmittedError):
        save_colleague_answers(session, linked.delegation, {"q": "later"}, (), now)
    with pytest.raises(AlreadySubmittedError):
        apply_offer_decisions(session, begun, [OfferDecision(linked.delegation.id, "q", take=True, against=1)], now)
    assert (
        apply_offer_decisions(session, begun, [OfferDecision(linked.delegation.id, "q", take=False, against=1)], now)
        == 0
    )


def test_a_tick_for_proof_is_never_taken_away_by_a_colleague(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime
) -> None:
    save_answers(session, begun, {"q": "a"}, {}, now)
    save_evidence(session, begun, {"q"}, {"q"}, now)
    save_colleague_answers(session, linked.delegation, {"q": "a"}, (), now)
    assert get_assessment_content(session, begun).evidence == {"q"}


@pytest.mark.both_databases
def test_of_twenty_colleagues_at_once_one_is_saved_and_nineteen_wait(
    database: Database, edition_id: int, now: datetime
) -> None:
    with database.writing() as session:
        assessment_id = start_assessment(session, edition_id, quick=False, now=now).id
        links = [
            create_delegation(session, assessment_id, NewDelegation("people", None, str(n), 14), now).id
            for n in range(20)
        ]
    gate = threading.Barrier(20)
    failures: list[BaseException] = []

    def answer(number: int) -> None:
        gate.wait()
        try:
            with database.writing() as own:
                save_colleague_answers(own, own.get_one(Delegation, links[number]), {"q": number}, (), now)
        except BaseException as error:  # noqa: BLE001  # looked at below
            failures.append(error)

    threads = [threading.Thread(target=answer, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with database.reading() as look:
        found = look.scalars(select(DelegatedAnswer.state)).all()
        saved = look.scalars(select(DelegatedAnswer).where(DelegatedAnswer.state == DelegatedAnswerState.SAVED)).one()
        assert said(look, assessment_id) == {"q": saved.value}
        assert Counter(found) == {DelegatedAnswerState.SAVED: 1, DelegatedAnswerState.OFFERED: 19}


def test_the_owner_is_led_to_what_came_in_and_reads_it(visit: Any, another_visit: Any, colleague: Any) -> None:
    home, _, here = colleague()
    assert "from a colleague" not in visit(home).text
    visit(f"{home}sections/people")
    visit.send(core_people_peak="7777", core_people_peak__sure="7777")
    another_visit(here)
    another_visit.send(core_people_peak="8888", core_people_peak__sure="8888", core_housing="own")
    page = visit(home)
    assert "2 answers came from a colleague." in page.text
    page = visit(page.soup.find("a", string="Look at them")["href"])
    link = page.soup.select_one("a[href$='#answers']")
    assert "Look at 2 answers" in link.text
    rows = visit(link["href"].partition("#")[0]).soup.select("main dl .govuk-summary-list__row")
    assert len(rows) == 2
    assert "8,888 people" in rows[0].text
    assert "Something else was there. You decide." in rows[0].text


SECOND = timedelta(seconds=1)


@pytest.mark.both_databases
def test_the_token_is_nowhere_in_the_database(session: Session, linked: Any) -> None:
    assert linked.token not in str(session.execute(text("SELECT * FROM delegation")).all())
    assert linked.delegation.note == "wages office"


@pytest.mark.both_databases
def test_a_link_works_until_its_time_is_up(session: Session, linked: Any, now: datetime) -> None:
    until = now + timedelta(days=14)
    assert find_delegation(session, linked.token, until - SECOND).id == linked.delegation.id
    with pytest.raises(LinkUnknownError):
        find_delegation(session, linked.token, until)
    assert get_working_delegation(session, linked.delegation.id, until) is None
    assert delegation_status(linked.delegation, until) is DelegationStatus.OVER


@pytest.mark.both_databases
@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 2000])
def test_nonsense_opens_nothing(session: Session, now: datetime, token: str) -> None:
    with pytest.raises(LinkUnknownError):
        mark_delegation_opened(session, token, now)


@pytest.mark.both_databases
def test_the_status_of_a_delegation_and_what_happened(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime
) -> None:
    one = linked.delegation
    assert delegation_status(one, now) is DelegationStatus.SENT
    mark_delegation_opened(session, linked.token, now)
    mark_delegation_opened(session, linked.token, now)
    assert delegation_status(one, now) is DelegationStatus.OPENED
    mark_done(session, one.id, now)
    mark_done(session, one.id, now)
    assert delegation_status(one, now) is DelegationStatus.DONE
    send_back_delegation(session, begun, one.id, "Add the cleaners, please.", now)
    assert delegation_status(one, now) is DelegationStatus.SENT_BACK
    assert one.asked == "Add the cleaners, please."
    mark_done(session, one.id, now)
    assert (delegation_status(one, now), one.asked) == (DelegationStatus.DONE, "")
    end_delegation(session, begun, one.id, now)
    end_delegation(session, begun, one.id, now)
    assert delegation_status(one, now) is DelegationStatus.ENDED
    happened = [event.what for event in get_delegation_events(session, DelegationEvent.delegation_id == one.id)]
    assert happened == [
        DelegationEventKind.ENDED,
        DelegationEventKind.DONE,
        DelegationEventKind.SENT_BACK,
        DelegationEventKind.DONE,
        DelegationEventKind.OPENED,
        DelegationEventKind.MADE,
    ]


@pytest.mark.both_databases
def test_words_never_go_with_a_question_that_stands_alone(session: Session, begun: uuid.UUID, now: datetime) -> None:
    link = create_delegation(session, begun, NewDelegation("hiring", "core_documents", "", 7), now)
    send_back_delegation(session, begun, link.id, "It was the foreman.", now)
    assert "foreman" not in str(session.execute(text("SELECT asked FROM delegation")).all())
    assert "foreman" not in str(session.execute(text("SELECT words FROM delegation_event")).all())


@pytest.mark.both_databases
def test_ending_it_ends_the_visits_made_through_it(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime
) -> None:
    token = open_delegation(session, linked.delegation, now)
    assert may_answer_delegation(session, token, linked.delegation.id, now)
    assert not may_open_assessment(session, token, begun, now), "a part is not the whole"
    end_delegation(session, begun, linked.delegation.id, now)
    assert not may_answer_delegation(session, token, linked.delegation.id, now)
    for act in (
        lambda: mark_delegation_opened(session, linked.token, now),
        lambda: mark_done(session, linked.delegation.id, now),
        lambda: send_back_delegation(session, begun, linked.delegation.id, "More", now),
        lambda: save_colleague_answers(session, linked.delegation, {"q": "a"}, (), now),
    ):
        with pytest.raises(LinkUnknownError):
            act()


@pytest.mark.both_databases
def test_nobody_ends_or_sends_back_what_is_anothers(
    session: Session, another: uuid.UUID, linked: Any, now: datetime
) -> None:
    with pytest.raises(LinkUnknownError):
        end_delegation(session, another, linked.delegation.id, now)
    with pytest.raises(LinkUnknownError):
        send_back_delegation(session, another, linked.delegation.id, "More", now)
    assert get_delegations(session, another) == []
    assert get_offers(session, another) == []


@pytest.mark.both_databases
def test_so_many_links_are_enough(
    session: Session, begun: uuid.UUID, linked: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delegation, "MAX_WORKING_LINKS", 2)
    create_delegation(session, begun, NewDelegation("people", None, "", 7), now)
    with pytest.raises(TooManyDelegationsError):
        create_delegation(session, begun, NewDelegation("people", None, "", 7), now)
    end_delegation(session, begun, linked.delegation.id, now)
    assert create_delegation(session, begun, NewDelegation("people", None, "", 7), now)


PARTS = [(bank, section.id) for bank in BANKS for section in edition_of(bank).sections]


def section_of(edition: Edition, name: str) -> Section:
    return next(section for section in edition.sections if section.id == name)


@pytest.mark.parametrize(("bank", "name"), PARTS)
def test_no_question_that_can_raise_a_sign_goes_with_a_section(bank: str, name: str) -> None:
    edition = edition_of(bank)
    section = section_of(edition, name)
    signs = {question.id for question in edition.questions() if question.can_sign}
    together = questions_delegated_with_section(edition, section)
    for question in together:
        assert question.id not in signs
        assert question.show_if is None or not signs & set(condition_subjects(question.show_if))
        assert not is_delegated_alone(edition, question)
        assert may_be_commented(edition, question)
    for question in section.questions:
        assert not (question.can_sign and may_be_commented(edition, question))
        assert is_delegated_alone(edition, question) == (
            question.can_sign and question.id not in questions_dependent_on_signs(edition)
        )


def test_there_is_something_to_leave_out_and_something_to_give() -> None:
    farming = edition_of("farming")
    assert not questions_delegated_with_section(farming, section_of(farming, "pay"))
    assert len(questions_delegated_with_section(farming, section_of(farming, "hiring"))) == 2
    homes = {question.id: question for question in section_of(farming, "farm_homes").questions}
    assert not is_delegated_alone(farming, homes["farm_housing_end"]), "being asked it tells how people are housed"
    assert is_delegated_alone(farming, homes["farm_housing_type"])


@pytest.mark.parametrize("bank", BANKS)
def test_what_is_shown_does_not_depend_on_earlier_answers_to_the_part_or_to_signs(bank: str) -> None:
    edition = edition_of(bank)
    rnd = Random(7)
    kept_apart = questions_dependent_on_signs(edition)
    for section in edition.sections:
        given = questions_delegated_with_section(edition, section)
        for _ in range(8):
            said = {question.id: an_answer(rnd, question) for question in edition.questions()}
            hers = {question.id: an_answer(rnd, question) for question in given if rnd.random() < 0.5}
            names = {question.id for question in given}
            hidden = names | kept_apart | {question.id for question in edition.questions() if question.can_sign}
            other = {
                **said,
                **{question.id: an_answer(rnd, question) for question in edition.questions() if question.id in hidden},
            }
            bare = {name: value for name, value in said.items() if name not in hidden}
            shown = questions_shown_to_colleague(edition, given, said, hers)
            assert (
                shown
                == questions_shown_to_colleague(edition, given, other, hers)
                == questions_shown_to_colleague(edition, given, bare, hers)
            )


def test_her_own_answer_brings_the_question_that_follows_from_it() -> None:
    edition = edition_of("farming")
    given = questions_delegated_with_section(edition, section_of(edition, "people"))
    names = [
        question.id for question in questions_shown_to_colleague(edition, given, {"core_worker_types": ["agency"]}, {})
    ]
    assert "core_agency_pct" not in names, "somebody else said so"
    hers = {"core_worker_types": ["agency"]}
    assert "core_agency_pct" in [question.id for question in questions_shown_to_colleague(edition, given, {}, hers)]


def test_a_condition_on_another_part_follows_the_business() -> None:
    edition = edition_of("farming")
    given = questions_delegated_with_section(edition, section_of(edition, "agencies"))
    assert not [q for q in questions_shown_to_colleague(edition, given, {}, {}) if q.id == "core_agency_checks"]
    assert [
        q
        for q in questions_shown_to_colleague(edition, given, {"core_worker_types": ["agency"]}, {})
        if q.id == "core_agency_checks"
    ]


@pytest.mark.both_databases
def test_everything_goes_with_the_assessment(session: Session, begun: uuid.UUID, linked: Any, now: datetime) -> None:
    delegation = linked.delegation
    save_colleague_answers(session, delegation, {"q": "a"}, (), now)
    open_delegation(session, delegation, now)
    delete_assessment(session, begun)
    session.expire_all()
    for table in (Delegation, DelegatedAnswer, DelegationEvent, GuestSession):
        assert session.scalar(select(func.count()).select_from(table)) == 0


@pytest.mark.both_databases
def test_a_visit_opens_one_thing(session: Session, begun: uuid.UUID, linked: Any, now: datetime) -> None:
    delegation = linked.delegation
    both = {"assessment_id": begun, "delegation_id": delegation.id}
    for opens in (both, {}):
        visit = insert(GuestSession).values(token_hash="x", opened_at=now, used_at=now, until=now, **opens)
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(visit)
