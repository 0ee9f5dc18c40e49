from __future__ import annotations

from assess.assessments.careful.vocabulary import (
    BRANDS,
    FROM_ABROAD,
    NAMING,
    OF_ONE_PERSON,
    PLAIN_DEEDS,
    SPEAKING,
    STRONG_DEEDS,
    TITLES,
    WEAK_DEEDS,
    WHO,
)


def test_patterns_speak_of_what_they_are_for() -> None:
    assert STRONG_DEEDS.match("owes us money")
    assert PLAIN_DEEDS.match("keeps the keys")
    assert WEAK_DEEDS.match("pays")
    assert OF_ONE_PERSON.match("s passport")
    assert NAMING.search("a man called")
    assert not NAMING.search("a company called")
    assert SPEAKING.search("please ask")
    assert FROM_ABROAD.match("from romania")
    assert BRANDS.search("a John Deere tractor")
    assert not TITLES & WHO
