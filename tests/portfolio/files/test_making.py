from __future__ import annotations

from assess.portfolio.files.models import FileState
from tests.portfolio.files.conftest import Council


def test_a_bundle_is_made_and_nothing_is_printed_twice(council: Council, press: list[str]) -> None:
    first = council.order()
    council.work()
    made = council.file(first)
    assert (made.state, made.done, made.total, len(press)) == (FileState.READY, 3, 3, 3)
    again = council.order()
    assert again != first
    council.work()
    assert council.file(again).state is FileState.READY
    assert len(press) == 3
