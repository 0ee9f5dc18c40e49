from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from assess.kit.audit.models import AuditEvent
from assess.kit.config import Settings
from assess.kit.db import Database
from assess.suppliers.models import Status, SupplierInvitation
from assess.suppliers.other_results.keeping import accept, tell
from assess.suppliers.other_results.running_out import end_other_results
from tests.conftest import TODAY
from tests.suppliers.makers import later
from tests.suppliers.other_results.test_keeping import GRASP, asked


@dataclass
class Night:
    """What the job is given, a day later."""

    database: Database
    settings: Settings

    def now(self) -> datetime:
        return later(1)

    def progress(self, done: int, total: int) -> None:
        """Nobody watches."""


def test_the_job_of_the_night_ends_what_is_over_and_leaves_one_event(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        accept(session, tell(session, asked(session), GRASP, TODAY), TODAY.date(), TODAY, by=None, name="Ann")
    for _ in range(2):
        end_other_results(Night(database, Settings(env="development", data_folder=tmp_path)))
    with database.reading() as look:
        assert look.scalars(select(SupplierInvitation.status)).one() is Status.INVITED
        event = look.scalars(select(AuditEvent)).one()
        assert (event.action, event.details) == ("suppliers.manage: ended", {"count": 1})
