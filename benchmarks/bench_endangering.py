"""How long the longest text takes to be looked through for words that may put a worker in danger.

Run: python -m benchmarks.bench_endangering. The texts are the worst that were found: words and “no” in every order, 4,000 characters each.
"""

from __future__ import annotations

import time
from random import Random

from assess.engine.endangering_words import find_endangering_words

LONGEST = 4000
PIECES = (
    "not search, ", "search, ", "do not ask or ", "ask, ask, ", "never ", "talk a a a a ", "take a a a a a a ", "tell a a a a a ", "the the the ",
    "owner a a a a ", "ask nobody ", "a-ask ", "ask/ask ", "move ", "tell the ", "until ", "...", "1", "- ", "a$", "a-\n", "\ufdfa",
)  # fmt: skip


def main() -> None:
    rnd = Random(2)
    pieces = [*PIECES, *("".join(rnd.sample(PIECES, 2)) for _ in range(200))]
    took = []
    for piece in pieces:
        for begin, end in (("", ""), ("not ", ""), ("not ", "or ask")):
            text = (begin + piece * LONGEST)[: LONGEST - len(end)] + end
            find_endangering_words.cache_clear()
            begun = time.perf_counter()
            find_endangering_words(text)
            took.append((time.perf_counter() - begun, text[:24]))
    took.sort(reverse=True)
    for seconds, text in took[:5]:
        print(f"{seconds * 1000:6.1f} ms  {text!r}")


if __name__ == "__main__":
    main()
