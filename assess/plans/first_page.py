"""The first page: who, when, whom to call, and the whole story for somebody with one minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assess.plans.words import BANDS, area_name, day, one, rounded

_REASONS: Mapping[str, str] = {
    "urgent_sign": "Some of your answers need advice today. Until then the band is “act now”, whatever the score.",
    "three_serious_signs": "Several of your answers matter on their own. Together they make the band “act now”.",
    "serious_sign": "Some of your answers matter on their own. With them the band is “high” or worse, whatever the score.",
    "unknown_sign": "You do not know the answer to a question that matters on its own, so the band cannot be “low”.",
    "too_many_unknown": "Too many answers are “don’t know”: a number would mostly describe what is not known.",
    "quick_check_cannot_say_low": "The quick check has not asked enough to say “low”. The full assessment can.",
}

_WAYS: Mapping[str, str] = {"phone": "by phone", "visit": "on a visit"}

WHAT_TO_DO: Mapping[str, str] = {
    "too_many_unknown": "Find out what you do not know yet. The actions that begin “Find out” come first. Then answer again.",
    "quick_check_cannot_say_low": "Answer the full assessment. It takes about 30 minutes and keeps what you have answered.",
}
"""What somebody can do who was not rated, by the reason."""


@dataclass(frozen=True, slots=True)
class Head:
    """Who and when, as printed: dates are ISO and `area` is None for a business outside the operator's areas.

    `together`: how and when a coordinator helped to fill it in, in words; empty for one that was made alone.
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
    together: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to call or write to."""

    id: str
    situation: str
    who: str
    number: str | None
    text_phone: str | None
    web: str | None


@dataclass(frozen=True, slots=True)
class Help:
    """Whom to call: the two of the box on the first page, and everybody, by how urgent it is."""

    emergency: Call
    helpline: Call
    everybody: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Rating:
    """What came out. `low` and `high` are printed only where they differ; texts are finished sentences.

    `story` is empty beside “act now”, where advice comes first, and where little is missing. Since engine 2 the verdict says why, so reasons, what to do
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
        """Whether something is still unknown that could change the score."""
        return self.low != self.high


def head_of(record: Mapping[str, Any]) -> Head:
    """Who and when."""
    organisation, edition, operator = record["organisation"], record["edition"], record["operator"]
    return Head(
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
        together="; ".join(
            f"{_WAYS[one['mode']]}, on {day(one['on'])}" for one in record.get("together", ()) if one["mode"] in _WAYS
        ),
    )


def help_of(record: Mapping[str, Any]) -> Help:
    """Whom to call, as the settings of the day said."""
    calls = tuple(
        Call(row["id"], row["situation"], row["who"], row["number"], row["text_phone"], row["web"])
        for row in sorted(record["contacts"], key=lambda row: row["order"])
    )
    by_id = {call.id: call for call in calls}
    return Help(emergency=by_id["emergency"], helpline=by_id["helpline"], everybody=calls)


def rating_of(record: Mapping[str, Any]) -> Rating:
    """What came out, in words and numbers for people."""
    result = record["result"]
    low, high = result["range"]
    first = record["engine"] == 1
    strength = 100 - 100 * result["gap"]
    questions = [question for section in record["sections"] for question in section["questions"]]
    scored = [question for question in questions if question["possible"] is not None]
    return Rating(
        band=result["band"],
        word=BANDS[result["band"]],
        rated=result["band"] != "not_rated",
        score=one(result["score"]),
        exposure=result["exposure"],
        strength=strength,
        exposure_text=one(result["exposure"]) if first else f"{rounded(result['exposure'], 0)}",
        strength_text=one(strength) if first else f"{rounded(strength, 0)}",
        confidence=f"{rounded(result['confidence'], 0)}%",
        low=one(low),
        high=one(high),
        unknown=sum(question["answer"] in (None, "dk", ["dk"]) for question in scored),
        by_points=BANDS[result["score_band"]].lower(),
        reasons=_reasons(result["reasons"]) if first else (),
        to_do=tuple(WHAT_TO_DO[reason] for reason in result["reasons"] if reason in WHAT_TO_DO) if first else (),
        story=_story(strength) if first and result["band"] != "critical" else "",
    )


def _reasons(reasons: Sequence[str]) -> tuple[str, ...]:
    """Why the band is not that of the score. With an urgent sign nothing else is said: advice comes first."""
    said = ("urgent_sign",) if "urgent_sign" in reasons else reasons
    return tuple(_REASONS[reason] for reason in said)


_WELL_GUARDED, _POORLY_GUARDED = 80, 50


def _story(strength: float) -> str:
    """Where the plan begins, in one sentence. It praises nobody: where a sign is open praise is left out, so its absence would tell."""
    if strength >= _WELL_GUARDED:
        return ""
    if strength < _POORLY_GUARDED:
        return "Your safeguards leave wide gaps. The plan below starts with those that matter most."
    return "The plan below starts with the gaps that matter most."
