"""All that a buyer ever sees is made from ordinary answers alone: nothing else can move it, because nothing else is there."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.engine.assessing import EditionRef, EngineInput, assess
from assess.engine.bank import AnswerValue, BuyerGroup, Edition
from assess.engine.buyer_view import BarStep, BuyerView, OrdinaryTotals, build_buyer_view, buyer_view_from_totals
from assess.engine.conditions import Leaf
from assess.engine.ordinary import answer_parts, buyer_bars, ordinary_questions
from assess.engine.record import Operator, RecordOrganisation, canonical_json, make_record
from assess.engine.result import MAP_ACTION
from assess.question_banks.files import bundled_files
from assess.question_banks.settings import settings_from
from tests.builders import a_bank, a_question, a_sign_question, an_action, an_option, several, some_settings
from tests.engine.real_banks import BANKS, an_answer, edition_of, examples_of, good_answers, some_answers
from tests.engine.real_banks import settings as real_settings

TODAY = date(2026, 11, 24)
DATED = settings_from(bundled_files(), TODAY)
GROUPS = (BuyerGroup("people", "People", ("pay", "home")), BuyerGroup("running", "Running it", ("voice",)))


def view(bank: Edition, answers: dict[str, AnswerValue], *, quick: bool = False, **changes: Any) -> BuyerView:
    return build_buyer_view(bank, answers, some_settings(**changes), TODAY, quick=quick)


AGAINST = (an_option("good"), an_option("against", 1, breach="slips"), an_option("bad", 4), an_option("dk", 4))
BANK = a_bank(
    several("core_worker_types", kind="fact", options=(an_option("family"), an_option("employees"), an_option("dk"))),
    a_question("exposed", kind="exposure", quick=True, action=an_action("Write it down.", title="Who works here")),
    a_sign_question("grave", quick=True),
    a_question("behind", show_if=Leaf("grave", "is", "good"), action=an_action()),
    *[a_question(f"pay{index}", quick=True, action=an_action(f"Do pay{index}.")) for index in range(3)],
    a_question("law", dimension="home", options=AGAINST, action=an_action("Obey.", priority=180)),
    *[a_question(f"voice{index}", dimension="voice", action=an_action(f"Do voice{index}.")) for index in range(3)],
    groups=GROUPS,
)
GOOD: dict[str, AnswerValue] = {question.id: "good" for question in BANK.questions()} | {
    "core_worker_types": ["employees"]
}


def test_a_good_firm_reads_low_with_full_bars_and_nothing_to_do() -> None:
    assert view(BANK, GOOD) == BuyerView(
        "lower", "low", (BarStep(("people",), "People", 4), BarStep(("running",), "Running it", 4)), ()
    )


@pytest.mark.parametrize(
    ("answer", "word"), [("good", "lower"), ("fair", "middle"), ("poor", "higher"), ("bad", "higher")]
)
def test_exposure_is_a_word(answer: str, word: str) -> None:
    exposure = 40 + 60 * {"good": 0, "fair": 1, "poor": 3, "bad": 4}[answer] / 4
    assert word == ("lower" if exposure < 50 else "middle" if exposure < 70 else "higher")
    assert view(BANK, GOOD | {"exposed": answer}).exposure == word
    assert view(BANK, GOOD, exposure_middle=40).exposure == "middle"
    assert view(BANK, GOOD, exposure_middle=30, exposure_higher=40).exposure == "higher"


def test_the_band_counts_every_point_once_and_reads_no_worse_than_high() -> None:
    answers = GOOD | {"exposed": "bad", "pay0": "bad", "pay1": "bad"}
    gap = 2 * 3 * 4 / (3 * 3 * 4 + 2 * 4 + 3 * 4)
    total = 100 * (0.25 + 0.75 * gap)
    assert view(BANK, answers, high=total + 0.01).band == "medium"
    assert view(BANK, answers, high=total - 0.01).band == "high"
    assert view(BANK, answers, high=10, critical=20).band == "high"


def test_thin_safeguards_are_not_low() -> None:
    answers = GOOD | {"voice0": "bad", "pay0": "poor"}
    gap = (3 * 3 + 4) / (3 * 3 * 4 + 2 * 4 + 3 * 4)
    assert view(BANK, answers, medium=50, low_gap=gap + 0.001).band == "low"
    assert view(BANK, answers, medium=50, low_gap=gap - 0.001).band == "medium"


def test_an_ordinary_breach_is_not_low_and_presses() -> None:
    found = view(BANK, GOOD | {"law": "against"})
    assert found.band == "medium"
    assert [(action.tracking_id, action.due_days, action.breaches) for action in found.actions] == [
        ("law", 30, ("slips",))
    ]


def test_neither_rule_holds_where_only_the_family_works() -> None:
    answers = GOOD | {"core_worker_types": ["family"], "law": "against", "voice0": "bad", "voice1": "bad"}
    found = view(BANK, answers, low_gap=0.1)
    assert found.band == "low"
    assert view(BANK, answers | {"core_worker_types": ["family", "employees"]}, low_gap=0.1).band == "medium"


def test_what_nobody_knows_has_no_rule_of_its_own() -> None:
    found = view(BANK, {}, medium=99.9, high=99.95, low_gap=1.1)
    assert found.band == "high"
    assert view(BANK, {}, medium=101, high=102, critical=103, low_gap=1.1).band == "low"


@pytest.mark.parametrize(
    ("answers", "step"), [((4, 4, 4), 1), ((4, 4, 0), 1), ((4, 3, 0), 2), ((4, 0, 0), 3), ((1, 0, 0), 4)]
)
def test_a_bar_moves_in_four_steps(answers: tuple[int, ...], step: int) -> None:
    words = {0: "good", 1: "fair", 3: "poor", 4: "bad"}
    found = view(BANK, GOOD | {f"voice{index}": words[points] for index, points in enumerate(answers)})
    assert [bar.step for bar in found.bars] == [4, step]


def test_a_bar_of_which_nothing_was_asked_is_left_out() -> None:
    """As in a record of an older edition, whose lines are held against the bars of its questions."""
    found = buyer_view_from_totals(
        OrdinaryTotals(40, (), {}, breaches=False, low_rule=True), buyer_bars(BANK), some_settings()
    )
    assert (found.bars, found.band, found.exposure) == ((), "low", "lower")


def test_a_quick_check_tells_of_its_actions_alone() -> None:
    found = view(BANK, GOOD | {"pay0": "bad", "voice0": "bad", "grave": "urgent"}, quick=True)
    assert (found.exposure, found.band, found.bars) == (None, None, ())
    assert [action.tracking_id for action in found.actions] == ["pay0"]


def test_actions_are_ordinary_and_in_the_order_of_their_days() -> None:
    found = view(BANK, GOOD | {"grave": "urgent", "behind": "bad", "exposed": "bad", "pay2": "bad", "law": "bad"})
    assert [(action.tracking_id, action.due_days) for action in found.actions] == [
        ("pay2", 30),
        (MAP_ACTION, 60),
        ("law", 180),
    ]
    assert not any(action.held or action.sign for action in found.actions)


def test_the_map_has_its_ordinary_parts_alone_and_is_there_only_if_there_is_one() -> None:
    careful = an_action("Ask the agency.", title="Who sends them", after_advice=True)
    asking = a_question("agency", kind="exposure", action=careful)
    plain = a_question("plain", kind="exposure", action=an_action("Write it.", title="Who works here"))
    bank = a_bank(asking, plain)
    (action,) = view(bank, {"agency": "bad", "plain": "bad"}).actions
    assert [part.question for part in action.parts] == ["plain"]
    assert view(bank, {"agency": "bad", "plain": "good"}).actions == ()


# ---- by construction -----------------------------------------------------------------------------------------------------
def start(rnd: Random, bank: str) -> dict[str, AnswerValue]:
    """A low, a medium and a critical firm, and firms at random."""
    match rnd.randrange(5):
        case 0:
            return good_answers(edition_of(bank), examples_of(bank)[0].answers)
        case 1 | 2:
            return dict(rnd.choice(examples_of(bank)).answers)
        case _:
            return some_answers(rnd, edition_of(bank))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**48), st.booleans())
def test_no_other_answer_changes_anything_a_buyer_sees(seed: int, quick: bool) -> None:  # noqa: FBT001  # a parameter
    rnd = Random(seed)
    bank = rnd.choice(BANKS)
    edition = edition_of(bank)
    answers = start(rnd, bank)
    ordinary = ordinary_questions(edition)
    other = {name: value for name, value in some_answers(rnd, edition).items() if name not in ordinary}
    changed = {name: value for name, value in answers.items() if name in ordinary} | other
    before = build_buyer_view(edition, answers, real_settings(), TODAY, quick=quick)
    assert build_buyer_view(edition, changed, real_settings(), TODAY, quick=quick) == before


@pytest.mark.no_cover
@pytest.mark.parametrize("bank", BANKS)
@pytest.mark.parametrize("title", ["low", "critical"])
def test_no_option_of_a_question_that_is_not_ordinary_changes_it(bank: str, title: str) -> None:
    edition = edition_of(bank)
    answers = next(dict(example.answers) for example in examples_of(bank) if example.title == f"{bank} {title}")
    before = build_buyer_view(edition, answers, real_settings(), TODAY)
    ordinary = ordinary_questions(edition)
    tried = 0
    for question in edition.questions():
        if question.id in ordinary:
            continue
        values: list[AnswerValue] = [option.id for option in question.options]
        values = [[one] if question.type == "choices" else one for one in values] or [0, 1, 12, 99, "dk"]
        for value in values:
            tried += 1
            assert build_buyer_view(edition, answers | {question.id: value}, real_settings(), TODAY) == before
        without = {name: one for name, one in answers.items() if name != question.id}
        assert build_buyer_view(edition, without, real_settings(), TODAY) == before
    assert tried > 100


def kept_view(edition: Edition, answers: dict[str, AnswerValue], *, quick: bool) -> bytes:
    """What the frozen record keeps of it."""
    said = EngineInput(answers, {}, quick=quick)
    assessed = assess(edition, said, DATED, TODAY)
    organisation, operator = RecordOrganisation("Fen Edge", "norfolk"), Operator("N", "c", "d")
    ref = EditionRef(edition.bank, 1, "0" * 64)
    return canonical_json(
        make_record(
            edition, ref, said, assessed, settings=DATED, organisation=organisation, operator=operator, today=TODAY
        )["buyer_view"]
    )


@pytest.mark.no_cover
@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**48), st.booleans())
def test_nor_a_byte_of_what_the_record_keeps_of_it(seed: int, quick: bool) -> None:  # noqa: FBT001  # a parameter
    rnd = Random(seed)
    bank = rnd.choice(BANKS)
    edition = edition_of(bank)
    answers = start(rnd, bank)
    ordinary = ordinary_questions(edition)
    others = [question for question in edition.questions() if question.id not in ordinary]
    changed = answers | {question.id: an_answer(rnd, question) for question in rnd.sample(others, len(others) // 2)}
    assert kept_view(edition, answers, quick=quick) == kept_view(edition, changed, quick=quick)


@pytest.mark.parametrize("bank", BANKS)
def test_an_ordinary_answer_does_change_it(bank: str) -> None:
    edition = edition_of(bank)
    answers = good_answers(edition, examples_of(bank)[0].answers)
    before = build_buyer_view(edition, answers, real_settings(), TODAY)
    moved = 0
    for question in edition.questions():
        if question.id in ordinary_questions(edition) and question.type == "choice" and question.kind == "safeguard":
            worst = max(answer_parts(question), key=lambda part: part.points or 0)
            after = build_buyer_view(edition, answers | {question.id: worst.id}, real_settings(), TODAY)
            moved += after != before
    assert moved > 5


@pytest.mark.parametrize("bank", BANKS)
def test_the_whole_plan_keeps_the_dates_that_a_buyer_sees(bank: str) -> None:
    edition = edition_of(bank)
    for example in examples_of(bank):
        assessed = assess(edition, EngineInput(example.answers, {}), DATED, TODAY)
        whole = {name: action for action in assessed.plan.actions for name in action.questions}
        for action in assessed.buyer.actions:
            mine = whole[action.questions[0]]
            if not mine.pressing or action.pressing:
                alike = [
                    one.due_days for one in assessed.buyer.actions if not set(one.questions).isdisjoint(mine.questions)
                ]
                assert mine.due_days == min((days for days in alike if days is not None), default=None)
