"""Nobody who has people at work is told that the law leaves them out."""

from __future__ import annotations

import json
import re
from copy import deepcopy
from datetime import date
from functools import cache
from itertools import permutations, product
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.engine.assessing import EditionRef, EngineInput, assess
from assess.engine.bank import DONT_KNOW, AnswerValue
from assess.engine.conditions import (
    AllOf,
    Always,
    AnyOf,
    Applies,
    Asked,
    AtLeastOf,
    Condition,
    Leaf,
    Not,
    NoValue,
    Term,
    Verdict,
    judge,
)
from assess.engine.duties import judge_duties
from assess.engine.facts import DUTIES_TO_WORKERS, FactValue, settle_facts
from assess.engine.ordinary import ordinary_questions
from assess.engine.possible_verdicts import FALSE, NOT_ASKED, TRUE, possible_verdicts
from assess.engine.record import Operator, RecordOrganisation, make_record
from assess.engine.result import DutyVerdict, Result
from assess.engine.scoring import score_answers
from assess.engine.visibility import question_states, quick_edition
from assess.engine.what_if import WhatIf, scores_from_record, what_if_from_record
from assess.question_banks.files import bundled_files
from assess.question_banks.settings import settings_from
from tests.builders import a_bank, a_charge, a_check, a_number, a_question, a_sign_question, an_option, some_settings
from tests.engine import random_businesses, real_banks, reference_conditions, reference_points
from tests.engine.random_banks import an_unrouted_bank
from tests.engine.random_businesses import EXAMPLES, Answers, a_firm, every_answer, numbers
from tests.engine.real_banks import BANKS, best_answer, edition_of, some_answers
from tests.engine.real_banks import TODAY as REAL_BANKS_TODAY
from tests.engine.test_duties import an_organisation, partly

SETTINGS = settings_from(bundled_files(), REAL_BANKS_TODAY)


def both(bank: str, rnd: Random, *, quick: bool = False) -> tuple[dict[str, Any], WhatIf]:
    """A record as it comes out of the database, and what the engine itself would say."""
    edition = edition_of(bank)
    said = EngineInput(some_answers(rnd, edition), {}, quick=quick)
    assessed = assess(edition, said, SETTINGS, REAL_BANKS_TODAY)
    record = make_record(
        edition,
        EditionRef(bank, 1, "0" * 64),
        said,
        assessed,
        settings=SETTINGS,
        organisation=RecordOrganisation("Fen Edge", "norfolk"),
        operator=Operator("N", "c", "d"),
        today=REAL_BANKS_TODAY,
    )
    asked = quick_edition(edition) if quick else edition
    return json.loads(json.dumps(record)), WhatIf.of(asked, assessed.result, assessed.plan.points_after)


@pytest.mark.parametrize("quick", [False, True])
@pytest.mark.parametrize("bank", BANKS)
def test_a_record_answers_what_if_as_the_engine_did_on_the_day(bank: str, quick: bool) -> None:  # noqa: FBT001  # a parameter
    rnd = Random(5)
    for _ in range(3):
        record, engine = both(bank, rnd, quick=quick)
        kept, scores = what_if_from_record(record), scores_from_record(record)
        assert kept is not None
        assert scores is not None
        names = list(kept.lines)
        for size in (0, 1, 3, len(names)):
            improved = rnd.sample(names, min(size, len(names)))
            score = engine.score(improved)
            assert kept.score(improved) == scores.score(improved) == score
            assert kept.band(improved, score) == engine.band(improved, score)
            assert kept.signs_left(improved) == engine.signs_left(improved)
        assert kept.score([]) == record["result"]["score"]
        assert kept.band([], record["result"]["score"]) == record["result"]["band"]


def test_the_housing_charge_is_known_to_take_its_check_with_it() -> None:
    record, _ = both("farming", Random(1))
    assert record["charges"]["D3"] == "farm_housing_charge"


def test_a_record_made_before_has_no_answer() -> None:
    record, _ = both("farming", Random(1))
    before = deepcopy(record)
    del before["charges"]
    for section in before["sections"]:
        for question in section["questions"]:
            del question["best"]
    assert scores_from_record(before) is None
    assert what_if_from_record(before) is None


