from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from typing import Any

import pytest

from assess.plans.document import business_plan
from assess.plans.pages import to_html
from assess.plans.printing import press
from assess.plans.printing.fonts import FontsUnavailableError
from assess.plans.printing.pdf import to_pdf
from assess.plans.register.state import ItemState, state_as_data
from tests.plans.records import scenario


def job(copy: str = "wall") -> io.BytesIO:
    return io.BytesIO(json.dumps({"copy": copy, "record": scenario("farming", "farming low")}).encode())


def test_a_job_comes_out_as_the_file_of_its_copy() -> None:
    target = io.BytesIO()
    assert press.press(job(), target) == 0
    assert target.getvalue() == to_pdf(to_html(scenario("farming", "farming low"), "wall"))


def test_a_finished_page_is_printed_as_it_stands() -> None:
    html = '<html lang="en-GB"><head><title>Paper</title></head><body><h1>Paper</h1></body></html>'
    target = io.BytesIO()
    assert press.press(io.BytesIO(json.dumps({"page": html}).encode()), target) == 0
    assert target.getvalue() == to_pdf(html)


def test_the_state_of_the_register_is_printed_too() -> None:
    record = scenario("farming", "farming medium")
    open_one = next(item for item in business_plan(record).register.ordinary if item.what == "action")
    state = {open_one.key: ItemState(response="accepted", status="done", revision=1)}
    source = io.BytesIO(json.dumps({"copy": "wall", "record": record, "state": state_as_data(state)}).encode())
    target = io.BytesIO()
    assert press.press(source, target) == 0
    assert target.getvalue() == press.printed_copy(record, "wall", state)
    assert target.getvalue() != press.printed_copy(record, "wall")


def test_what_is_missing_is_said_in_one_sentence_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(*_: object) -> bytes:
        raise FontsUnavailableError("No fonts.")

    monkeypatch.setattr(press, "to_pdf", missing)
    target = io.BytesIO()
    assert press.press(job(), target) == press.CANNOT
    assert target.getvalue() == b""
    assert capsys.readouterr().err == "No fonts.\n"


LIMITED = "from assess.plans.printing import press; press.limit_this_process(20); "


def run(code: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-c", LIMITED + code], capture_output=True, check=False, timeout=30)


@pytest.mark.parametrize(
    ("greedy", "why"),
    [
        ("bytearray(2 * 1024**3)", b"MemoryError"),
        ("[open('/dev/null') for _ in range(100)]", b"Too many open files"),
    ],
)
def test_what_printing_does_not_need_is_taken_away(greedy: str, why: bytes) -> None:
    done = run(f"kept = {greedy}")
    assert done.returncode != 0
    assert why in done.stderr


def test_limits_are_those_of_the_child_and_it_stands_back_for_others() -> None:
    done = run(
        "import resource, os; "
        "print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0], os.nice(0))"
    )
    memory, seconds, nice = map(int, done.stdout.split())
    assert (memory, seconds) == (press.MEMORY, press.SECONDS_OF_WORK)
    assert nice >= min(19, os.nice(0) + 5)


def test_a_limit_the_system_does_not_know_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Any] = []

    def refuse(which: int, limits: Any) -> None:
        called.append((which, limits))
        raise ValueError("not supported")

    monkeypatch.setattr(press.resource, "setrlimit", refuse)
    monkeypatch.setattr(press.signal, "alarm", called.append)
    monkeypatch.setattr(press.os, "nice", called.append)
    press.limit_this_process(20)
    assert len(called) == 6
