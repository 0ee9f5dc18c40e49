from __future__ import annotations

from datetime import datetime
from typing import get_args

import pytest

from assess.kit.db import Database
from assess.plans.copies import COPIES, Copy
from assess.plans.printing.kept import Printed, keep
from assess.plans.printing.standing import Standing
from assess.plans.printing.wanted import NAMES, TITLES, CopyFile
from assess.plans.register.state import NOTHING_YET
from tests.plans.records import scenario
from tests.plans.register.conftest import keep_record


def test_a_copy_is_ordered_and_then_there(database: Database, now: datetime) -> None:
    plan = keep_record(database, scenario(), now)
    wanted = CopyFile(plan.id, "wall")
    with database.writing() as session:
        assert wanted.standing(session, now) is Standing.NOT_ORDERED
        wanted.order(session, now)
        assert wanted.standing(session, now) is Standing.WAITING
        assert wanted.kept(session) is None
        keep(session, plan.id, "wall", Printed(plan.digest, NOTHING_YET, b"file"), now)
        found = wanted.kept(session)
        assert found is not None
        assert found.content == b"file"
        assert wanted.standing(session, now) is Standing.READY


@pytest.mark.parametrize("copy", COPIES)
def test_every_copy_has_a_title_and_a_neutral_dated_name(copy: Copy, now: datetime) -> None:
    wanted = CopyFile(1, copy)
    assert wanted.title == TITLES[copy]
    assert wanted.title.endswith("(PDF)")
    assert wanted.name(now) == f"{NAMES[copy]}-2026-11-24.pdf"
    assert not {"urgent", "sign", "critical", "slavery", "risk"} & set(NAMES[copy].split("-"))
    assert wanted.meanwhile.endswith(".")
    assert set(get_args(Copy)) == set(NAMES) == set(TITLES)