BANK = a_bank(
    a_question("pay"),
    a_question("home", dimension="home"),
    a_sign_question("papers", dimension="papers"),
    a_question("exposed", kind="exposure"),
    a_question("later", show_if=Leaf("pay", "is", "bad")),
)
ANSWERS: dict[str, AnswerValue] = {"pay": "bad", "home": "poor", "papers": "urgent", "exposed": "bad", "later": "bad"}


def test_everything_else_stays_what_is_shown_too() -> None:
    result = score_answers(BANK, ANSWERS, some_settings())
    what_if = WhatIf.of(BANK, result)
    improved = what_if.score(["pay"])
    assert improved < result.score
    assert improved > score_answers(BANK, ANSWERS | {"pay": "good"}, some_settings()).score
    assert what_if.score([]) == result.score


def test_signs_and_unknown_of_the_improved_are_gone() -> None:
    result = score_answers(BANK, ANSWERS, some_settings())
    what_if = WhatIf.of(BANK, result)
    assert what_if.band([], result.score) == "critical"
    assert [sign.id for sign in what_if.signs_left([])] == ["papers"]
    assert what_if.signs_left(["papers"]) == []
    everything = ["papers", "pay", "home", "later"]
    assert what_if.band(everything, what_if.score(everything)) == "medium"


def test_the_housing_charge_takes_its_check_with_it_and_other_checks_stay() -> None:
    d3 = a_check("D3", rule="charge_above_offset", inputs={"charge": "charge"}, sign="serious", ilo=(8,))
    d2 = a_check(
        "D2", rule="daily_rate_below_wage", inputs={"daily": "daily", "hours": "hours"}, sign="serious", ilo=(8,)
    )
    bank = a_bank(a_number("daily", kind="fact"), a_number("hours"), a_charge(), checks=[d2, d3])
    result = score_answers(bank, {"daily": 50, "hours": 11, "charge": 20}, some_settings())
    assert [sign.id for sign in WhatIf.of(bank, result).signs_left(["charge", "hours"])] == ["D2"]


def test_what_nobody_knows_is_noted() -> None:
    result = score_answers(BANK, {"pay": "dk", "home": "good"}, some_settings())
    assert WhatIf.of(BANK, result).unknown == {"pay", "papers", "exposed"}


def test_a_breach_and_thin_safeguards_stand_until_they_are_put_right() -> None:
    options = (an_option("good"), an_option("against", 1, breach="slips"), an_option("bad", 4))
    bank = a_bank(
        a_question("law", options=options), *[a_question(f"q{index}", dimension="home") for index in range(4)]
    )
    answers: dict[str, AnswerValue] = {"law": "against", "q0": "bad", "q1": "bad", "q2": "good", "q3": "good"}
    what_if = WhatIf.of(bank, score_answers(bank, answers, some_settings()))

    def band(*improved: str) -> str:
        return what_if.band(improved, what_if.score(improved))

    assert [band(), band("law"), band("q0", "q1"), band("law", "q0", "q1")] == ["medium", "medium", "medium", "low"]


def test_what_an_action_reaches_counts_where_it_is_told() -> None:
    result = score_answers(BANK, ANSWERS, some_settings())
    assert WhatIf.of(BANK, result, {"pay": 1}).score(["pay"]) > WhatIf.of(BANK, result).score(["pay"])


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**48))
def test_without_conditions_it_is_what_scoring_the_best_answers_says(seed: int) -> None:
    rnd = Random(seed)
    bank = an_unrouted_bank(rnd)
    questions = {question.id: question for question in bank.questions()}
    answers = some_answers(rnd, bank)
    answers["near"] = "yes"
    result = score_answers(bank, answers, some_settings())
    safeguards = [line.question for line in result.lines if line.kind == "safeguard"]
    improved = rnd.sample(safeguards, rnd.randint(1, min(4, len(safeguards))))
    again = score_answers(bank, answers | {name: best_answer(questions[name]) for name in improved}, some_settings())
    what_if = WhatIf.of(bank, result)
    assert what_if.score(improved) == again.score
    assert what_if.band(improved, again.score) == again.band


