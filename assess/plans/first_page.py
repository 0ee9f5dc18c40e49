"""The first page of a plan: who, when, emergency contacts, the rating in words and the headline over its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from assess.plans.risk_position import risk_position_of
from assess.plans.words import (
    BAND_WORDS,
    area_name,
    exact_decimal,
    first_lower,
    format_day,
    one_decimal,
    plain_number,
    questions_of,
    round_half_up,
    whole_number,
)

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
    first, others = reasons[:MAX_REASONS], reasons[MAX_REASONS:]
    return Headline(
        sentence=_sentence(record, word, first),
        others=tuple(f"{reason[:1].upper()}{reason[1:]}." for reason in others),
        then=_follow_up(record),
        breaches=breaches,
        alone=False,
    )


def _sentence(record: Mapping[str, Any], word: str, reasons: Sequence[str]) -> str:
    result = record["result"]
    if reasons:
        return f"{word}{' so far' if record['quick'] else ''}, because {'; '.join(reasons)}."
    if "quick" in result["reasons"]:
        questions = questions_of(record)
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
    if not record["quick"]:
        return ""
    better = len(record["actions"]) if "quick" in result["reasons"] else 0
    said = f"{better} {'thing' if better == 1 else 'things'} would make it better. " if better else ""
    return f"{said}A quick check. The other questions give a full result."


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

    sentence: str
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
        f"Your confidence. You know {known} of {count} answers{old}. {proof.sentence} "
        f"So 100 × {known} ÷ {count} × ({_BASE_FACTOR} + {_PROOF_FACTOR} × {proof.sum}){times} = {plain_number(_fewest_decimals(printed, whole))}, "
        f"printed as {printed}%."
    )


def _proof_share_engine_1(ticked: int, good: int, share: Decimal) -> _ProofShare:
    if good and round_half_up(Decimal(ticked) / good, _COMPARED_DIGITS) == round_half_up(share, _COMPARED_DIGITS):
        sentence = f"Proof is ticked beside {ticked} of {good} good safeguard answers."
        return _ProofShare(sentence, Fraction(ticked, good), f"{ticked} ÷ {good}")
    if not good and not share:
        return _ProofShare("No answer about a safeguard is good yet, so none can have proof.", Fraction(0), "0")
    # a worked example gives its share as a number, with nothing to count it from
    sentence = f"The share of good safeguard answers with proof is {plain_number(share)}."
    return _ProofShare(sentence, Fraction(share), plain_number(share))


def _proof_share(safeguards: int, share: Decimal) -> _ProofShare:
    """Since engine 2 the share is one of all safeguards that were asked, so that a better answer never lowers it."""
    ticked = int(round_half_up(share * safeguards, 0))
    compared = round_half_up(share, _COMPARED_DIGITS)
    if safeguards and round_half_up(Decimal(ticked) / safeguards, _COMPARED_DIGITS) == compared:
        are, have = ("is", "has") if ticked == 1 else ("are", "have")
        sentence = f"Of {safeguards} answers about safeguards, {ticked} {are} good and {have} proof ticked."
        return _ProofShare(sentence, Fraction(ticked, safeguards), f"{ticked} ÷ {safeguards}")
    sentence = f"The share of safeguard answers that are good and have proof is {plain_number(share)}."
    return _ProofShare(sentence, Fraction(share), plain_number(share))


def _fewest_decimals(printed: Decimal, whole: Fraction) -> Decimal:
    ways = (_half_up(whole, places) for places in range(1, _MAX_DECIMALS))
    return next((way for way in ways if round_half_up(way, 0) == printed), _half_up(whole, _MAX_DECIMALS))


def _half_up(value: Fraction, places: int) -> Decimal:
    return Decimal(floor(value * 10**places + Fraction(1, 2))).scaleb(-places)


_REASONS: Mapping[str, str] = {
    "urgent_sign": "Some of your answers need advice today. Until then the band is “act now”, whatever the score.",
    "three_serious_signs": "Several of your answers matter on their own. Together they make the band “act now”.",
    "serious_sign": "Some of your answers matter on their own. With them the band is “high” or worse, whatever the score.",
    "unknown_sign": "You do not know the answer to a question that matters on its own, so the band cannot be “low”.",
    "too_many_unknown": "Too many answers are “don’t know”: a number would mostly describe what is not known.",
    "quick_check_cannot_say_low": "The quick check has not asked enough to say “low”. The full assessment can.",
}

_ASSISTANCE_MODES: Mapping[str, str] = {"phone": "by phone", "visit": "on a visit"}

NOT_RATED_ADVICE: Mapping[str, str] = {
    "too_many_unknown": "Find out what you do not know yet. The actions that begin “Find out” come first. Then answer again.",
    "quick_check_cannot_say_low": "Answer the full assessment. It takes about 30 minutes and keeps what you have answered.",
}


@dataclass(frozen=True, slots=True)
class PlanHead:
    """Who and when, as printed: dates are ISO and `area` is None for a business outside the operator's areas.

    `assistance`: how and when a coordinator helped to fill it in, in words; empty for one that was made alone.
    """

    organisation: str
    area: str | None
    postcode: str | None
    company_number: str | None
    bank: str
    edition: int
    digest: str
    engine: int
    made_on: str
    valid_until: str
    quick: bool
    operator: str
    operator_contact: str
    complaints: str
    assistance: str = ""


@dataclass(frozen=True, slots=True)
class HelpContact:
    id: str
    situation: str
    who: str
    number: str | None
    text_phone: str | None
    web: str | None


@dataclass(frozen=True, slots=True)
class HelpContacts:
    """Whom to call: the two of the box on the first page, and everybody, by how urgent it is."""

    emergency: HelpContact
    helpline: HelpContact
    everybody: tuple[HelpContact, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """What came out. `low` and `high` are printed only where they differ; texts are finished sentences.

    `story` is empty beside “act now”, where advice comes first, and where little is missing. Since engine 2 the headline says why, so reasons, what to do
    and story are empty; both bars carry whole numbers, and `by_points` is the band of the points alone.
    exposure and strength run 0 to 100; a long exposure bar beside a long safeguard bar is good news.
    """

    band: str
    word: str
    rated: bool
    score: str
    exposure: float
    strength: float
    exposure_text: str
    strength_text: str
    confidence: str
    low: str
    high: str
    unknown: int
    by_points: str
    reasons: tuple[str, ...]
    to_do: tuple[str, ...]
    story: str

    @property
    def has_range(self) -> bool:
        return self.low != self.high


def head_of(record: Mapping[str, Any]) -> PlanHead:
    organisation, edition, operator = record["organisation"], record["edition"], record["operator"]
    return PlanHead(
        organisation=organisation["name"],
        area=area_name(organisation["area"]),
        postcode=organisation["postcode"],
        company_number=organisation["company_number"],
        bank=edition["title"],
        edition=edition["number"],
        digest=edition["digest"],
        engine=record["engine"],
        made_on=record["made_on"],
        valid_until=record["valid_until"],
        quick=record["quick"],
        operator=operator["name"],
        operator_contact=operator["contact"],
        complaints=operator["complaints"],
        assistance="; ".join(
            f"{_ASSISTANCE_MODES[one['mode']]}, on {format_day(one['on'])}"
            for one in record.get("together", ())
            if one["mode"] in _ASSISTANCE_MODES
        ),
    )


def help_contacts_of(record: Mapping[str, Any]) -> HelpContacts:
    calls = tuple(
        HelpContact(row["id"], row["situation"], row["who"], row["number"], row["text_phone"], row["web"])
        for row in sorted(record["contacts"], key=lambda row: row["order"])
    )
    by_id = {call.id: call for call in calls}
    return HelpContacts(emergency=by_id["emergency"], helpline=by_id["helpline"], everybody=calls)


def rating_of(record: Mapping[str, Any]) -> Rating:
    result = record["result"]
    low, high = result["range"]
    first = record["engine"] == 1
    strength = 100 - 100 * result["gap"]
    questions = questions_of(record)
    scored = [question for question in questions if question["possible"] is not None]
    # with an urgent sign nothing else is said: advice comes first
    reasons = ("urgent_sign",) if "urgent_sign" in result["reasons"] else result["reasons"]
    return Rating(
        band=result["band"],
        word=BAND_WORDS[result["band"]],
        rated=result["band"] != "not_rated",
        score=one_decimal(result["score"]),
        exposure=result["exposure"],
        strength=strength,
        exposure_text=one_decimal(result["exposure"]) if first else whole_number(result["exposure"]),
        strength_text=one_decimal(strength) if first else whole_number(strength),
        confidence=f"{whole_number(result['confidence'])}%",
        low=one_decimal(low),
        high=one_decimal(high),
        unknown=sum(question["answer"] in (None, "dk", ["dk"]) for question in scored),
        by_points=risk_position_of(record).by_points,
        reasons=tuple(_REASONS[reason] for reason in reasons) if first else (),
        to_do=tuple(NOT_RATED_ADVICE[reason] for reason in result["reasons"] if reason in NOT_RATED_ADVICE)
        if first
        else (),
        story=_story_text(strength) if first and result["band"] != "critical" else "",
    )


_WELL_GUARDED, _POORLY_GUARDED = 80, 50


def _story_text(strength: float) -> str:
    """Where the plan begins, in one sentence. It praises nobody: where a sign is open praise is left out, so its absence would tell."""
    if strength >= _WELL_GUARDED:
        return ""
    if strength < _POORLY_GUARDED:
        return "Your safeguards leave wide gaps. The plan below starts with those that matter most."
    return "The plan below starts with the gaps that matter most."
