"""What a plan costs: beside WeasyPrint alone, beside another checkout, cold and warm, a hundred on two cores, and as it grows.

Run: python -m benchmarks.bench_plan [part …] [--before CHECKOUT]; parts are ratio, before, clock, growth and hundred. Processor time,
taking turns; the middle of several rounds is compared. The command ends with 1 when a ratio is above its limit. `before` needs the
folder of a checkout, c9f2479a for the limits that stand here: git archive c9f2479a | tar -x -C CHECKOUT. Served files are in bench_store.py.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path

from assess.core.pdf import html_to_pdf, load_weasyprint
from assess.plans.copies import Record
from assess.plans.print_html import copy_html
from benchmarks.plan_jobs import LIMIT, QUICK, job_of, plan_records
from tests.plans.printed_pdfs import render_copy
from tests.plans.records import SCENARIOS, scenario

HERE = Path(__file__).parents[1]
CASES = (("farming", "farming low"), ("car_washes", "car_washes critical"))
ROUNDS = 5
MOST = 1.05
"""From the record, beside WeasyPrint alone on our finished page."""
MOST_OF_BEFORE, MOST_OF_BEFORE_QUICK = 0.5, 0.8
"""Of the longest plan, and of a quick check, in a new process, beside the same in the other checkout."""
PLANS = 100
SIZES = (10, 40, 160)


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one run: the machine may be busy with other things."""
    start = time.process_time()
    work()
    return time.process_time() - start


def taking_turns(ours: Callable[[], object], theirs: Callable[[], object]) -> float:
    """The middle of the ratios of each round. Whoever went first goes second the next time."""
    ratios = []
    for turn in range(ROUNDS):
        times = {}
        for work in (ours, theirs) if turn % 2 else (theirs, ours):
            gc.collect()  # nobody tidies up after the other
            times[work] = seconds(work)
        ratios.append(times[ours] / times[theirs])
    return statistics.median(ratios)


def bare(html: str) -> bytes:
    """WeasyPrint alone."""
    made: bytes = load_weasyprint().HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")
    return made


def ratio() -> bool:
    """From the record to the file, beside WeasyPrint alone on the finished page."""
    worst = 0.0
    for bank, title in CASES:
        record = scenario(bank, title)
        html = copy_html(record, "business")
        bare(html)
        found = taking_turns(lambda record=record: render_copy(record, "business"), lambda html=html: bare(html))  # type: ignore[misc]  # a default binds the case
        worst = max(worst, found)
        print(f"plan: {title}: from the record / WeasyPrint alone on our page: {found:.3f}")
    print(f"plan: worst ratio {worst:.3f}, at most {MOST}")
    return worst <= MOST


def in_a_process_of_its_own(job: bytes, checkout: Path = HERE) -> float:
    """Print as a worker has it done. Returns seconds of processor, that of the start included."""
    environment = os.environ | {"PYTHONPATH": str(checkout), "PYTHONHASHSEED": "0"}
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        source.write(job)
        source.seek(0)
        command = [sys.executable, "-m", "assess.core.pdf", "60"]
        process = subprocess.Popen(command, stdin=source, stdout=target, env=environment, cwd="/")
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        target.seek(0)
        if process.returncode or target.read(5) != b"%PDF-":
            raise SystemExit("The renderer wrote no file.")
    return used.ru_utime + used.ru_stime


def before(checkout: Path | None) -> bool:
    """A plan in a new process, beside the same answers in another checkout: its own engine, page and renderer."""
    if checkout is None:
        print("plan: not held against the plan before: that needs --before CHECKOUT")
        return True
    with tempfile.TemporaryDirectory() as folder:
        path = os.pathsep.join(map(str, (checkout.resolve(), HERE)))
        command = [sys.executable, "-m", "benchmarks.plan_jobs", folder]
        subprocess.run(command, env=os.environ | {"PYTHONPATH": path}, cwd=checkout, check=True)
        theirs = {path.stem: path.read_bytes() for path in Path(folder).glob("*.json")}
    ours = {name: job_of(record) for name, record in plan_records().items()}
    longest = max((title for _, title in SCENARIOS), key=lambda title: len(theirs[title]))
    kept = True
    for name in (longest, LIMIT, *QUICK):
        most = MOST_OF_BEFORE_QUICK if name in QUICK else MOST_OF_BEFORE
        pairs = [
            (in_a_process_of_its_own(ours[name]), in_a_process_of_its_own(theirs[name], checkout))
            for _ in range(ROUNDS)
        ]
        found = statistics.median(one / other for one, other in pairs)
        new, old = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"plan: {name}: p50 cold {new:.2f} s, before {old:.2f} s: {found:.3f}, at most {most}")
        kept = kept and found <= most
    return kept


