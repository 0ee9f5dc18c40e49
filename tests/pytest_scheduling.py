"""In which order tests run, and how they are shared out among the processes that run them.

Tests of one file stay in one process (those of each database apart): what a file makes once is made once, not once in each process.
Files that take long begin first: one that begins last keeps one core waiting for the other. Otherwise the order is a new one each time.
`tests/conftest.py` takes the hooks from here.
"""

from __future__ import annotations

import sys
from collections.abc import Generator, Sequence
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.long_runs import IS_LONG

WALKED_IN = {
    "test_buyers_and_suppliers.py": "no_javascript",
    "test_car_wash_owner.py": "no_javascript",
    "test_farm_office.py": "phone",
    "test_keeping_and_sharing.py": "phone",
    "test_keeping_banks.py": "no_javascript",
    "test_quick_check.py": "phone",
}
"""The kind of browser each long journey is walked in, but in a long run, where it is walked in both."""

FULL_OF_OTHERS_CODE = (
    "plans/test_attached_marks.py",
    "plans/test_every_copy.py",
    "plans/test_exports.py",
    "plans/test_wall_page.py",
)
"""Files of tests that print or calculate for long in libraries. Our own lines in them are run by other tests as well."""

LONG = (
    "cli/test_serve.py",
    "cli/test_worker.py",
    "core/jobs/test_worker.py",
    "identity/test_access_matrix.py",
    "identity/test_odd_integers.py",
    "plans/test_every_copy.py",
    "plans/test_pdf.py",
    "plans/test_print_job.py",
    "plans/test_telling_nothing.py",
    "sharing/test_paired_worlds.py",
    "test_killed.py",
)
"""Files that take long without a browser."""
ALONE = "tests/journeys/"
"""Each test of this folder takes as long as a file elsewhere."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave what is for a long run, begin with what takes longest, and count no lines while a library, a browser or a long property works."""
    left = [] if IS_LONG else left_for_a_long_run(items)
    if left:
        items[:] = [item for item in items if item not in left]
        config.hook.pytest_deselected(items=list(left))
    for item in items:
        is_thorough = item.get_closest_marker("thorough") is not None
        if is_thorough or takes_long(item) or item.path.as_posix().endswith(FULL_OF_OTHERS_CODE):
            item.add_marker("no_cover")
    items.sort(key=lambda item: (item.path.parent.name == "journeys", takes_long(item)), reverse=True)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Count no lines in what is marked `no_cover`. In a process of xdist pytest-cov counts twice, and stops but one of the two."""
    counting = sys.gettrace()
    if counting is None or item.get_closest_marker("no_cover") is None:
        return (yield)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(counting)


def left_for_a_long_run(items: Sequence[pytest.Item]) -> set[pytest.Item]:
    """What is marked `long`, and each journey in the second kind of browser, but only where it is walked in the first."""
    left = {item for item in items if item.get_closest_marker("long")}
    kinds = {item: kind for item in items if item not in left and (kind := walked_in(item))}
    first = {item for item, kind in kinds.items() if kind == WALKED_IN.get(item.path.name)}
    walked = {item.nodeid.replace(kinds[item], "") for item in first}
    return left | {
        item for item, kind in kinds.items() if item not in first and item.nodeid.replace(kind, "") in walked
    }


def walked_in(item: pytest.Item) -> str | None:
    """The kind of browser this journey is walked in."""
    if item.path.parent.name != "journeys":
        return None
    spec = getattr(item, "callspec", None)
    return None if spec is None else spec.params.get("context")


def takes_long(item: pytest.Item) -> bool:
    """Whether a person with a real browser is in this test, or a server, or a worker."""
    return "browser" in getattr(item, "fixturenames", ()) or item.path.as_posix().endswith(LONG)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Share out whole files, in the order in which they were put."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # it comes without types
    """A process takes all tests of a file that are about one database, and then the next such bundle."""

    def _split_scope(self, nodeid: str) -> str:
        return bundle_of(nodeid)


def bundle_of(nodeid: str) -> str:
    """The name of the bundle this test goes with."""
    if nodeid.startswith(ALONE):
        return nodeid
    path, _, name = nodeid.partition("::")
    _, _, case = name.partition("[")
    return f"{path} {'postgresql' if 'postgresql' in case else ''}"
