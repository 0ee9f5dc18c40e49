from __future__ import annotations

import re
from pathlib import Path

from assess.models import MODULES

CODE = Path(__file__).parents[1] / "assess"


def test_every_module_with_a_table_is_listed() -> None:
    with_tables = {
        ".".join(path.relative_to(CODE.parent).with_suffix("").parts)
        for path in CODE.rglob("*.py")
        if re.search(r"^    __tablename__ = ", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert {module.__name__ for module in MODULES} == with_tables
    assert len(MODULES) == 12
