"""The one list of background jobs is whole: a job that is ordered and not listed would be set aside in production."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import assess
from assess import jobs

CODE = Path(assess.__path__[0])


def jobs_ordered() -> set[str]:
    """The names that are given to `enqueue` anywhere in the code, read from the constants of the modules that order."""
    names = set()
    for path in CODE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not any(
            isinstance(node, ast.ImportFrom) and node.module == "assess.core.jobs.services" for node in ast.walk(tree)
        ):
            continue
        given = {
            node.args[1].id
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "enqueue"
            and len(node.args) > 1
            and isinstance(node.args[1], ast.Name)
        }
        module = ".".join(path.relative_to(CODE.parent).with_suffix("").parts)
        here = __import__(module, fromlist=["_"])
        names |= {getattr(here, name) for name in given}
    return names


def test_every_job_that_is_ordered_is_listed_and_no_other_is() -> None:
    assert jobs_ordered() == {kind.name for kind in jobs.ON_DEMAND}


def test_every_name_and_every_function_stands_once() -> None:
    assert [name for name, count in Counter(kind.name for kind in jobs.JOBS).items() if count > 1] == []
    assert len({kind.run for kind in jobs.JOBS}) == len(jobs.JOBS)


def test_what_is_ordered_is_not_due_by_itself_and_the_rest_is() -> None:
    assert [kind.name for kind in jobs.ON_DEMAND if kind.timetable] == []
    assert [kind.name for kind in jobs.DAILY if kind.timetable is None] == []


def test_every_function_with_work_to_do_is_listed() -> None:
    taking = {
        f"{'.'.join(path.relative_to(CODE.parent).with_suffix('').parts)}.{node.name}"
        for path in CODE.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and node.args.args
        and node.args.args[0].arg == "context"
        and isinstance(node.args.args[0].annotation, ast.Name)
        and node.args.args[0].annotation.id == "JobContext"
    }
    assert taking == {f"{kind.run.__module__}.{kind.run.__qualname__}" for kind in jobs.JOBS}
