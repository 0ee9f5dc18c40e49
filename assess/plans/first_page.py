"""The first page of a plan: who, when, emergency contacts and the rating in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assess.plans.words import BAND_WORDS, area_name, format_day, one_decimal, round_half_up

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
    questions = [question for section in record["sections"] for question in section["questions"]]
    scored = [question for question in questions if question["possible"] is not None]
    # with an urgent sign nothing else is said: advice comes first
    told = ("urgent_sign",) if "urgent_sign" in result["reasons"] else result["reasons"]
    return Rating(
        band=result["band"],
        word=BAND_WORDS[result["band"]],
        rated=result["band"] != "not_rated",
        score=one_decimal(result["score"]),
        exposure=result["exposure"],
        strength=strength,
        exposure_text=one_decimal(result["exposure"]) if first else f"{round_half_up(result['exposure'], 0)}",
        strength_text=one_decimal(strength) if first else f"{round_half_up(strength, 0)}",
        confidence=f"{round_half_up(result['confidence'], 0)}%",
        low=one_decimal(low),
        high=one_decimal(high),
        unknown=sum(question["answer"] in (None, "dk", ["dk"]) for question in scored),
        by_points=BAND_WORDS[result["score_band"]].lower(),
        reasons=tuple(_REASONS[reason] for reason in told) if first else (),
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
