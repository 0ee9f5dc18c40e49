"""Choose the faults, once: `python -m tests.planted.choose`. Whoever chooses anew can no longer compare with what was found before.

As many for each package, as different as it offers: operators take turns, and no function gets two.
"""

from __future__ import annotations

import argparse
import ast
import random
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from tests.planted.faults import FAULTS, Chosen, Fault, functions
from tests.planted.operators import OPERATORS, changes

ROOT = Path(__file__).parents[2]
CODE = "assess"
ALTOGETHER = 200
OF_EACH_PACKAGE = 18
SEED = 20261130
NOT_PLANTED = (
    "assess/core/migrations/",
    "assess/core/logs.py",
    "assess/core/assets.py",
    "assess/core/audit/services.py",
)
"""Migrations, logs, what fetches libraries, lists of words."""
NAMES_NOT_PLANTED = ("words", "wording", "glossary", "names_of")
"""Beginnings of the names of modules that hold texts."""


def possible(root: Path) -> dict[str, dict[str, list[Fault]]]:
    """Every fault that could be planted: by package, then by operator."""
    found: dict[str, dict[str, list[Fault]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted((root / CODE).rglob("*.py")):
        place = path.relative_to(root)
        package = place.parts[1]
        if len(place.parts) < 3 or place.as_posix().startswith(NOT_PLANTED) or place.stem.startswith(NAMES_NOT_PLANTED):
            continue
        module = ".".join(place.with_suffix("").parts).removesuffix(".__init__")
        for name, function in functions(ast.parse(path.read_text(encoding="utf-8"))):
            for operator in OPERATORS:
                found[package][operator] += [
                    Fault(f"{module}:{name}", operator, number, change.before, change.after)
                    for number, change in enumerate(changes(function, operator))
                ]
    return found


def choose(root: Path, seed: int = SEED) -> list[Fault]:
    """The faults: the same number of each package, and what is missing to 200 from those that offer most."""
    rest = random.Random(seed)
    offered = {package: _in_turns(by_operator, rest) for package, by_operator in sorted(possible(root).items())}
    taken = {package: faults[:OF_EACH_PACKAGE] for package, faults in offered.items()}
    largest = sorted(offered, key=lambda package: (-len(offered[package]), package))
    while sum(map(len, taken.values())) < ALTOGETHER:
        for package in largest[: ALTOGETHER - sum(map(len, taken.values()))]:
            taken[package] = offered[package][: len(taken[package]) + 1]
    return sorted((fault for faults in taken.values() for fault in faults), key=lambda fault: fault.id)


def _in_turns(by_operator: dict[str, list[Fault]], rest: random.Random) -> list[Fault]:
    left = {operator: rest.sample(faults, len(faults)) for operator, faults in sorted(by_operator.items()) if faults}
    functions_taken: set[str] = set()
    found = []
    while left:
        for operator in rest.sample(sorted(left), len(left)):
            while left[operator]:
                fault = left[operator].pop()
                if fault.function not in functions_taken:
                    functions_taken.add(fault.function)
                    found.append(fault)
                    break
            if not left[operator]:
                del left[operator]
    return found


def commit_of(root: Path) -> str:
    """The commit that is checked out."""
    return subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=root, check=True, capture_output=True, text=True
    ).stdout.strip()


def main(given: Sequence[str] | None = None) -> None:
    """Write the faults, unless there are some."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--anew", action="store_true", help="throw away the faults there are")
    parser.add_argument("--commit", help="say that they were chosen on this commit (default: what is checked out)")
    said = parser.parse_args(given)
    if FAULTS.exists() and not said.anew:
        parser.error(f"{FAULTS} is there: results would no longer be comparable. Say --anew if you mean it.")
    faults = choose(ROOT)
    Chosen(said.commit or commit_of(ROOT), SEED, tuple(faults)).write()
    print(f"{len(faults)} faults in {FAULTS}")


if __name__ == "__main__":
    main()
