"""`assess demo`: fills an empty database with invented businesses."""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments import services as assessment_services
from assess.assessments.links import end_buyer_link, make_buyer_link, make_resume_link
from assess.assessments.models import Assessment, Submission
from assess.assessments.submissions import build_assessment_record, reopen_assessment, submit_assessment
from assess.cli.configured import settings_for
from assess.cli.serve import prepare_and_report
from assess.core import clock
from assess.core.clock import uk_date
from assess.core.config import Settings
from assess.core.db import Database, JsonDict
from assess.engine.bank import AnswerValue
from assess.engine.facts import FactValue
from assess.engine.record import Operator
from assess.engine.visibility import quick_edition
from assess.question_banks.editions import current_edition
from assess.question_banks.files import bundled_files
from assess.question_banks.reader import LoadedEdition, compile_bank
from assess.question_banks.settings import settings_from

DEMO_FACTS: Mapping[str, FactValue] = {"operates_in": ["ENG"], "legal_form": "company", "has_website": True}
EVIDENCE_OF_TEN = 7
SHARED_DAYS_AGO = 10
"""Days: a link to a buyer made longer ago may have expired."""


@dataclass(frozen=True, slots=True)
class Firm:
    """An invented firm and how far it has come.

    `example` is the title of a worked example. `sections` is how many it has filled in (None: all). `submitted_ago` is how many
    days ago it submitted; `mended` are answers it corrected afterwards (an empty mapping: it has only begun to correct).
    """

    bank: str
    name: str
    postcode: str
    example: str
    started_ago: int
    sections: int | None = None
    submitted_ago: int | None = None
    quick: bool = False
    mended: Mapping[str, AnswerValue] | None = None
    pin: str | None = None
    shared_with: Sequence[str] = ()
    no_longer_with: Sequence[str] = ()


FIRMS = (
    Firm(
        "farming", "Fen Edge Growers Ltd", "PE38 9ZZ", "farming low", 40, submitted_ago=33, shared_with=["County council"]
    ),
    Firm(
        "farming", "Saltwater Lane Salads", "PE31 8ZZ", "farming medium", 35, submitted_ago=30,
        mended={"core_time_records": "daily"}, shared_with=["The packhouse"],
    ),
    Firm("farming", "Hobby Drove Vegetables", "PE14 7ZZ", "farming critical", 21, submitted_ago=20),
    Firm("farming", "Larkfield Soft Fruit", "NR11 8ZZ", "farming medium", 6, sections=4),
    Firm("car_washes", "Bright Bucket Hand Car Wash", "NR3 4ZZ", "car_washes low", 12, submitted_ago=12, quick=True),
    Firm(
        "car_washes", "Station Yard Valeting", "IP24 1ZZ", "car_washes medium", 28, submitted_ago=26, pin="4711",
        no_longer_with=["The retail park"],
    ),
    Firm("car_washes", "Shine Stop", "NR30 1ZZ", "car_washes critical", 9, submitted_ago=8),
    Firm("hospitality", "The Reed Cutter Inn", "NR12 9ZZ", "hospitality low", 60, submitted_ago=58),
    Firm(
        "hospitality", "Pier Parade Hotel", "NR30 2ZZ", "hospitality medium", 45, submitted_ago=44, mended={},
        shared_with=["County council", "A tour operator"],
    ),
    Firm("hospitality", "Quayside Guest House", "NR23 1ZZ", "hospitality critical", 1, sections=1),
)  # fmt: skip


class DatabaseNotEmptyError(Exception):
    """There are assessments in it already: invented ones must not stand among real ones."""


@dataclass(frozen=True, slots=True)
class FirmSummary:
    """What to print of a firm: where it stands and its links."""

    firm: Firm
    stage: str
    resume: str
    buyers: tuple[tuple[str, str], ...]


@click.command
def command() -> None:
    """Fill a database with made-up businesses.

    It has to be fresh: name another with ASSESS_DATA_FOLDER or ASSESS_DATABASE_URL.
    """
    settings = settings_for(os.environ, None)
    if not settings.development:
        raise click.ClickException("Invented firms have no place in production: this needs ASSESS_ENV=development.")
    prepare_and_report(settings)
    database = Database(settings.database, settings.data_keys)
    try:
        told = fill_database(database, settings, clock.now())
    except DatabaseNotEmptyError as error:
        raise click.ClickException("This database holds assessments already. Name a fresh one.") from error
    finally:
        database.close()
    for one in told:
        click.echo(f"{one.firm.name}: {one.stage}")
        click.echo(f"  {settings.base_url}/r/{one.resume}" + (f" (PIN {one.firm.pin})" if one.firm.pin else ""))
        for note, token in one.buyers:
            click.echo(f"  {note}: {settings.base_url}/b/{token}")
    click.echo("Now start the site: assess serve")