BITS = {Verdict.TRUE: TRUE, Verdict.FALSE: FALSE, Verdict.NOT_ASKED: NOT_ASKED}
STATES: dict[object, tuple[object, ...]] = {
    "yes": ("yes",),
    "no": ("no",),
    NoValue.HIDDEN: (NoValue.HIDDEN,),
    NoValue.UNANSWERED: ("yes", "no"),
    NoValue.PENDING: ("yes", "no", NoValue.HIDDEN),
}
"""What each state may still become."""


def shapes() -> list[Condition]:
    a, b = Leaf("a", "is", "yes"), Leaf("b", "is", "yes")
    plain: list[Condition] = [
        a,
        Asked("a"),
        Not(a),
        AllOf((a, b)),
        AnyOf((a, b)),
        AtLeastOf(1, (a, b)),
        AtLeastOf(2, (a, b)),
    ]
    return (
        plain
        + [Not(one) for one in plain]
        + [AnyOf((Not(AllOf((a, b))), AllOf((a,)))), AtLeastOf(2, (Not(a), b, Not(b)))]
    )


@pytest.mark.parametrize("condition", shapes(), ids=str)
def test_possible_verdicts_hold_every_one_that_may_still_come(condition: Condition) -> None:
    for a, b in product(STATES, repeat=2):
        seen = {"a": a, "b": b}
        verdicts = possible_verdicts(condition)(seen.__getitem__)
        reached = 0
        for one, other in product(STATES[a], STATES[b]):
            reached |= BITS[judge(condition, {"a": one, "b": other}.__getitem__)]
        assert verdicts & reached == reached


@pytest.mark.parametrize("condition", shapes()[:14], ids=str)
def test_possible_verdicts_hold_no_other_where_no_answer_is_used_twice(condition: Condition) -> None:
    for a, b in product(STATES, repeat=2):
        verdicts = possible_verdicts(condition)({"a": a, "b": b}.__getitem__)
        reached = 0
        for one, other in product(STATES[a], STATES[b]):
            reached |= BITS[judge(condition, {"a": one, "b": other}.__getitem__)]
        assert verdicts == reached


def test_not_asked_of_an_all_may_still_become_false() -> None:
    condition = AllOf((Leaf("never", "is", "yes"), Leaf("open", "is", "yes")))
    seen = {"never": NoValue.HIDDEN, "open": NoValue.UNANSWERED}
    assert judge(condition, seen.__getitem__) is Verdict.NOT_ASKED
    assert possible_verdicts(condition)(seen.__getitem__) == FALSE | NOT_ASKED
    assert possible_verdicts(Not(condition))(seen.__getitem__) == TRUE | NOT_ASKED


@pytest.mark.parametrize("condition", [Always(), Term("t"), Applies("d")])
def test_what_no_answer_can_change_is_always_true(condition: Condition) -> None:
    assert possible_verdicts(condition)({}.__getitem__) == TRUE


TODAY = date(2026, 11, 24)
FactMap = dict[str, FactValue]


# ---- people at work are never told that the law leaves them out -----------------------------------------------------
def at_work(bank: str, answers: dict[str, AnswerValue], given: FactMap) -> dict[str, DutyVerdict]:
    """The verdicts on the duties to people at work."""
    edition = edition_of(bank)
    known = settle_facts(edition, answers, question_states(edition, answers), given, ordinary_questions(edition))
    found = judge_duties(edition.duty_book, known.facts, TODAY, at_work=known.at_work)
    return {one.duty.id: one.verdict for one in found if one.duty.id in DUTIES_TO_WORKERS}


WHO = ("employees", "zero", "agency", "seasonal_visa", "self_emp", "family")


