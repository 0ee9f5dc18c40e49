from __future__ import annotations

from itertools import product

import pytest

from assess.engine.conditions import (
    All,
    Always,
    Any,
    Applies,
    Asked,
    AtLeastOf,
    Blank,
    Condition,
    Leaf,
    Not,
    Term,
    Verdict,
    judge,
    looks_at,
)

TRUE, FALSE, UNKNOWN, NOT_ASKED = Verdict.TRUE, Verdict.FALSE, Verdict.UNKNOWN, Verdict.NOT_ASKED
ANSWERED = {"yes": "yes", "no": "no", "open": Blank.UNANSWERED, "may": Blank.PENDING, "never": Blank.HIDDEN}
BY_VERDICT = {TRUE: Leaf("yes", "is", "yes"), FALSE: Leaf("no", "is", "yes"), UNKNOWN: Leaf("open", "is", "yes")} | {
    NOT_ASKED: Leaf("never", "is", "yes")
}


def verdict(condition: Condition) -> Verdict:
    return judge(condition, ANSWERED.__getitem__)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [("yes", TRUE), ("no", FALSE), ("open", UNKNOWN), ("may", UNKNOWN), ("never", NOT_ASKED)],
)
def test_a_leaf_has_the_four_verdicts(subject: str, expected: Verdict) -> None:
    assert verdict(Leaf(subject, "is", "yes")) is expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [("yes", TRUE), ("no", TRUE), ("open", TRUE), ("may", UNKNOWN), ("never", FALSE)],
)
def test_asked_is_about_being_shown_not_about_the_answer(subject: str, expected: Verdict) -> None:
    assert verdict(Asked(subject)) is expected


def first_of(order: tuple[Verdict, ...], found: tuple[Verdict, ...]) -> Verdict:
    return next(one for one in order if one in found)


@pytest.mark.parametrize("found", list(product(Verdict, repeat=3)))
def test_all_takes_false_then_not_asked_then_unknown_then_true(found: tuple[Verdict, ...]) -> None:
    expected = first_of((FALSE, NOT_ASKED, UNKNOWN, TRUE), found)
    assert verdict(All(tuple(BY_VERDICT[one] for one in found))) is expected


@pytest.mark.parametrize("found", list(product(Verdict, repeat=3)))
def test_any_takes_true_then_unknown_then_false_then_not_asked(found: tuple[Verdict, ...]) -> None:
    expected = first_of((TRUE, UNKNOWN, FALSE, NOT_ASKED), found)
    assert verdict(Any(tuple(BY_VERDICT[one] for one in found))) is expected


@pytest.mark.parametrize(
    ("found", "expected"), [(TRUE, FALSE), (FALSE, TRUE), (UNKNOWN, UNKNOWN), (NOT_ASKED, NOT_ASKED)]
)
def test_not_swaps_true_and_false_and_leaves_the_rest_alone(found: Verdict, expected: Verdict) -> None:
    assert verdict(Not(BY_VERDICT[found])) is expected


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("found", list(product(Verdict, repeat=3)))
def test_at_least_of_is_true_once_enough_are_and_false_once_they_no_longer_can_be(
    n: int, found: tuple[Verdict, ...]
) -> None:
    if found.count(TRUE) >= n:
        expected = TRUE
    elif set(found) == {NOT_ASKED}:
        expected = NOT_ASKED
    else:
        expected = UNKNOWN if found.count(TRUE) + found.count(UNKNOWN) >= n else FALSE
    assert verdict(AtLeastOf(n, tuple(BY_VERDICT[one] for one in found))) is expected


def test_somebody_never_asked_about_housing_does_not_count_as_saying_no() -> None:
    assert verdict(Not(Leaf("never", "is", "employer"))) is NOT_ASKED


def test_always_is_true() -> None:
    assert verdict(Always()) is TRUE


def test_a_term_stands_for_its_condition_and_may_use_others() -> None:
    terms: dict[str, Condition] = {"in_uk": Leaf("yes", "is", "yes"), "abroad": Not(Term("in_uk"))}
    assert judge(Term("abroad"), ANSWERED.__getitem__, terms) is FALSE


def test_applies_takes_the_verdict_of_the_earlier_duty() -> None:
    condition = Any((Applies("first"), Applies("second")))
    assert judge(condition, ANSWERED.__getitem__, {}, {"first": FALSE, "second": UNKNOWN}) is UNKNOWN


def test_a_name_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError):
        judge(Term("nothing"), ANSWERED.__getitem__)
    with pytest.raises(KeyError):
        judge(Applies("nothing"), ANSWERED.__getitem__)


def test_looks_at_names_every_subject_in_order() -> None:
    condition = All(
        (
            Leaf("a", "is", "x"),
            Not(Any((Asked("b"), Leaf("a", "is", "y")))),
            AtLeastOf(1, (Leaf("c", "is", "x"), Always(), Term("t"), Applies("d"))),
        )
    )
    assert list(looks_at(condition)) == ["a", "b", "a", "c"]
