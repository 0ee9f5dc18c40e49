"""Whether one changed text of a bank is one changed line, and every comment stays: at random places of the real files.

Run: python -m benchmarks.bench_rewriting [EDITS, else 200].
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from random import Random

from tests.engine import real_banks
from tests.text_edits import one_text_changed

EDITS = 200


def main() -> None:
    """Try them and print what was not as it should be."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else EDITS
    rnd, began = Random(20261126), time.perf_counter()
    files = [*(f"{bank}.yaml" for bank in real_banks.BANKS), "common/core.yaml", "duties/uk.yaml", "dimensions.yaml"]
    trips = Counter(one_text_changed(rnd, real_banks.bank_files().files[rnd.choice(files)].text) for _ in range(count))
    for trip, times in trips.items():
        print(f"{times} edits: {trip}")
    print(f"{count} edits, {(time.perf_counter() - began) / count:.2f} s each")


if __name__ == "__main__":
    main()
