"""The made-up shop in a database: its bank published, people at the desk, a draft that changes it, and businesses that have submitted."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

import assess.plans.shares.models  # what is submitted is told to those it is shared with
from assess.assessments.answering import Filled, start
from assess.assessments.models import Assessment, Submission
from assess.assessments.submitting import submit
from assess.banks.drafts import keeping
from assess.banks.drafts.models import Draft
from assess.banks.editions import edition_of, latest
from assess.banks.settings import DatedSettings, settings_from
from assess.banks.starting import take_over
from assess.engine.assessing import Given, assess
from assess.engine.bank import Value
from assess.engine.record import Operator, Organisation, make_record
from assess.kit.clock import date_at
from tests.conftest import TODAY
from tests.people.persons import a_person
from tests.shelves import SHOP, SOUND, START, sound_but

FAMILY: Mapping[str, Value] = {"staff": "family"}
HIRED: Mapping[str, Value] = {"staff": "hired", "hours": 40, "papers": "they"}
LONG: Mapping[str, Value] = {"staff": "hired", "hours": 70, "papers": "they"}
SETTINGS = settings_from(sound_but(), date_at(TODAY))
HARDER = (START, "- {points: 3}\n", "- {points: 4}\n")
"""A longer week is worth more."""
OTHERS = (START, "label: Others too, points: 2", "label: Others too, points: 4")
"""To have others work there is worth more, and makes the band higher."""
GRAVE = (
    (START, "label: Others too, points: 2", "label: Others too, points: 2, sign: serious"),
    (START, "quick: true\n", "quick: true\n        can_sign: true\n        ilo: [7]\n"),
    (START, "label: Don’t know, points: 3}", "label: Don’t know, points: 3, action: false}"),
)
"""To have others work there is a sign, and makes the band high."""
WORDS = (SHOP, "Who keeps the workers’ papers?", "Who keeps the papers of the workers?")


def open_shop(session: Session) -> None:
    """Take its files over and publish it."""
    take_over(session, TODAY, SOUND)


def somebody(session: Session, name: str, desk: str = "coordinator") -> uuid.UUID:
    """A person at the desk."""
    return a_person(session, f"{name.lower()}@desk.example", desk=desk, name=name).id


def a_draft(session: Session, person: uuid.UUID, *edits: tuple[str, str, str], title: str = "Clearer words") -> Draft:
    """A draft with these changes."""
    draft = keeping.begin(session, title, person, TODAY)
    for edit in edits:
        change(session, draft, person, *edit)
    return draft


def change(session: Session, draft: Draft, person: uuid.UUID, name: str, old: str, new: str) -> None:
    """Change a text of a draft. What is to be replaced must stand there."""
    seen = keeping.sheet_of(session, draft, name)
    text = (seen or b"").decode()
    assert old in text, f"{old!r} does not stand in {name}"
    keeping.save(session, draft, name, text.replace(old, new, 1).encode(), person, TODAY, seen=seen, what="changed")


def submitted(
    session: Session, answers: Iterable[Mapping[str, Value]], edition_id: int | None = None
) -> list[Submission]:
    """Businesses that answered so, through the whole engine."""
    with_edition = edition_id or latest(session, "shop").id
    assert with_edition is not None
    return [one_submitted(session, one, with_edition) for one in answers]


def one_submitted(session: Session, answers: Mapping[str, Value], edition_id: int) -> Submission:
    """One business that answered so."""
    return submitted_here(session, start(session, edition_id, quick=False, now=TODAY), answers)


def submitted_here(
    session: Session, assessment: Assessment, answers: Mapping[str, Value], settings: DatedSettings = SETTINGS
) -> Submission:
    """This assessment is submitted with these answers, by the edition it began with."""
    loaded = edition_of(session, assessment.edition_id)

    def build(_said: Filled) -> dict[str, Any]:
        given = Given(answers, {})
        assessed = assess(loaded.edition, given, settings, date_at(TODAY))
        organisation, operator = Organisation("A shop", "norfolk"), Operator("Desk", "desk", "desk")
        record = make_record(
            loaded.edition, loaded.ref, given, assessed, settings, organisation, operator, date_at(TODAY)
        )
        made: dict[str, Any] = json.loads(json.dumps(record))
        return made

    return submit(session, assessment.id, build, TODAY)
