from __future__ import annotations

from typing import Any

import pytest

from assess.assessments.sealing import Seal, late_seal, plain_digest, proves, seal_of, texts_in, without
from assess.engine.own_words import MARK

CANARY = "Zdravka sleeps in caravan 4"


def record(**more: Any) -> dict[str, Any]:
    question = {"id": "q", "answer": CANARY, "answer_text": CANARY}
    paths = ["/sections/0/questions/0/answer", "/sections/0/questions/0/answer_text"]
    return {"sections": [{"questions": [question]}], "own_words": paths, "score": 38.5, **more}


def sealed(data: dict[str, Any]) -> Seal:
    seal = seal_of(data)
    assert seal is not None
    return seal


def test_a_record_without_free_text_needs_no_seal() -> None:
    assert seal_of({"score": 1}) is None


def test_a_seal_still_proves_the_rest_when_words_are_gone_and_says_where_they_stood() -> None:
    seal = sealed(record())
    changed = without(seal, record(), CANARY)
    assert changed is not None
    left, after = changed
    assert CANARY not in str(left)
    assert proves(after, left, seal.root)
    assert sorted(after.gone) == record()["own_words"]
    assert not after.salts, "with its salt nobody could find the text again by guessing"
    assert texts_in(after, left) == []
    assert without(after, left, CANARY) is None
    assert Seal.read(after.as_data()) == after


@pytest.mark.parametrize("change", ["score", "text", "filled again", "digest"])
def test_every_tampering_is_found(change: str) -> None:
    data = record()
    seal = sealed(data)
    if change == "score":
        data["score"] = 1
    elif change == "text":
        data["sections"][0]["questions"][0]["answer"] = "other"
    elif change == "filled again":
        changed = without(seal, data, CANARY)
        assert changed is not None
        data, seal = changed
        data["sections"][0]["questions"][0]["answer"] = "other words"
    digest = "0" * 64 if change == "digest" else seal.root
    assert not proves(seal, data, digest)


def test_a_record_from_before_seals_gets_one_late_and_a_touched_one_never_becomes_sound() -> None:
    data = record()
    late = late_seal(data, plain_digest(data))
    assert late is not None
    changed = without(late, data, CANARY)
    assert changed is not None
    assert proves(changed[1], changed[0], plain_digest(data))
    touched = late_seal(record(score=1), plain_digest(data))
    assert touched is not None
    assert not proves(touched, record(score=1), plain_digest(data))


def test_two_seals_of_one_record_share_nothing() -> None:
    one, other = sealed(record()), sealed(record())
    assert one.root != other.root
    assert MARK not in str(one.as_data())