@pytest.mark.no_cover
@settings(max_examples=60, deadline=None)
@given(chance=st.randoms(use_true_random=False), share=st.floats(0, 1), bank=st.sampled_from(BANKS))
@pytest.mark.thorough
def test_no_duty_to_people_at_work_is_ever_said_not_to_apply_while_anybody_but_family_may_work_there(
    chance: Random, share: float, bank: str
) -> None:
    given = partly(an_organisation(chance), chance, share) | {"operates_in": ["ENG"]}
    given |= {name: False for name in ("employs_anyone", "engages_workers") if chance.random() < 0.7}
    answers = some_answers(chance, edition_of(bank))
    who = chance.choice([None, ["dk"], chance.sample(WHO, chance.randint(1, 6))])
    answers.pop("core_worker_types", None)
    if who is not None:
        answers["core_worker_types"] = [*who, "zero"] if who == ["family"] else who
    found = at_work(bank, answers, given)
    assert found.keys() == DUTIES_TO_WORKERS
    assert "does_not_apply" not in found.values()


@pytest.mark.parametrize("bank", BANKS)
def test_only_a_business_of_the_family_alone_may_hear_that_none_of_them_applies(bank: str) -> None:
    none: FactMap = {"operates_in": ["ENG"], "employs_anyone": False, "engages_workers": False}
    alone = at_work(bank, {"core_worker_types": ["family"]}, none)
    assert alone.pop("uk_right_to_work_extended") == "to_check"  # a contractor may still do part of the work
    assert set(alone.values()) == {"does_not_apply"}
    assert set(at_work(bank, {"core_worker_types": ["agency"]}, none).values()) == {"to_check"}
    assert set(at_work(bank, {}, none).values()) == {"to_check"}


def test_day_labour_on_a_day_rate_has_the_minimum_wage() -> None:
    """Six pounds an hour, paid by the day, with no choice of hours, price or stand-in, and an owner who says that nobody is employed."""
    answers: dict[str, AnswerValue] = {
        "core_worker_types": ["self_emp"],
        "wash_payroll": "self",
        "wash_self_employed": "none",
        "wash_pay_basis": "daily",
    }
    found = at_work("car_washes", answers, {"operates_in": ["ENG"], "employs_anyone": False, "engages_workers": False})
    assert found["uk_minimum_wage_pay_and_records"] == "applies"
    assert found["uk_payslip"] == "applies"
    assert found["uk_right_to_work"] == "to_check"