def fill_database(database: Database, settings: Settings, now: datetime) -> list[FirmSummary]:
    """Put all firms into a database whose banks are published. Everything happened in the weeks before `moment`.

    Raises `DatabaseNotEmptyError` when there is an assessment in it.
    """
    with database.writing() as session:
        if session.scalars(select(Assessment.id).limit(1)).first() is not None:
            raise DatabaseNotEmptyError
        return [_FirmBuilder(session, settings, now, firm).tell() for firm in FIRMS]


class _FirmBuilder:
    """How one firm came to be where it is."""

    def __init__(self, session: Session, settings: Settings, now: datetime, firm: Firm) -> None:
        self.session, self.settings, self.moment, self.firm = session, settings, now, firm
        self.loaded: LoadedEdition = current_edition(session, firm.bank)

    def tell(self) -> FirmSummary:
        """Begin, fill in, submit, share and correct, as far as this firm has come."""
        firm, began = self.firm, self._ago(self.firm.started_ago)
        if self.loaded.id is None:
            raise LookupError("an edition that was published has a row")
        mine = assessment_services.start_assessment(self.session, self.loaded.id, quick=firm.quick, now=began).id
        resume = make_resume_link(self.session, mine, began, pin=firm.pin).token
        self._fill_in(mine, began)
        if firm.submitted_ago is None:
            return FirmSummary(firm, "being filled in", resume, ())
        sent = self._ago(firm.submitted_ago)
        submission = self._submit(mine, sent)
        shared = max(sent, self._ago(SHARED_DAYS_AGO))
        buyers = tuple(
            (note, make_buyer_link(self.session, submission, shared, note=note).token) for note in firm.shared_with
        )
        for note in firm.no_longer_with:
            ended = make_buyer_link(self.session, submission, shared, note=note)
            end_buyer_link(self.session, mine, ended.id, shared + timedelta(days=1))
        return FirmSummary(firm, self._correct(mine, sent), resume, buyers)

    def _ago(self, days: int) -> datetime:
        return self.moment - timedelta(days=days)

    def _fill_in(self, mine: uuid.UUID, at: datetime) -> None:
        said = self._answers()
        assessment_services.save_answers(self.session, mine, said, {}, at)
        proven = [name for number, name in enumerate(sorted(said)) if number % 10 < EVIDENCE_OF_TEN]
        assessment_services.save_evidence(self.session, mine, proven, proven, at)
        if self.firm.sections is None:
            about: dict[assessment_services.BusinessDetail, str | None] = {
                "name": self.firm.name, "area": self.settings.areas[0], "postcode": self.firm.postcode
            }  # fmt: skip
            assessment_services.save_business_details(self.session, mine, about, {}, at)
            assessment_services.save_gates(self.session, mine, {"foreign": False, "large": False}, {}, at)
            assessment_services.save_facts(self.session, mine, DEMO_FACTS, {}, at)

    def _answers(self) -> dict[str, AnswerValue]:
        """The answers of the worked example, as far as its questions are asked and its sections were reached."""
        examples = {one.title: one for one in compile_bank(bundled_files(), self.firm.bank).examples}
        edition = quick_edition(self.loaded.edition) if self.firm.quick else self.loaded.edition
        reached = [question.id for section in edition.sections[: self.firm.sections] for question in section.questions]
        said = examples[self.firm.example].answers
        return {name: said[name] for name in reached if name in said}

    def _submit(self, mine: uuid.UUID, at: datetime) -> Submission:
        return submit_assessment(self.session, mine, lambda said: self._record(said, at), at)

    def _record(self, said: assessment_services.AssessmentContent, at: datetime) -> JsonDict:
        day, ours = uk_date(at), self.settings
        operator = Operator(ours.operator, ours.operator_contact or "", ours.operator_complaints or "")
        return build_assessment_record(
            said, self.loaded, settings_from(bundled_files(), day), operator=operator, today=day
        )

    def _correct(self, mine: uuid.UUID, at: datetime) -> str:
        """Begin a correction, and submit it where an answer was corrected. Returns where the firm stands then."""
        if self.firm.mended is None:
            return "submitted"
        later = at + timedelta(days=2)
        reopen_assessment(self.session, mine, later)
        if not self.firm.mended:
            return "submitted, being corrected"
        seen = {name: stored.revision for name, stored in assessment_services.get_answers(self.session, mine).items()}
        assessment_services.save_answers(self.session, mine, self.firm.mended, seen, later)
        self._submit(mine, later)
        return "submitted, corrected"
