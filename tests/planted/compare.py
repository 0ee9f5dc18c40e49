"""Hold two results side by side: `python -m tests.planted.compare before.json after.json`. Ends with 1 when a fault is no longer caught.

Each fault has the name it was chosen by in both, wherever it lives now; so they are compared one by one, not by their shares.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

CAUGHT = {"caught", "types"}


def outcomes(path: Path) -> Mapping[str, str]:
    """What became of each fault."""
    kept = json.loads(path.read_text(encoding="utf-8"))
    return {name: result["outcome"] for name, result in kept["results"].items()}


def lost(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Faults that were caught, are still there, and are not caught any more."""
    return sorted(
        name
        for name, outcome in before.items()
        if outcome in CAUGHT and after.get(name, "gone") not in CAUGHT | {"gone", "equivalent"}
    )


def main(given: Sequence[str] | None = None) -> None:
    """Print what has changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    said = parser.parse_args(given)
    before, after = outcomes(said.before), outcomes(said.after)
    for (was, now), number in sorted(Counter((before[name], after.get(name, "gone")) for name in before).items()):
        print(f"{number:4}  {was} -> {now}")
    for name in sorted(name for name in before if after.get(name, "gone") != before[name]):
        print(f"{name}: {before[name]} -> {after.get(name, 'gone')}")
    missing = lost(before, after)
    for name in missing:
        print(f"NO LONGER CAUGHT: {name}")
    sys.exit(bool(missing))


if __name__ == "__main__":
    main()
