from __future__ import annotations

from assess.help.advice import KINDS, SIGNS


def test_every_list_has_something_to_read_and_no_sentence_is_long() -> None:
    sentences = [*(noticed for signs in SIGNS for noticed in signs.noticed), *(meaning for _, meaning in KINDS)]
    assert all(signs.noticed for signs in SIGNS)
    assert all(sentence.endswith(".") for sentence in sentences)
    assert max(len(part.split()) for sentence in sentences for part in sentence.split(". ")) <= 25


def test_quotes_are_those_people_write() -> None:
    text = repr((SIGNS, KINDS))
    assert "’" in text
    assert '"' not in "".join(noticed for signs in SIGNS for noticed in signs.noticed)
