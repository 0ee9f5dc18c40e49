from __future__ import annotations

from assess.assessments.delegation.access import part_of
from assess.engine.quick import quick_edition
from tests.engine.real_banks import edition_of

WHOLE = edition_of("farming")


def test_a_part_is_the_ordinary_questions_of_a_section_or_one_other_by_itself() -> None:
    found = part_of(WHOLE, WHOLE, "hiring", None)
    assert found is not None
    assert not any(question.can_sign for question in found[1])
    alone = part_of(WHOLE, WHOLE, "hiring", "core_documents")
    assert alone is not None
    assert [question.id for question in alone[1]] == ["core_documents"]


def test_what_cannot_be_given_so_is_no_part() -> None:
    assert part_of(WHOLE, WHOLE, "pay", None) is None
    assert part_of(WHOLE, WHOLE, "hiring", "core_find_workers") is None
    assert part_of(WHOLE, WHOLE, "people", "core_documents") is None
    assert part_of(WHOLE, WHOLE, "nowhere", None) is None
    assert part_of(WHOLE, WHOLE, "farm_homes", "farm_housing_end") is None


def test_a_quick_check_gives_only_what_it_asks() -> None:
    quick = quick_edition(WHOLE)
    found = part_of(WHOLE, quick, "people", None)
    assert found is not None
    assert {question.id for question in found[1]} < {
        question.id for question in part_of(WHOLE, WHOLE, "people", None)[1]
    }  # type: ignore[index]  # it is there
