"""The verdict: one sentence that says the word and why, for records of engine 2.

It praises nobody, since praise that is missing would tell, and holds no sum and no deed. What is said of signs reads the same whichever was raised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assess.plans.words import BANDS, day, plain

ORDER = ("breach", "sign", "unknown_sign", "gap", "points")
"""A firm must hear of the law before it hears of what is not known."""
MOST_REASONS = 2
MOST_NAMES = 2

_LOW = "by your own answers, which nobody has checked."
_SIGN = "some of your answers matter whatever the others say"
_POINTS = "much is missing against what your work brings"
_CLOSED = "does_not_apply"


@dataclass(frozen=True, slots=True)
class Breached:
    """A duty that an answer is against: what it asks, in plain words, and where to read it."""

    says: str
    amount: str
    penalty: str
    read: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The sentence; `others`: the reasons it had no room for; `then`: what follows from it. All are finished sentences.

    `breaches` are the duties that answers are against, each once, in the order of the bank. `alone`: advice comes first, so page one carries the
    sentence and whom to call, and nothing else.
    """

    sentence: str
    others: tuple[str, ...]
    then: str
    breaches: tuple[Breached, ...]
    alone: bool


def advice_comes_first(record: Mapping[str, Any]) -> bool:
    """Whether an urgent sign or one of third-party control is open. It needs the whole record."""
    return bool(record["result"]["urgent_signs"]) or bool(record["result"]["third_party"])


def verdict(record: Mapping[str, Any]) -> Verdict:
    """The verdict of a whole record of engine 2."""
    result = record["result"]
    breaches = _breaches(record)
    word = BANDS[result["band"]]
    if advice_comes_first(record):
        return Verdict(f"{word}: get advice before you do anything else.", (), "", breaches, alone=True)
    reasons = [_because(reason, record, breaches) for reason in ORDER if reason in result["reasons"]]
    said, others = reasons[:MOST_REASONS], reasons[MOST_REASONS:]
    return Verdict(
        sentence=_sentence(record, word, said),
        others=tuple(f"{reason[:1].upper()}{reason[1:]}." for reason in others),
        then=_then(record),
        breaches=breaches,
        alone=False,
    )


def _sentence(record: Mapping[str, Any], word: str, said: Sequence[str]) -> str:
    result = record["result"]
    if said:
        return f"{word}{' so far' if record['quick'] else ''}, because {'; '.join(said)}."
    if "quick" in result["reasons"]:
        return f"Nothing worrying in these {_answered(record)} answers."
    if "dont_know" in result["reasons"]:
        return f"{word}: more than {plain(10 * result['limits']['unknown_limit'])} in 10 answers are not known."
    return f"{word}, {_LOW}"


def _because(reason: str, record: Mapping[str, Any], breaches: Sequence[Breached]) -> str:
    if reason == "breach":
        if not breaches:
            # each of them names a duty that does not bind in this place, where another law may
            return "the law where you work may ask for more"
        named = [duty.says for duty in breaches[:MOST_NAMES]]
        left = len(breaches) - len(named)
        return f"the law asks for more: {'; '.join(named)}{f' and {left} more' if left else ''}"
    if reason == "unknown_sign":
        count = len(record["result"]["unknown_signs"])
        return f"{count} answer is not known yet" if count == 1 else f"{count} answers are not known yet"
    if reason == "gap":
        names = {area["id"]: area["name"] for area in record["dimensions"]}
        wide = [_small(names[area]) for area in record["result"]["wide_areas"][:MOST_NAMES] if area in names]
        return f"safeguards are thin: {'; '.join(wide)}" if wide else "safeguards are thin"
    return _SIGN if reason == "sign" else _POINTS


def _then(record: Mapping[str, Any]) -> str:
    result = record["result"]
    if "dont_know" in result["reasons"]:
        return "Look in papers you already have, then answer again. Until then no word would be true."
    if result["band"] == "low":
        return f"Ask yourself again by {day(record['valid_until'])}."
    return ""


def _answered(record: Mapping[str, Any]) -> int:
    return sum(question["answer"] is not None for section in record["sections"] for question in section["questions"])


def _breaches(record: Mapping[str, Any]) -> tuple[Breached, ...]:
    duties = {duty["id"]: duty for duty in record["duties"]}
    names = dict.fromkeys(breach["duty"] for breach in record["result"]["breaches"])
    return tuple(_breached(duties[name]) for name in names if name in duties and duties[name]["verdict"] != _CLOSED)


def _breached(duty: Mapping[str, Any]) -> Breached:
    return Breached(
        says=_small(duty.get("line") or duty["title"]),
        amount=duty.get("amount") or "",
        penalty=duty.get("penalty") or "",
        read=duty.get("read") or "",
    )


def _small(name: str) -> str:
    """A name inside a sentence. A word in capitals, such as HMRC, stays as it is."""
    return name if name[1:2].isupper() else f"{name[:1].lower()}{name[1:]}"
