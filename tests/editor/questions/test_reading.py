from __future__ import annotations

from assess.editor.questions.parts import part_of
from assess.editor.questions.reading import labels_of, reading_of
from assess.editor.questions.rows import rows_said
from tests.editor.benches import real, real_lists, shop


def test_a_question_is_read_out() -> None:
    hand = shop(("shop.yaml", "ask: Who keeps the workers’ papers?", "ask: Who holds their papers?"))
    reading = reading_of(hand, hand.question_or_404("papers"))
    assert (reading.ask, reading.section, reading.change, reading.shared) == (
        "Who holds their papers?",
        "The work",
        "changed",
        [],
    )
    assert reading.number == len(list(hand.at_work.questions_of("shop")))
    assert [(one.words, one.points, one.sign) for one in reading.outcomes][1] == ("We do", "4", "urgent")
    said = dict(reading.said)
    assert said["How it is answered"] == "One answer from a list"
    assert said["Asked if"].startswith("“")
    assert "Hint" not in said
    assert said["What to do"].startswith("Give them back")
    assert said["How soon, and who"].startswith(("At once. ", "Within "))
    assert said["Sources"], "whoever ticked one sees it"


def test_a_question_of_the_common_file_says_who_shares_it() -> None:
    hand = shop()
    first = next(hand.at_work.questions_of("shop"))
    assert reading_of(hand, first).shared == ["Corner shops"]


def test_rows_are_called_by_their_number_or_by_their_answer() -> None:
    data = real("core_documents")
    answers, actions = (part_of(data, real_lists(), name) for name in ("answers", "action"))
    assert answers
    assert actions
    rows = [*rows_said(answers.rows[0], data, {}), {"was": [""]}]
    assert labels_of(answers.rows[0], rows, data)[-2:] == ["Answer 5 (id dk)", "Answer 6"]
    own = labels_of(actions.rows[0], rows_said(actions.rows[0], data, {}, {"employer", "dk"}), data)
    assert own == [
        "We keep them until the job ends or a trial is over (4 points, urgent sign)",
        "Don’t know (4 points)",
    ]
