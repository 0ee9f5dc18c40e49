"""A list of suppliers from its file to the last letter, while the workers are killed on the way."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from assess.core.jobs.worker import Supervisor
from assess.core.models import OutgoingMail
from assess.suppliers.models import (
    ImportOutcome,
    ImportState,
    Supplier,
    SupplierImport,
    SupplierImportRow,
    SupplierInvitation,
)
from tests.identity.accounts_factory import sign_in
from tests.mail_servers import MailServer
from tests.suppliers.supplier_import.conftest import Office
from tests.suppliers.supplier_import.supplier_lists import BAD, a_list, as_csv, as_xlsx

WORKER_SCRIPT = Path(__file__).with_name("worker_process.py")


@dataclass(frozen=True)
class Figures:
    """What one list came to. Seconds; `letters` that arrived for `good` suppliers, some of them maybe twice."""

    good: int
    kills: int
    read: float
    done: float
    letters: int


@dataclass
class Killing:
    """An office, its workers and where its letters arrive."""

    office: Office
    crew: Supervisor
    postbox: MailServer
    kills: int = 0

    def ask_all(self, size: int) -> Figures:
        """Send in a list of so many rows, kill a worker twice while it asks and once while letters go, and look at what came of it."""
        good = size - BAD
        rows, bad = a_list(size)
        began = time.monotonic()
        page = self.office.send("suppliers.xlsx", as_xlsx(rows))
        read = time.monotonic() - began
        assert f"{good} rows are good. {BAD} rows have to be repaired." in page.text
        told = [item.get_text() for item in page.soup.select(".assess-faulty li")]
        assert [int(re.findall(r"Row (\d+), ", text)[0]) for text in told] == bad
        self.office.visit.send("/confirm")
        began = time.monotonic()
        self.until(lambda: self.asked() > 0)
        self.kill()
        at_first_kill = self.asked()
        assert at_first_kill < good, "it was killed in the middle"
        self.until(lambda: self.asked() > at_first_kill)
        self.kill()
        self.until(lambda: self.asked() == good and len(self.postbox.envelopes) > good // 10)
        self.kill()
        self.until(lambda: self.waiting_mails() == 0)
        done = time.monotonic() - began
        sent = Counter(to for _from, (to,) in self.postbox.envelopes)
        ids = {
            (envelope[1][0], str(mail["Message-ID"]))
            for envelope, mail in zip(self.postbox.envelopes, self.postbox.mails, strict=True)
        }
        assert len(sent) == len(ids) == good, "whoever got it again got it under the same name"
        assert sum(sent.values()) <= good + self.kills, "at most the letters in flight at a kill came again"
        with self.office.database.reading() as session:
            assert session.scalar(select(func.count()).select_from(Supplier)) == good
            asked_each = session.scalars(
                select(func.count(SupplierInvitation.id)).group_by(SupplierInvitation.supplier_id)
            )
            assert set(asked_each) == {1}
        return Figures(good, self.kills, read, done, sum(sent.values()))

    def again_is_nothing(self, size: int) -> None:
        """The same list again, saved as CSV: nobody is added, asked or written to."""
        good, office, letters = size - BAD, self.office, len(self.postbox.envelopes)
        sign_in(
            office.visit, office.app, office.jo
        )  # the workers live today, and ended what began on the day of the tests
        page = office.send("suppliers.csv", as_csv(a_list(size)[0], separator=";", letters="utf-16"))
        assert f"{good} suppliers were asked before and will not be asked again." in page.text
        page = office.visit.send("/confirm")
        self.until(self.all_done)
        assert f"{good} suppliers: asked before, so not asked again" in office.visit(page.address).text
        with office.database.reading() as session:
            assert session.scalar(select(func.count()).select_from(Supplier)) == good
            assert session.scalar(select(func.count()).select_from(SupplierInvitation)) == good
        assert len(self.postbox.envelopes) == letters

    def asked(self) -> int:
        """Rows whose supplier was asked."""
        with self.office.database.reading() as session:
            return session.scalar(select(func.count()).where(SupplierImportRow.outcome == ImportOutcome.ASKED)) or 0

    def waiting_mails(self) -> int:
        """Letters that are written and have not left."""
        with self.office.database.reading() as session:
            return (
                session.scalar(select(func.count()).select_from(OutgoingMail).where(OutgoingMail.sent_at.is_(None)))
                or 0
            )

    def all_done(self) -> bool:
        """Whether nothing of any list is left to do."""
        with self.office.database.reading() as session:
            return set(session.scalars(select(SupplierImport.state))) == {ImportState.DONE}

    def kill(self) -> None:
        """Kill the workers there are."""
        self.kills += 1
        for pid in self.crew.processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def until(self, true: Callable[[], object], seconds: float = 600) -> None:
        """Keep workers running until this is so."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end
            self.crew.keep()
            time.sleep(0.05)
