from __future__ import annotations

from werkzeug.datastructures import MultiDict

from assess.assessments.careful.asking import FIELD, ask_about, is_question, ticks_in
from assess.assessments.careful.places import mark_of
from assess.engine.own_words import MARK

TEXT = "Mr Popescu keeps it"


def test_a_text_is_asked_about_and_not_repeated() -> None:
    asked = ask_about(TEXT, "q", "What else?", ticks=())
    assert asked is not None
    assert is_question(asked.sentence)
    assert "Popescu" not in asked.sentence + asked.seen + asked.mark


def test_a_tick_is_for_that_very_text() -> None:
    ticks = ticks_in(MultiDict([(FIELD, mark_of(TEXT)), (FIELD, "yes")]))
    assert ticks == {mark_of(TEXT)}
    assert ask_about(TEXT, "q", "What else?", ticks=ticks) is None
    assert ask_about(TEXT + " now", "q", "What else?", ticks=ticks) is not None


def test_nobody_is_asked_about_what_is_kept_already_or_taken_out() -> None:
    assert ask_about(TEXT, "q", "What else?", ticks=(), stored={TEXT}) is None
    assert ask_about(MARK, "q", "What else?", ticks=()) is None
    assert ask_about("", "q", "What else?", ticks=()) is None


def test_where_a_name_is_expected_only_the_rest_is_asked_about() -> None:
    assert ask_about("Tom Walker at the shop", "note", "For whom?", ticks=(), names_expected=True) is None
    asked = ask_about("Tom Walker, 07700 900123", "note", "For whom?", ticks=(), names_expected=True)
    assert asked is not None
    assert asked.seen == "a phone number"