def clock() -> bool:
    """The middle time on the clock of a plan from its record: in a new process, and in one that has printed before."""
    for bank, title in CASES:
        record = scenario(bank, title)
        job = job_of(dict(record))
        render_copy(record, "business")
        cold: list[float] = []
        warm: list[float] = []
        for _ in range(ROUNDS):
            for work, times in (
                (lambda job=job: in_a_process_of_its_own(job), cold),
                (lambda record=record: render_copy(record, "business"), warm),
            ):
                start = time.perf_counter()
                work()
                times.append(time.perf_counter() - start)
        print(f"plan: {title}: p50 cold {statistics.median(cold):.2f} s, warm {statistics.median(warm):.2f} s")
    return True


def hundred() -> bool:
    """A hundred plans, each in a process of its own, two at once as the press allows."""
    jobs = [job_of(scenario(*case)) for case in CASES]
    start, before = time.perf_counter(), os.times()
    with ThreadPoolExecutor(2) as both:
        list(both.map(in_a_process_of_its_own, (jobs[number % len(jobs)] for number in range(PLANS))))
    took, after = time.perf_counter() - start, os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    print(
        f"plan: {PLANS} plans on two cores: {took:.0f} s by the clock, {spent:.0f} s of processor, {spent / PLANS:.2f} s each"
    )
    return True


def with_actions(record: Record, count: int) -> Record:
    """The record with so many actions: its own, again and again."""
    grown: dict[str, object] = deepcopy(dict(record))
    own = [action for action in record["actions"] if not action["held"]]
    actions = [{**own[number % len(own)], "id": f"A{number + 1}"} for number in range(count)]
    short: Mapping[str, object] = {**record["short_set"], "questions": [], "to_band": None, "reason": None}
    grown.update(
        actions=actions, do_first=[{"what": "action", "id": action["id"]} for action in actions], short_set=short
    )
    return grown


def growth() -> bool:
    """The time of a plan with 10, 40 and 160 actions: it must grow no faster than they do."""
    record, times = scenario("farming", "farming critical"), {}
    for count in SIZES:
        html = copy_html(with_actions(record, count), "business")
        html_to_pdf(html)
        times[count] = statistics.median(seconds(lambda html=html: html_to_pdf(html)) for _ in range(ROUNDS))  # type: ignore[misc]  # a default binds the case
    parts = ", ".join(f"{count} actions {took:.2f} s" for count, took in times.items())
    few, some, many = (times[count] for count in SIZES)
    slope = (many - some) / (SIZES[2] - SIZES[1]) / ((some - few) / (SIZES[1] - SIZES[0]))
    print(f"plan: {parts}; an action costs {slope:.2f} times as much among 160 as among 40")
    return slope < 1.5


PARTS: Mapping[str, Callable[[], bool]] = {"ratio": ratio, "clock": clock, "growth": growth, "hundred": hundred}


def main() -> int:
    """Measure, print, and say by the exit code whether every ratio is small enough."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument(
        "parts", nargs="*", metavar="part", help="ratio, before, clock, growth, hundred; all where none is named"
    )
    parser.add_argument("--before", type=Path, metavar="CHECKOUT", help="the folder of the checkout to hold it against")
    given = parser.parse_args()
    parts = {**PARTS, "before": lambda: before(given.before)}
    load_weasyprint()
    kept = [parts[name]() for name in given.parts or parts]  # every part is measured, whatever the one before found
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