FIRMS = max(2, EXAMPLES // 20)
SLACK = 1e-9


class Tried(NamedTuple):
    """One answer to a question of a firm, and what came of it."""

    answer: Any
    points: float
    sign: str | None
    result: Result
    shown: frozenset[str]


def scored(bank: str, answers: Answers, *, evidence: frozenset[str] = frozenset()) -> Result:
    return score_answers(
        real_banks.edition_of(bank), answers, real_banks.settings(), evidence=evidence, today=real_banks.TODAY
    )


def every_try(bank: str, question: dict[str, Any], answers: Answers) -> list[Tried]:
    """The same firm with each answer to this question, and with none. Every good answer is said to be proven."""
    found = []
    for answer in (*every_answer(question), None):
        changed = {name: value for name, value in answers.items() if name != question["id"]}
        changed |= {} if answer is None else {question["id"]: answer}
        result = scored(bank, changed, evidence=frozenset(changed))
        found.append(
            Tried(
                answer,
                reference_points.points_of(question, answer, numbers()),
                reference_points.sign_of(question, answer, numbers()),
                result,
                frozenset(line.question for line in result.lines),
            )
        )
    return found


@cache
def tried(bank: str) -> list[tuple[dict[str, Any], list[Tried]]]:
    """Each question with each of its answers, wherever the question is shown."""
    rnd = Random()  # other firms each time; a failure prints the answers that differ
    found = []
    for question in random_businesses.questions(bank):
        for _ in range(FIRMS if question["kind"] != "fact" else 0):
            answers = a_firm(rnd, bank, unknown=rnd.choice((0.0, 0.1)))
            some = every_try(bank, question, answers)
            if question["id"] in some[0].shown:
                found.append((question, some))
    return found


def tried_with(bank: str, key: str) -> list[tuple[dict[str, Any], list[Tried]]]:
    """Those of the questions of which an option says this."""
    found = [
        (question, some)
        for question, some in tried(bank)
        if any(option.get(key) for option in question.get("options", []))
    ]
    assert found
    return found


def is_unknown(answer: Any) -> bool:
    return answer in (None, DONT_KNOW, [DONT_KNOW])


@pytest.mark.thorough
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_a_better_answer_never_raises_the_score(bank: str) -> None:
    for question, some in tried(bank):
        for better, worse in permutations(some, 2):
            if better.points <= worse.points and better.shown == worse.shown:
                assert better.result.score <= worse.result.score + SLACK, (question["id"], better.answer, worse.answer)


@pytest.mark.thorough
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_nobody_knows_is_never_the_cheaper_answer(bank: str) -> None:
    for question, some in tried(bank):
        for unknown, known in permutations(some, 2):
            if is_unknown(unknown.answer) and unknown.shown == known.shown:
                assert unknown.result.score >= known.result.score - SLACK, (question["id"], known.answer)


@pytest.mark.thorough
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_a_sign_that_is_not_known_is_never_low(bank: str) -> None:
    """Turning the answer that raises a sign into "don't know", into "not looked" or into none at all leaves at least medium."""
    for question, some in tried(bank):
        if not question.get("can_sign"):
            continue
        not_looked = [option["id"] for option in question.get("options", []) if option.get("not_looked")]
        for one in some:
            if one.sign or is_unknown(one.answer) or one.answer in not_looked:
                assert one.result.band != "low", (question["id"], one.answer)
                assert one.sign or question["id"] in one.result.unknown_signs, (question["id"], one.answer)


@pytest.mark.thorough
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_found_and_mended_is_never_worse_than_never_found(bank: str) -> None:
    for question, some in tried_with(bank, "mended"):
        mended = {option["id"] for option in question["options"] if option.get("mended")}
        right = [one for one in some if set(reference_conditions.as_list(one.answer)) <= mended]
        never = [one for one in some if one.points == 0 and one.sign is None and one not in right]
        assert right
        assert never
        for found in right:
            for other in never:
                if found.shown == other.shown:
                    assert found.result.score <= other.result.score + SLACK, (
                        question["id"],
                        found.answer,
                        other.answer,
                    )
                    assert worth(found) <= worth(other), (question["id"], found.answer, other.answer)
                    assert found.result.confidence >= other.result.confidence - SLACK


def worth(one: Tried) -> int:
    return ("low", "medium", "not_rated", "high", "critical").index(one.result.band)


@pytest.mark.thorough
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_a_better_answer_never_lowers_confidence(bank: str) -> None:
    for question, some in tried(bank):
        for better, worse in permutations(some, 2):
            if better.points < worse.points and better.shown == worse.shown and not is_unknown(better.answer):
                assert better.result.confidence >= worse.result.confidence - SLACK, (
                    question["id"],
                    better.answer,
                    worse.answer,
                )


@pytest.mark.thorough
@pytest.mark.parametrize("bank", real_banks.BANKS)
def test_whatever_breaks_the_law_is_listed_and_never_low(bank: str) -> None:
    for question, some in tried(bank):
        for one in some:
            duties = list(dict.fromkeys(reference_points.breaches_of(question, one.answer, numbers())))
            said = [row.duty for row in one.result.breaches if row.question == question["id"]]
            assert said == ([] if is_family_only(one.result) else duties), (question["id"], one.answer)
            assert not said or one.result.band != "low", (question["id"], one.answer)


def is_family_only(result: Result) -> bool:
    return any(line.question == "core_worker_types" and line.answer == ["family"] for line in result.lines)


def test_every_answer_that_is_an_urgent_sign_is_defended() -> None:
    page = (real_banks.QUESTIONNAIRES.parent / "docs" / "decisions" / "act-now.md").read_text("utf-8")
    defended = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", page, re.MULTILINE)
    urgent = {
        (question["id"], answer["id"])
        for bank in real_banks.BANKS
        for question in random_businesses.questions(bank)
        for key in ("options", "bands", "steps")
        for answer in question.get(key, [])
        if answer.get("sign") == "urgent" and not answer.get("retired")
    }
    assert sorted(defended) == sorted(urgent)
