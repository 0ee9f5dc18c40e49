from __future__ import annotations

import uuid

import pytest

from assess.banks.drafts.keeping import DraftError, SheetTakenError
from assess.banks.rewriting import RewriteError
from assess.banks.yaml_lines import UnreadableError
from assess.editor.changing import MovedOnError
from assess.editor.refusals import GONE, UNREADABLE, UNWRITABLE, Refused, refusal

OTHER = uuid.uuid4()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (MovedOnError({"id": "x"}), Refused("Somebody else changed this since you opened it.", {"id": "x"})),
        (MovedOnError(None), Refused(GONE)),
        (SheetTakenError("shop.yaml", OTHER), Refused("shop.yaml is being changed in another draft.", None, OTHER)),
        (DraftError("It is published."), Refused("It is published.")),
        (RewriteError(), Refused(UNWRITABLE)),
        (UnreadableError("BANK004", 3, "A colon is missing."), Refused(UNREADABLE)),
    ],
)
def test_each_thing_in_the_way_is_told(fault: DraftError, told: Refused) -> None:
    assert refusal(fault) == told
