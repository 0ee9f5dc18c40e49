from __future__ import annotations

import time
from pathlib import Path

import pytest

from assess.assessments.careful.finding import WORDS, Kind, details_in, in_words

# All parts have been learnt from by now, so none is blind any more. At first sight, each with the commit before it: B 81.5 % noticed and 2.3 % false
# alarms, C 73.1 and 5.4, D 78.3 and 5.4, E 85.0 and 4.0, F 95 and 18, G 94 and 7, H 94 and 8, K (the last) 88 and 7: below the 90 % we want.
CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.txt"))
SEEN = {
    "Mr Popescu keeps it": Kind.NAME,
    "his NI is AB123456D": Kind.INSURANCE,
    "passport 533401372": Kind.PAPERS,
    "call 07700 900123": Kind.PHONE,
    "maria.p@example.org": Kind.MAIL,
    "born 3 May 1991": Kind.BIRTH,
    "he sleeps in caravan 7": Kind.ADDRESS,
    "sort code 20-45-67 account 12345678": Kind.BANK,
    "white transit AB12 CDE": Kind.CAR,
    "one of the girls is pregnant": Kind.ABOUT_ONE,
}


def labelled(path: Path) -> tuple[list[str], list[str]]:
    """The sentences with details, and those without."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line[2:] for line in lines if line[:1] == "!"], [line[2:] for line in lines if line[:1] == "."]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_nine_of_ten_are_noticed_and_nine_of_ten_left_in_peace(path: Path) -> None:
    holding, harmless = labelled(path)
    missed = [text for text in holding if not details_in(text)]
    alarmed = [text for text in harmless if details_in(text)]
    assert len(missed) <= 0.1 * len(holding), missed
    assert len(alarmed) <= 0.1 * len(harmless), alarmed


def test_the_corpus_is_large_and_has_both_kinds() -> None:
    counted = [labelled(path) for path in CORPUS]
    assert sum(len(holding) for holding, _ in counted) >= 300
    assert sum(len(harmless) for _, harmless in counted) >= 300


@pytest.mark.parametrize(("text", "kind"), SEEN.items())
def test_each_kind_is_named(text: str, kind: Kind) -> None:
    assert kind in [found.kind for found in details_in(text)]


def test_every_kind_has_words_and_they_are_put_in_a_row() -> None:
    assert set(WORDS) == set(Kind) == set(SEEN.values())
    assert in_words(details_in("Mr Popescu, 07700 900123")) == "a person’s name and a phone number"
    assert in_words(()) == ""


@pytest.mark.parametrize("piece", ["a ", "0 ", "Ab ", "(", "1-", "his ", "call 1 ", "A1", "@a.", "Ion and "])
def test_no_text_takes_long(piece: str) -> None:
    begun = time.process_time()
    details_in(piece * (4000 // len(piece)))
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("piece", ["the lad ", "Ion & ", "one of the ", "worker in caravan ", "a", "i ", "from Kent "])
def test_ten_thousand_letters_take_no_longer(piece: str) -> None:
    begun = time.process_time()
    details_in(piece * (10_000 // len(piece)))
    assert time.process_time() - begun < 2
