"""Five hundred suppliers from a file to their letters, while the workers are killed on the way: each good one is asked once."""

from __future__ import annotations

import contextlib
import gc
import os
import re
import signal
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from assess.kit.config import Settings
from assess.kit.jobs.crew import Crew
from assess.kit.mail.models import Outgoing
from assess.suppliers.importing.models import Outcome, State, SupplierImport, SupplierImportRow
from assess.suppliers.models import Supplier, SupplierInvitation
from tests.people.persons import sign_in
from tests.postboxes import Postbox, serving, settings_that_mail
from tests.suppliers.importing.conftest import Office
from tests.suppliers.importing.lists import a_list, as_csv, as_xlsx

pytestmark = [
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
    pytest.mark.xdist_group("workers"),
    pytest.mark.thorough,
]
SIZE, GOOD = 500, 470
WORKSHOP = Path(__file__).with_name("workshop.py")


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """As everywhere; the ends of lines that were cut when a worker was killed are let go here, without a warning."""
    with serving(Postbox()) as box:
        yield box
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def settings(banks_url: str, tmp_path: Path, postbox: Postbox) -> Settings:
    return settings_that_mail(banks_url, tmp_path, postbox)


@pytest.fixture
def crew(banks_url: str, postbox: Postbox) -> Iterator[Crew]:
    """A worker, started again whenever it is gone."""
    made = Crew([sys.executable, str(WORKSHOP), banks_url, postbox.address], 1, os.environ | {"HASTE": "2"})
    yield made
    kill(made)
    made.wait(5)


def kill(crew: Crew) -> None:
    for pid in crew.processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def until(true: Callable[[], object], crew: Crew, seconds: float = 600) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        crew.keep()
        time.sleep(0.5)


def test_four_hundred_and_seventy_are_asked_once_though_workers_are_killed(
    app: Flask, open_office: Callable[[Flask], Office], crew: Crew, postbox: Postbox, capsys: pytest.CaptureFixture[str]
) -> None:
    office = open_office(app)
    rows, bad = a_list(SIZE)
    began = time.monotonic()
    page = office.send("suppliers.xlsx", as_xlsx(rows))
    read = time.monotonic() - began
    assert f"{GOOD} rows are good. 30 rows have to be repaired." in page.text
    told = [item.get_text() for item in page.soup.select(".assess-faulty li")]
    assert [int(re.findall(r"Row (\d+), ", text)[0]) for text in told] == bad

    def asked() -> int:
        with office.database.reading() as look:
            return look.scalar(select(func.count()).where(SupplierImportRow.outcome == Outcome.ASKED)) or 0

    def waiting_mails() -> int:
        with office.database.reading() as look:
            return look.scalar(select(func.count()).select_from(Outgoing).where(Outgoing.sent_at.is_(None))) or 0

    page = office.visit.send("/confirm")
    began = time.monotonic()
    until(lambda: asked() >= 25, crew)
    kill(crew)
    at_first_kill = asked()
    until(lambda: asked() > at_first_kill, crew)
    kill(crew)
    assert at_first_kill < GOOD, "it was killed in the middle"
    until(lambda: asked() == GOOD and len(postbox.envelopes) > GOOD // 10, crew)
    kill(crew)
    until(lambda: waiting_mails() == 0, crew)
    with capsys.disabled():
        print(f"[read in {read:.1f} s; {GOOD} asked and written to in {time.monotonic() - began:.1f} s]", end=" ")
    sent = Counter(to for _from, (to,) in postbox.envelopes)
    ids = {
        (envelope[1][0], str(mail["Message-ID"]))
        for envelope, mail in zip(postbox.envelopes, postbox.mails, strict=True)
    }
    assert len(sent) == len(ids) == GOOD, "whoever got it again got it under the same name"
    assert sum(sent.values()) <= GOOD + 3, "at most the letters in flight at a kill came again"
    with office.database.reading() as look:
        assert look.scalar(select(func.count()).select_from(Supplier)) == GOOD
        asked_each = look.scalars(select(func.count(SupplierInvitation.id)).group_by(SupplierInvitation.supplier_id))
        assert set(asked_each) == {1}
    again_is_nothing(office, crew, rows, postbox)


def again_is_nothing(office: Office, crew: Crew, rows: list[list[str]], postbox: Postbox) -> None:
    """The same file again, saved as CSV: nobody is added, asked or written to."""
    letters = len(postbox.envelopes)
    sign_in(office.visit, office.app, office.jo)  # the workers live today, and ended what began on the day of the tests
    page = office.send("suppliers.csv", as_csv(rows, separator=";", letters="utf-16"))
    assert f"{GOOD} suppliers were asked before and will not be asked again." in page.text
    page = office.visit.send("/confirm")

    def all_done() -> bool:
        with office.database.reading() as look:
            return set(look.scalars(select(SupplierImport.state))) == {State.DONE}

    until(all_done, crew)
    assert f"{GOOD} suppliers: asked before, so not asked again" in office.visit(page.address).text
    with office.database.reading() as look:
        assert look.scalar(select(func.count()).select_from(Supplier)) == GOOD
        assert look.scalar(select(func.count()).select_from(SupplierInvitation)) == GOOD
    assert len(postbox.envelopes) == letters
