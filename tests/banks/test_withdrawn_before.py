"""An edition that was withdrawn before a second person was asked for waits for one as well."""

from __future__ import annotations

from sqlalchemy import select, text

from assess.banks.editions import held_back, withdrawals
from assess.banks.models import Withdrawal
from assess.kit.db import Database
from assess.kit.migrations import upgrade_to_head

EDITION = "INSERT INTO edition (id, bank, number, stage, source, compiled, digest, published_at) VALUES "
EVENT = "INSERT INTO edition_event (id, edition_id, stage, at) VALUES "
DAY = "'2026-11-01 09:00:00+00:00'"


def test_it_waits_and_its_text_is_held_back(empty_url: str) -> None:
    database = Database(empty_url)
    upgrade_to_head(database.engine, revision="0036")
    with database.engine.begin() as connection:
        for number, stage in ((1, "published"), (2, "withdrawn")):
            said = f"({number}, 'shop', {number}, '{stage}', '{{}}', '{{}}', '{number}', {DAY})"
            connection.execute(text(EDITION + said.replace(":", r"\:")))
        for event, edition, stage in (
            (1, 1, "published"),
            (2, 2, "withdrawn"),
            (3, 2, "published"),
            (4, 2, "withdrawn"),
        ):
            connection.execute(text(EVENT + f"({event}, {edition}, '{stage}', {DAY})".replace(":", r"\:")))
    upgrade_to_head(database.engine)
    with database.reading() as look:
        assert [(row.event_id, row.edition_id) for row in look.scalars(select(Withdrawal))] == [(4, 2)]
        assert [(bank, number) for _, bank, number in withdrawals(look)] == [("shop", 2)]
        assert held_back(look) == {"shop"}
    database.close()
