"""How good and how dear the order of the steps is: what is proven, what it takes, and what simpler orders would cost more.

Run: python -m benchmarks.bench_plan_order. Regret is the share by which days of effort × score held meanwhile exceed the best order's.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from assess.engine.step_gains import MAX_SETS, PlanTask, best_order
from assess.engine.what_if import WhatIf
from tests.engine.real_banks import edition_of
from tests.plans.test_promised_gains import cost, groups_of, planned, submissions

CASES = 150
WIDE = 50 * MAX_SETS
"""So many sets are searched where the usual limit is not enough, for the regret of what is not proven."""


def by_the_letter(scores: WhatIf, done: Sequence[str], group: Sequence[PlanTask]) -> list[PlanTask]:
    """Gain per effort, each by itself."""
    now = scores.score(done)
    return sorted(group, key=lambda task: -(now - scores.score([*done, task.question])) / task.days)


def main() -> None:
    """Print one line for each measure."""
    times: list[float] = []
    letter: list[float] = []
    greedy: list[float] = []
    unproven: list[str] = []
    for bank, answers in submissions(CASES, seed=51):
        result, found = planned(bank, answers)
        scores = WhatIf.of(edition_of(bank), result)
        done: list[str] = []
        spent = 0.0
        for group in groups_of(edition_of(bank), found):
            began = time.perf_counter()
            order, exact = best_order(scores, done, group)
            spent += time.perf_counter() - began
            best = cost(scores, done, order if exact else best_order(scores, done, group, most_sets=WIDE)[0])
            if not exact:
                unproven.append(f"{len(group)} steps: {cost(scores, done, order) / best - 1:.3%}")
            letter.append(cost(scores, done, by_the_letter(scores, done, group)) / best - 1)
            greedy.append(cost(scores, done, best_order(scores, done, group, most_sets=0)[0]) / best - 1)
            done += [task.question for task in group]
        times.append(spent)
    times.sort()
    print(
        f"groups proven best: {len(letter) - len(unproven)} of {len(letter)}; regret of the others: {unproven or 'none'}"
    )
    print(f"a plan: p50 {times[len(times) // 2] * 1000:.1f} ms, most {times[-1] * 1000:.0f} ms")
    for name, regrets in (("gain alone per effort", letter), ("steepest step next", greedy)):
        print(f"{name}: regret mean {sum(regrets) / len(regrets):.3%}, most {max(regrets):.2%}")


if __name__ == "__main__":
    main()
