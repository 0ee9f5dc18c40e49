"""An invented revision after ours, to prove what a revision does to rows."""

from __future__ import annotations

from pathlib import Path

from assess.core.migrations import head

_REVISION = """
from alembic import op
import sqlalchemy as sa
revision, down_revision, branch_labels, depends_on = "r9999", "{before}", None, None
{says}
def upgrade():
{body}
"""


def add_revision(folder: Path, body: str, says: str = "") -> None:
    """Put one into the folder of migrations of the fixture `revision`. `says`: what it declares, as `may_shrink = ("answer",)`."""
    written = _REVISION.format(
        before=(folder / "before").read_text(encoding="utf-8"),
        body="\n".join(f"    {line}" for line in body.splitlines()),
        says=says,
    )
    (folder / "versions" / "9999_more.py").write_text(written, encoding="utf-8")
    head.cache_clear()
