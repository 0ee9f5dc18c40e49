"""What a plan costs beside WeasyPrint alone on the same finished HTML, both in one run on one machine.

Run: python tests/bench/bench_plan.py. Ours starts from the record: view, templates, PDF, tags mended. Theirs gets the HTML ready
made. The two take turns, and the ratio of the shortest times must stay at 1.15 or below; the command ends with 1 above it.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from datetime import date

from assess.banks.folder import QUESTIONNAIRES
from assess.banks.reader import compile_bank, load_bank
from assess.banks.settings import settings_on
from assess.engine.assessing import Given, assess
from assess.engine.record import Operator, Organisation, make_record
from assess.plans.copies import Record
from assess.plans.pages import to_html
from assess.plans.printing.pdf import load_weasyprint, to_pdf

DAY = date(2026, 11, 24)
CASES = (("farming", "farming low"), ("car_washes", "car_washes critical"))
ROUNDS = 7
MOST = 1.15


def record_of(bank: str, title: str) -> Record:
    """The record of a worked example."""
    loaded = load_bank(QUESTIONNAIRES, bank)
    example = next(one for one in compile_bank(QUESTIONNAIRES, bank).examples if one.title == title)
    said, settings = Given(example.answers, {}), settings_on(QUESTIONNAIRES, DAY)
    return make_record(
        loaded.edition,
        loaded.ref,
        said,
        assess(loaded.edition, said, settings, DAY),
        settings,
        Organisation("Fen Edge Growers Ltd", "norfolk"),
        Operator("The Network", "", ""),
        DAY,
    )


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one run: the machine may be busy with other things."""
    start = time.process_time()
    work()
    return time.process_time() - start


def taking_turns(ours: Callable[[], object], theirs: Callable[[], object]) -> tuple[float, float]:
    """The shortest time of each: the others were disturbed. Whoever went first goes second the next time."""
    times: dict[Callable[[], object], list[float]] = {ours: [], theirs: []}
    for turn in range(ROUNDS):
        for work in (ours, theirs) if turn % 2 else (theirs, ours):
            gc.collect()  # nobody tidies up after the other
            times[work].append(seconds(work))
    return min(times[ours]), min(times[theirs])


def main() -> int:
    """Measure, print, and say by the exit code whether the ratio is small enough."""
    weasyprint = load_weasyprint()
    worst = 0.0
    for bank, title in CASES:
        record = record_of(bank, title)
        html = to_html(record, "business")
        to_pdf(html)

        def ours(record: Record = record) -> object:
            return to_pdf(to_html(record, "business"))

        def theirs(html: str = html) -> object:
            return weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")

        our_time, their_time = taking_turns(ours, theirs)
        worst = max(worst, our_time / their_time)
        print(
            f"plan: {title}: {our_time:.2f} s from the record, {their_time:.2f} s WeasyPrint alone, ratio {our_time / their_time:.3f}"
        )
    print(f"plan: worst ratio {worst:.3f}, at most {MOST}")
    return 0 if worst <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
