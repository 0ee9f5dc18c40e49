from __future__ import annotations

from assess.banks.settings import settings_from
from assess.editor.trying.carrying import Tried
from assess.editor.trying.editions import ToTry
from assess.editor.trying.outcomes import Outcome, figures_beside, lines_beside, outcome_of, priority_words
from tests.shelves import START, TODAY, Edit, edition_after, sound_but

KEPT = Tried(answers={"staff": "hired", "hours": 72, "papers": "we"})


def tried(*edits: Edit, said: Tried = KEPT) -> Outcome:
    return outcome_of(ToTry("Here", edition_after(*edits), settings_from(sound_but(), TODAY)), said, TODAY)


def test_every_figure_line_sign_and_action_is_said() -> None:
    found = tried()
    assert found.figures["Band"] == "Act now (because of: signs)"
    assert found.figures["Urgent signs"] == "Who keeps the workers’ papers"
    assert [(one.ask, one.answer, one.points, one.sign) for one in found.lines] == [
        ("Who works here?", "Others too", "2 of 3", ""),
        ("How many hours does the longest week have?", "72 hours", "3 of 3", ""),
        ("Who keeps the workers’ papers?", "We do", "4 of 4", "Urgent"),
    ]
    assert [row[2] for row in found.actions] == ["At once", "In 30 days", "In 90 days"]
    assert found.findings == ("Note: Papers are kept and pay is low.",)
    assert sum(len(rows) for rows in found.duties.values()) == len(edition_after().duty_book.duties)
    assert found.missing == ()


def test_what_is_left_open_is_named() -> None:
    assert tried(said=Tried()).missing == ("Who works here?",)
    assert tried(said=Tried(answers={"staff": "hired", "hours": 1})).missing == ("Who keeps the workers’ papers?",)


def test_two_editions_are_compared_figure_by_figure_and_only_differing_lines_are_shown() -> None:
    here, there = tried((START, "label: Others too, points: 2", "label: Others too, points: 3")), tried()
    assert [one.name for one in figures_beside(here, there) if one.differs] == ["Score", "Range", "Gap"]
    assert [(one.name, one.here, one.there) for one in lines_beside(here.lines, there.lines)] == [
        ("Who works here?", "3 of 3", "2 of 3")
    ]


def test_a_question_that_only_one_of_them_asks_is_a_difference() -> None:
    here, there = tried(said=Tried(answers={"staff": "family"})), tried()
    rows = {one.name: (one.here, one.there) for one in lines_beside(here.lines, there.lines)}
    assert rows["Who keeps the workers’ papers?"] == (None, "4 of 4, urgent sign")
    back = {one.name: (one.here, one.there) for one in lines_beside(there.lines, here.lines)}
    assert back["Who keeps the workers’ papers?"] == ("4 of 4, urgent sign", None)


def test_priorities_are_said_as_people_say_them() -> None:
    assert [priority_words("immediate"), priority_words(30)] == ["At once", "In 30 days"]
