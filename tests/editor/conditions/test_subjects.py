from __future__ import annotations

from typing import cast

import pytest

from assess.banks.drafts.models import Draft
from assess.editor.conditions.subjects import NOT_READ, in_words, rests_on, subject_of, subjects_of
from assess.editor.workbench import Workbench
from tests.conftest import TODAY
from tests.shelves import sound_but

AT_WORK = Workbench(cast("Draft", None), sound_but(), TODAY)


def test_questions_come_in_the_order_of_asking_under_their_sections() -> None:
    subjects = subjects_of(AT_WORK, "shop")
    assert [(one.id, one.group) for one in subjects.values()] == [
        ("staff", "The people"),
        ("hours", "The people"),
        ("papers", "The work"),
    ]
    assert list(subjects_of(AT_WORK, "shop", before="hours")) == ["staff"]


def test_a_question_that_is_half_written_is_still_a_subject() -> None:
    assert subject_of({"id": "x", "options": [{"id": 7}, "strange"]}, "").options == (("7", "7"),)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (None, "always"),
        ({"staff": {"is": "hired"}}, "“Who works here?” is “Others too”"),
        ({"gone": {"is": "hired"}}, "“gone” is hired"),
        ({"staff": {"strange": 1}}, NOT_READ),
    ],
)
def test_a_condition_is_said_back(written: object, said: str) -> None:
    assert in_words(written, subjects_of(AT_WORK, "shop")) == said


def test_a_condition_that_cannot_be_read_rests_on_nothing() -> None:
    assert rests_on({"not": {"asked": "staff"}}, "staff")
    assert not rests_on({"staff": {"strange": 1}}, "staff")
