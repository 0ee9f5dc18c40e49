"""The headline of a plan: its result in one sentence (records of engine 2), and how the confidence adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from assess.plans.words import BAND_WORDS, exact_decimal, first_lower, format_day, plain_number, round_half_up

REASON_ORDER = ("breach", "sign", "unknown_sign", "gap", "points")
"""A firm must hear of the law before it hears of what is not known."""
MAX_REASONS = 2
MAX_NAMES = 2

_LOW = "by your own answers, which nobody has checked."


@dataclass(frozen=True, slots=True)
class BreachedDuty:
    """A duty that an answer is against: what it asks, in plain words, and where to read it."""

    says: str
    amount: str
    penalty: str
    read: str


@dataclass(frozen=True, slots=True)
class Headline:
    """The sentence; `others`: the reasons it had no room for; `then`: what follows from it. All are finished sentences.

    `breaches` are the duties that answers are against, each once, in the order of the bank. `alone`: advice comes first, so page one carries the
    sentence and whom to call, and nothing else.
    """

    sentence: str
    others: tuple[str, ...]
    then: str
    breaches: tuple[BreachedDuty, ...]
    alone: bool


def advice_comes_first(record: Mapping[str, Any]) -> bool:
    """Whether an urgent sign or one of third-party control is open. It needs the whole record."""
    return bool(record["result"]["urgent_signs"]) or bool(record["result"]["third_party"])


def headline_of(record: Mapping[str, Any]) -> Headline:
    result = record["result"]
    duties = {duty["id"]: duty for duty in record["duties"]}
    names = dict.fromkeys(breach["duty"] for breach in record["result"]["breaches"])
    binding = [duties[name] for name in names if name in duties and duties[name]["verdict"] != "does_not_apply"]
    breaches = tuple(map(_breached_duty, binding))
    word = BAND_WORDS[result["band"]]
    if advice_comes_first(record):
        return Headline(f"{word}: get advice before you do anything else.", (), "", breaches, alone=True)
    reasons = [_reason_text(reason, record, breaches) for reason in REASON_ORDER if reason in result["reasons"]]
    said, others = reasons[:MAX_REASONS], reasons[MAX_REASONS:]
    return Headline(
        sentence=_sentence(record, word, said),
        others=tuple(f"{reason[:1].upper()}{reason[1:]}." for reason in others),
        then=_follow_up(record),
        breaches=breaches,
        alone=False,
    )


def _sentence(record: Mapping[str, Any], word: str, said: Sequence[str]) -> str:
    result = record["result"]
    if said:
        return f"{word}{' so far' if record['quick'] else ''}, because {'; '.join(said)}."
    if "quick" in result["reasons"]:
        questions = [question for section in record["sections"] for question in section["questions"]]
        return f"Nothing worrying in these {sum(question['answer'] is not None for question in questions)} answers."
    if "dont_know" in result["reasons"]:
        return f"{word}: more than {plain_number(10 * result['limits']['unknown_limit'])} in 10 answers are not known."
    return f"{word}, {_LOW}"


def _reason_text(reason: str, record: Mapping[str, Any], breaches: Sequence[BreachedDuty]) -> str:
    if reason == "breach":
        if not breaches:
            # each of them names a duty that does not bind in this place, where another law may
            return "the law where you work may ask for more"
        named = [duty.says for duty in breaches[:MAX_NAMES]]
        left = len(breaches) - len(named)
        return f"the law asks for more: {'; '.join(named)}{f' and {left} more' if left else ''}"
    if reason == "unknown_sign":
        count = len(record["result"]["unknown_signs"])
        return f"{count} answer is not known yet" if count == 1 else f"{count} answers are not known yet"
    if reason == "gap":
        names = {area["id"]: area["name"] for area in record["dimensions"]}
        wide = [first_lower(names[area]) for area in record["result"]["wide_areas"][:MAX_NAMES] if area in names]
        return f"safeguards are thin: {'; '.join(wide)}" if wide else "safeguards are thin"
    if reason == "sign":
        return "some of your answers matter whatever the others say"
    return "much is missing against what your work brings"


def _follow_up(record: Mapping[str, Any]) -> str:
    result = record["result"]
    if "dont_know" in result["reasons"]:
        return "Look in papers you already have, then answer again. Until then no word would be true."
    if result["band"] == "low":
        return f"Ask yourself again by {format_day(record['valid_until'])}."
    return ""


def _breached_duty(duty: Mapping[str, Any]) -> BreachedDuty:
    return BreachedDuty(
        says=first_lower(duty.get("line") or duty["title"]),
        amount=duty.get("amount") or "",
        penalty=duty.get("penalty") or "",
        read=duty.get("read") or "",
    )


_BASE_FACTOR, _PROOF_FACTOR = Decimal("0.6"), Decimal("0.4")
"""What confidence keeps without any proof, and what proof adds, as `assess.engine.points.confidence_of` has them."""

_MAX_DECIMALS = 6
_COMPARED_DIGITS = 6
"""Digits at which two shares are one and the same."""


@dataclass(frozen=True, slots=True)
class _ProofShare:
    """How much of what is good was ticked as proven: a sentence, the share, and the share as it stands in a sum."""

    told: str
    share: Fraction
    sum: str


def confidence_line(record: Mapping[str, Any]) -> str:
    """The sum of the confidence of a record, with as few decimals as still lead to the number on the first page."""
    result = record["result"]
    lines = result["lines"]
    printed = round_half_up(result["confidence"], 0)
    if not lines:
        return f"Your confidence is {printed}%: nothing was asked that counts."
    unknown = {line["question"] for line in lines if line["answer"] in (None, "dk", ["dk"])}
    good = {line["question"] for line in lines if line["kind"] == "safeguard" and line["points"] == 0} - unknown
    share = exact_decimal(result["evidence_share"])
    if record["engine"] == 1:
        proof = _proof_share_engine_1(len(good & set(record["evidence"])), len(good), share)
    else:
        proof = _proof_share(sum(line["kind"] == "safeguard" for line in lines), share)
    count, known = len(lines), len(lines) - len(unknown)
    factor = exact_decimal(result["limits"]["stale_factor"]) if result["stale"] else Decimal(1)
    old, times = ("; they are more than a year old", f" × {plain_number(factor)}") if result["stale"] else ("", "")
    kept = Fraction(_BASE_FACTOR) + Fraction(_PROOF_FACTOR) * proof.share
    whole = 100 * Fraction(known, count) * kept * Fraction(factor)
    return (
        f"Your confidence. You know {known} of {count} answers{old}. {proof.told} "
        f"So 100 × {known} ÷ {count} × ({_BASE_FACTOR} + {_PROOF_FACTOR} × {proof.sum}){times} = {plain_number(_fewest_decimals(printed, whole))}, "
        f"printed as {printed}%."
    )


def _proof_share_engine_1(ticked: int, good: int, share: Decimal) -> _ProofShare:
    if good and round_half_up(Decimal(ticked) / good, _COMPARED_DIGITS) == round_half_up(share, _COMPARED_DIGITS):
        told = f"Proof is ticked beside {ticked} of {good} good safeguard answers."
        return _ProofShare(told, Fraction(ticked, good), f"{ticked} ÷ {good}")
    if not good and not share:
        return _ProofShare("No answer about a safeguard is good yet, so none can have proof.", Fraction(0), "0")
    # a worked example gives its share as a number, with nothing to count it from
    told = f"The share of good safeguard answers with proof is {plain_number(share)}."
    return _ProofShare(told, Fraction(share), plain_number(share))


def _proof_share(safeguards: int, share: Decimal) -> _ProofShare:
    """Since engine 2 the share is one of all safeguards that were asked, so that a better answer never lowers it."""
    ticked = int(round_half_up(share * safeguards, 0))
    compared = round_half_up(share, _COMPARED_DIGITS)
    if safeguards and round_half_up(Decimal(ticked) / safeguards, _COMPARED_DIGITS) == compared:
        are, have = ("is", "has") if ticked == 1 else ("are", "have")
        told = f"Of {safeguards} answers about safeguards, {ticked} {are} good and {have} proof ticked."
        return _ProofShare(told, Fraction(ticked, safeguards), f"{ticked} ÷ {safeguards}")
    told = f"The share of safeguard answers that are good and have proof is {plain_number(share)}."
    return _ProofShare(told, Fraction(share), plain_number(share))


def _fewest_decimals(printed: Decimal, whole: Fraction) -> Decimal:
    ways = (_half_up(whole, places) for places in range(1, _MAX_DECIMALS))
    return next((way for way in ways if round_half_up(way, 0) == printed), _half_up(whole, _MAX_DECIMALS))


def _half_up(value: Fraction, places: int) -> Decimal:
    return Decimal(floor(value * 10**places + Fraction(1, 2))).scaleb(-places)
