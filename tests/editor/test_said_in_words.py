from __future__ import annotations

from assess.editor.said_in_words import said_in_words

PAY = {"id": "pay_slips", "ask": "Do workers get a pay slip?", "options": [{"id": "no", "label": "No, never"}, "odd"]}
LONG = {"id": "long", "ask": "word " * 40, "options": None}


def test_questions_and_their_answers_are_called_by_their_words() -> None:
    said = said_in_words("“no” of “pay_slips” is a poor answer.", [LONG, PAY])
    assert said == "“No, never” of “Do workers get a pay slip?” is a poor answer."
    assert len(said_in_words("“long” names no source.", [LONG])) < 110


def test_what_is_meant_as_an_id_or_is_none_stays() -> None:
    for message in ("The id “pay_slips” stands here twice.", "“no” is no answer.", "“gone” names no source."):
        assert said_in_words(message, [PAY]) == message
