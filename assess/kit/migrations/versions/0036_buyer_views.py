"""Whatever was made for buyers out of answers that can raise a sign goes: frozen copies, printed files, spreadsheets, rows of the board.

So do printed pages for the wall: some say that nothing is open. Frozen copies are made anew before the site starts, rows of the board with them. A code that stands on a copy of before still answers, with
the date alone. Counts of months keep their sums: the fourth band stood above high, and is counted as high.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None
may_shrink = ("share_file", "rendered", "summary_file", "standing_bar", "standing_good", "standing_duty")

_GONE = '{"format": 0}'


def upgrade() -> None:
    op.execute("DELETE FROM share_file")
    # a page for the wall may say that nothing is open, which nobody who reads it may believe
    op.execute("DELETE FROM rendered WHERE copy IN ('buyer', 'wall')")
    op.execute("DELETE FROM summary_file")
    op.execute(
        "UPDATE portfolio_file SET state = 'removed', content = NULL, size = NULL "
        "WHERE kind IN ('csv', 'xlsx') AND state = 'ready'"
    )
    op.execute("UPDATE check_code SET copy = copy || '_before' WHERE copy IN ('buyer', 'shared')")
    op.execute(f"UPDATE share_grant SET document = '{_GONE}'")  # noqa: S608  # our own words
    _board()
    _months()


def _board() -> None:
    for table in ("standing_bar", "standing_good", "standing_duty"):
        op.execute(f"DELETE FROM {table}")  # noqa: S608  # our own words
    op.execute("ALTER TABLE standing RENAME COLUMN provisional TO quick")
    op.execute(
        "UPDATE standing SET band = NULL, open_steps = 0, done_steps = 0, late_steps = 0, next_step_due = NULL, "
        "call_points = 100, call_reasons = '[]' WHERE grant_id IS NOT NULL OR answered_on IS NOT NULL"
    )


def _months() -> None:
    connection = op.get_bind()
    month = sa.table(
        "picture_month",
        sa.column("buyer_id", sa.Uuid()),
        sa.column("month", sa.Date()),
        sa.column("counts", sa.JSON(none_as_null=True)),
    )
    for row in connection.execute(sa.select(month)).all():
        counts = row.counts if isinstance(row.counts, dict) else json.loads(row.counts)
        bands = counts["bands"]
        if bands is None or "critical" not in bands:
            continue
        high = bands["high"] + bands["critical"]
        kept = {band: high if band == "high" else number for band, number in bands.items() if band != "critical"}
        connection.execute(
            sa.update(month)
            .where(month.c.buyer_id == row.buyer_id, month.c.month == row.month)
            .values(counts={**counts, "bands": kept})
        )
