"""What a plan costs: beside WeasyPrint alone, beside one wide table, cold and warm, a hundred on two cores, and as it grows.

Run: python -m benchmarks.bench_plan [part …]; parts are ratio, table, clock, hundred and growth. Processor time, taking turns;
the middle of several rounds is compared. The command ends with 1 when a ratio is above its limit. Served files are in bench_store.py.
"""

from __future__ import annotations

import base64
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import asdict
from datetime import date
from html import escape

from assess.core.pdf import html_to_pdf, load_weasyprint
from assess.engine.assessing import EngineInput, assess
from assess.engine.record import Operator, RecordOrganisation, make_record
from assess.plans.copies import Record
from assess.plans.plan_page import business_plan
from assess.plans.print_html import attached_files, copy_html
from assess.question_banks.files import bundled_files
from assess.question_banks.reader import compile_bank, load_bank
from assess.question_banks.settings import settings_from
from tests.plans.printed_pdfs import render_copy

DAY = date(2026, 11, 24)
CASES = (("farming", "farming low"), ("car_washes", "car_washes critical"))
ROUNDS = 5
MOST = 1.05
"""From the record, beside WeasyPrint alone on our finished page."""
MOST_OF_A_TABLE = 0.7
"""Our page, beside the same words in one wide table that measures its columns by what is in them."""
PLANS = 100
SIZES = (10, 40, 160)


def record_of(bank: str, title: str) -> Record:
    """The record of a worked example."""
    loaded = load_bank(bundled_files(), bank)
    example = next(one for one in compile_bank(bundled_files(), bank).examples if one.title == title)
    said, settings = EngineInput(example.answers, {}), settings_from(bundled_files(), DAY)
    made = make_record(
        loaded.edition,
        loaded.ref,
        said,
        assess(loaded.edition, said, settings, DAY),
        settings,
        RecordOrganisation("Fen Edge Growers Ltd", "norfolk"),
        Operator("The Network", "", ""),
        DAY,
    )
    back: Record = json.loads(json.dumps(made))
    return back


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
        record = record_of(bank, title)
        html = copy_html(record, "business")
        bare(html)
        found = taking_turns(lambda record=record: render_copy(record, "business"), lambda html=html: bare(html))  # type: ignore[misc]  # a default binds the case
        worst = max(worst, found)
        print(f"plan: {title}: from the record / WeasyPrint alone on our page: {found:.3f}")
    print(f"plan: worst ratio {worst:.3f}, at most {MOST}")
    return worst <= MOST


WIDE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Plan</title><style>
@page { size: A4; margin: 18mm } html { font: 12pt/1.4 "Noto Sans" } table { border-collapse: collapse; width: 100% }
td, th { border: 0.2mm solid #6b7775; padding: 0.5mm 1mm; text-align: left; vertical-align: top }
</style></head><body><h1>Plan</h1>"""


def cards_only(record: Record) -> str:
    """Our page with nothing but the cards of the register."""
    html = copy_html(record, "business")
    head, body = html.split("<body>")
    cards = body[body.index('<h3 class="govuk-heading-s plan-group">') :]
    return f"{head}<body><h1>Plan</h1><h2>What to do</h2>{cards[: cards.index('</section>', cards.rindex('plan-card'))]}</body></html>"


def wide_table(record: Record) -> str:
    """The same words as `cards_only` in one table, with a column for each thing a card says."""
    rows = []
    for item in business_plan(record).action_list.items:
        why = " ".join(part for part in (item.asked, item.answered, item.reason) if part)
        cells = (
            str(item.number),
            item.do,
            why,
            item.basis,
            item.gain,
            item.effort,
            item.owner,
            item.due,
            item.evidence,
        )
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    names = ("No.", "What to do", "Why", "Basis", "Gain", "Effort", "Who", "When", "Proof", "By whom", "By", "Done on")
    head = "".join(f"<th>{name}</th>" for name in names)
    return f"{WIDE}<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></body></html>"


def table() -> bool:
    """Cards beside one wide table with the same words."""
    worst = 0.0
    for bank, title in CASES[1:]:
        record = record_of(bank, title)
        ours, theirs = cards_only(record), wide_table(record)
        bare(ours)
        found = taking_turns(lambda ours=ours: bare(ours), lambda theirs=theirs: bare(theirs))  # type: ignore[misc]  # a default binds the case
        worst = max(worst, found)
        print(f"plan: {title}: register as cards / as one wide table: {found:.3f}")
    print(f"plan: worst ratio {worst:.3f}, at most {MOST_OF_A_TABLE}")
    return worst <= MOST_OF_A_TABLE


def in_a_process_of_its_own(job: bytes) -> None:
    """Print at the press as a worker does it."""
    command = [sys.executable, "-m", "assess.core.pdf", "60"]
    done = subprocess.run(command, input=job, capture_output=True, check=True)
    if not done.stdout.startswith(b"%PDF-"):
        raise SystemExit("The press wrote no file.")


def clock() -> bool:
    """The middle time on the clock of a plan from its record: in a new process, and in one that has printed before."""
    for bank, title in CASES:
        record = record_of(bank, title)
        files = [
            {**asdict(file), "content": base64.b64encode(file.content).decode()}
            for file in attached_files(record, "business")
        ]
        job = json.dumps({"page": copy_html(record, "business"), "attached": files}).encode()
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
    jobs = [json.dumps({"copy": "business", "record": record_of(*case)}).encode() for case in CASES]
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
    record, times = record_of("farming", "farming critical"), {}
    for count in SIZES:
        html = copy_html(with_actions(record, count), "business")
        html_to_pdf(html)
        times[count] = statistics.median(seconds(lambda html=html: html_to_pdf(html)) for _ in range(ROUNDS))  # type: ignore[misc]  # a default binds the case
    parts = ", ".join(f"{count} actions {took:.2f} s" for count, took in times.items())
    few, some, many = (times[count] for count in SIZES)
    slope = (many - some) / (SIZES[2] - SIZES[1]) / ((some - few) / (SIZES[1] - SIZES[0]))
    print(f"plan: {parts}; an action costs {slope:.2f} times as much among 160 as among 40")
    return slope < 1.5


PARTS: Mapping[str, Callable[[], bool]] = {
    "ratio": ratio,
    "table": table,
    "clock": clock,
    "growth": growth,
    "hundred": hundred,
}


def main(wanted: list[str]) -> int:
    """Measure, print, and say by the exit code whether every ratio is small enough."""
    load_weasyprint()
    kept = [PARTS[name]() for name in wanted or PARTS]  # every part is measured, whatever the one before found
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
