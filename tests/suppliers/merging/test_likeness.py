from __future__ import annotations

import random
import time
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.suppliers.merging.likeness import Entry, Pair, Reason, couple, nearly_the_same, pairs_of, words_of

IDS = [uuid.UUID(int=number) for number in range(1, 40)]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Fen Edge Growers Ltd", "FEN EDGE GROWERS LIMITED", True),
        ("Fen Edge Growers", "Fen Edge Growes", True),
        ("Growers of Fen Edge", "Fen Edge Growers", True),
        ("O’Brien’s Wash", "OBriens Wash", True),
        ("Clean Car", "CleanCar", True),
        ("Fen Edge Growers", "Fen Edge Packers", False),
        ("North Farm", "South Farm", False),
        ("Wash 1", "Wash 2", False),
        ("The Company Ltd", "Services Ltd", False),
        ("Żurek", "Zorro", False),
    ],
)
def test_names_are_nearly_the_same_by_their_words(one: str, other: str, *, alike: bool) -> None:
    assert nearly_the_same(words_of(one), words_of(other)) is alike
    assert nearly_the_same(words_of(other), words_of(one)) is alike


def test_each_reason_proposes_a_pair_and_the_strongest_stands_first() -> None:
    entries = [
        Entry(IDS[0], "Fen Edge Growers", "a@farm.example", "01234567"),
        Entry(IDS[1], "Fen Edge Growers Ltd"),
        Entry(IDS[2], "Packhouse", "a@farm.example"),
        Entry(IDS[3], "Yard", "", "01234567"),
        Entry(IDS[5], "Quite Another", "b@farm.example", "07654321"),
    ]
    assert pairs_of(entries) == [
        Pair(IDS[0], IDS[3], (Reason.COMPANY_NUMBER,)),
        Pair(IDS[0], IDS[2], (Reason.MAILBOX,)),
        Pair(IDS[0], IDS[1], (Reason.NAME,)),
    ]
    apart = {(IDS[0], IDS[1])}
    assert [(pair.one, pair.other) for pair in pairs_of(entries, apart)] == [(IDS[0], IDS[3]), (IDS[0], IDS[2])]


def test_entries_that_stand_together_are_no_pair_but_each_is_compared() -> None:
    entries = [
        Entry(IDS[0], "Packhouse"),
        Entry(IDS[0], "Packhouse", "a@farm.example"),
        Entry(IDS[1], "Yard", "a@farm.example"),
    ]
    assert pairs_of(entries) == [Pair(IDS[0], IDS[1], (Reason.MAILBOX,))]


def test_nothing_is_the_same_because_it_is_not_told() -> None:
    assert pairs_of([Entry(IDS[0], "Yard"), Entry(IDS[1], "Packhouse")]) == []


def test_of_a_mailbox_that_very_many_have_each_is_proposed_once() -> None:
    entries = [Entry(one, f"Xy{number * 7919}q", "agent@agents.example") for number, one in enumerate(IDS)]
    assert len(pairs_of(entries)) == len(IDS) - 1


@given(
    st.lists(
        st.builds(
            Entry,
            st.sampled_from(IDS),
            st.sampled_from(["Fen Edge", "Fen Edge Ltd", "Yard", "Wash", ""]),
            st.sampled_from(["", "a@b.example", "c@d.example"]),
            st.sampled_from([None, "01234567"]),
        ),
        max_size=12,
    )
)
def test_a_pair_is_of_two_stands_once_and_does_not_depend_on_the_order(entries: list[Entry]) -> None:
    pairs = pairs_of(entries)
    assert all(pair.one < pair.other and pair.reasons for pair in pairs)
    assert len({(pair.one, pair.other) for pair in pairs}) == len(pairs)
    there = {(pair.one, pair.other): pair.reasons for pair in pairs_of(entries[::-1])}
    assert there == {(pair.one, pair.other): pair.reasons for pair in pairs}
    assert not pairs_of(entries, {couple(pair.one, pair.other) for pair in pairs})


def test_ten_thousand_entries_are_compared_in_a_moment() -> None:
    pick = random.Random(7)
    words = ["".join(pick.choices("abcdefghijklmnoprstuvw", k=pick.randint(3, 9))) for _ in range(4000)]
    entries = [
        Entry(uuid.UUID(int=number), f"{pick.choice(words)} {pick.choice(words)} Farm Ltd") for number in range(10_000)
    ]
    entries.append(Entry(uuid.UUID(int=10_000), entries[0].name.replace("Ltd", "Limited")))
    pairs = pairs_of(entries)
    assert (entries[0].id, entries[-1].id) in {(pair.one, pair.other) for pair in pairs}


def test_a_list_that_was_made_to_take_hours_is_compared_for_seconds() -> None:
    """Each of 30 words of a name is in twelve names: half a million pairs, and the equal ones are found all the same."""
    words = [f"{number:04}" for number in range(1000 * 24 // 12) for _ in range(12)]
    random.Random(1).shuffle(words)
    entries = [Entry(uuid.UUID(int=place + 1), " ".join(words[place * 24 :][:24])) for place in range(1000)]
    entries.append(Entry(uuid.UUID(int=2000), entries[0].name))
    began = time.process_time()
    found = pairs_of(entries)
    assert time.process_time() - began < 6, "it took a minute"
    assert Pair(entries[0].id, entries[-1].id, (Reason.NAME,)) in found
