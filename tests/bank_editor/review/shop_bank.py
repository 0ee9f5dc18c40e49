"""The made-up shop in a database: its bank published, people at the desk, a draft that changes it, and businesses that have submitted."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from assess.assessments.models import Assessment, Submission
from assess.assessments.services import AssessmentContent, start_assessment
from assess.assessments.submissions import submit_assessment
from assess.core.clock import uk_date
from assess.engine.assessing import EngineInput, assess
from assess.engine.bank import AnswerValue
from assess.engine.record import Operator, RecordOrganisation, make_record
from assess.engine.settings import DatedSettings
from assess.question_banks import drafts
from assess.question_banks.editions import current_edition, load_edition, seed_and_publish
from assess.question_banks.models import Draft
from assess.question_banks.settings import settings_from
from tests.conftest import TODAY
from tests.content_files import SHOP, SOUND, START, sound_but
from tests.identity.accounts_factory import a_person

FAMILY: Mapping[str, AnswerValue] = {"staff": "family"}
HIRED: Mapping[str, AnswerValue] = {"staff": "hired", "hours": 40, "papers": "they"}
LONG: Mapping[str, AnswerValue] = {"staff": "hired", "hours": 70, "papers": "they"}
SETTINGS = settings_from(sound_but(), uk_date(TODAY))
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
    seed_and_publish(session, TODAY, SOUND)


def somebody(session: Session, name: str, desk: str = "coordinator") -> uuid.UUID:
    """A person at the desk."""
    return a_person(session, f"{name.lower()}@desk.example", desk=desk, name=name).id


def a_draft(session: Session, person: uuid.UUID, *edits: tuple[str, str, str], title: str = "Clearer words") -> Draft:
    """A draft with these changes."""
    draft = drafts.create_draft(session, title, person, TODAY)
    for edit in edits:
        change(session, draft, person, *edit)
    return draft


def change(session: Session, draft: Draft, person: uuid.UUID, name: str, old: str, new: str) -> None:
    """Change a text of a draft. What is to be replaced must stand there."""
    seen = drafts.file_in_draft(session, draft, name)
    text = (seen or b"").decode()
    assert old in text, f"{old!r} does not stand in {name}"
    drafts.save_draft_file(
        session, draft, name, text.replace(old, new, 1).encode(), person, TODAY, seen=seen, what="changed"
    )


def submitted(
    session: Session, answers: Iterable[Mapping[str, AnswerValue]], edition_id: int | None = None
) -> list[Submission]:
    """Businesses that answered so, through the whole engine."""
    with_edition = edition_id or current_edition(session, "shop").id
    assert with_edition is not None
    return [one_submitted(session, one, with_edition) for one in answers]


def one_submitted(session: Session, answers: Mapping[str, AnswerValue], edition_id: int) -> Submission:
    """One business that answered so."""
    return submitted_here(session, start_assessment(session, edition_id, quick=False, now=TODAY), answers)


def submitted_here(
    session: Session, assessment: Assessment, answers: Mapping[str, AnswerValue], settings: DatedSettings = SETTINGS
) -> Submission:
    """This assessment is submitted with these answers, by the edition it began with."""
    loaded = load_edition(session, assessment.edition_id)

    def build(_said: AssessmentContent) -> dict[str, Any]:
        given = EngineInput(answers, {})
        assessed = assess(loaded.edition, given, settings, uk_date(TODAY))
        organisation, operator = RecordOrganisation("A shop", "norfolk"), Operator("Desk", "desk", "desk")
        record = make_record(
            loaded.edition,
            loaded.ref,
            given,
            assessed,
            settings=settings,
            organisation=organisation,
            operator=operator,
            today=uk_date(TODAY),
        )
        made: dict[str, Any] = json.loads(json.dumps(record))
        return made

    return submit_assessment(session, assessment.id, build, TODAY)
