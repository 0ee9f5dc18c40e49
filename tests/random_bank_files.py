"""Random files of banks by a seed: every key of the schema, conditions of every shape, and the oddest texts that a file can hold."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

ODD = (
    "Who keeps it?", "=1+1", "'begins with one", "@SUM(A1)", "+44 1603 000000", "-1", "a: b # c", "“quoted” and it’s", '"in quotes"', "two\nlines",
    "tab\there", " space around ", "{gap} here", "[x, y]", "null", "true", "12", "007", "1.50", "2026-11-24", "exact: 1", "_x0041_ letters",
    "é 中文 😀", "\r\nold lines", "\x07 a bell", "a/b", "#1", "x" * 4000, "yes", "’", "\\", "a, b", "<b>&amp;</b>", "\u2028 apart", "\ufeff mark",
)  # fmt: skip
TESTS = (
    "is",
    "is_one_of",
    "includes",
    "includes_any",
    "at_least",
    "at_most",
    "more_than",
    "less_than",
    "before",
    "after",
)
Data = dict[str, Any]


class RandomBank:
    """Makes the values of one file. The same seed makes the same file."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # no secret
        self.count = 0

    def bank(self) -> Data:
        """A bank, or common sections."""
        kind = self.random.choice(("bank", "common"))
        data: Data = {"format": 1, kind: f"b{self.random.randrange(99)}"}
        self.maybe(data, title=self.text, uses=lambda: ["core"], waived=lambda: {"long_title": self.text()})
        data["sections"] = [self.section() for _ in range(self.random.randint(1, 3))]
        self.maybe(data, checks=lambda: [self.check() for _ in range(2)])
        self.maybe(data, worked_examples=lambda: [self.example(n) for n in range(2)])
        return data

    def section(self) -> Data:
        return {
            "id": self.id(),
            "title": self.text(),
            "questions": [self.question() for _ in range(self.random.randint(1, 3))],
        }

    def question(self) -> Data:
        """Any keys together: what fits together `check_edition` says."""
        made: Data = {
            "id": self.id(),
            "ask": self.text(),
            "type": self.one("choice", "choices", "number", "table", "text"),
            "kind": "safeguard",
            "dimension": "pay",
        }
        self.maybe(
            made,
            ilo=lambda: self.random.sample(range(1, 12), 2), quick=self.flag, can_sign=self.flag, pooled=self.flag, show_if=self.condition,
            hint=self.text, unit=self.text, whole=self.flag, likely_from=lambda: self.random.randint(0, 9), likely_to=lambda: self.random.randint(9, 99),
            why=self.text, evidence=self.text, options=lambda: self.entries(self.option), cap=self.number,
            bands=lambda: self.entries(self.band, ids=False), ticks=lambda: self.entries(self.tick, ids=False),
            rule=lambda: "housing_charge", steps=lambda: self.entries(self.step), columns=lambda: self.entries(self.column), action=self.action,
            dk_action=self.own_action, sources=lambda: ["S1", "S22"], rev=lambda: self.random.randint(1, 9), replaces=self.id,
            option_map=lambda: {"a": "b", "when": "c", "7": "d"}, waived=lambda: {"long_question": self.text()},
            name=self.text, harm=lambda: self.random.randint(1, 6), same_as=self.id, not_yet=self.text,
        )  # fmt: skip
        return made

    def option(self) -> Data:
        made: Data = {"label": self.text()}
        self.maybe(made, points=self.number, sign=lambda: "urgent", third_party=self.flag, action=self.own_action,
            not_looked=self.flag, mended=self.flag, breach=self.id, says=self.text, retired=self.flag)  # fmt: skip
        return made

    def band(self) -> Data:
        made: Data = {"points": self.number()}
        self.maybe(
            made, up_to=self.number, sign=lambda: "serious", action=self.own_action, breach=self.id, says=self.text
        )
        return made

    def step(self) -> Data:
        made: Data = {"points": self.number()}
        self.maybe(made, sign=lambda: "serious", action=self.own_action, breach=self.id, says=self.text)
        return made

    def tick(self) -> Data:
        made: Data = {"at_least": 1, "points": self.number()}
        self.maybe(made, says=self.text)
        return made

    def column(self) -> Data:
        made: Data = {"label": self.text(), "type": self.one("text", "choice", "date")}
        self.maybe(made, options=lambda: self.entries(lambda: {"label": self.text()}), whole=self.flag)
        return made

    def check(self) -> Data:
        made: Data = {"id": f"D{self.next()}", "says": self.text()}
        self.maybe(made, when=self.condition, unless=self.condition, rule=lambda: "pay", inputs=lambda: {"pay": "q1"}, sign=lambda: "serious", ilo=lambda: [8], action=self.action, listed=self.flag, name=self.text, harm=lambda: self.random.randint(1, 6), same_as=self.id)  # fmt: skip
        return made

    def example(self, number: int) -> Data:
        made: Data = {
            "title": f"Example {number}",
            "expect": {"shown": 12, "score": self.number(), "urgent_signs": ["q1"], "notes": []},
        }
        self.maybe(made, answers=lambda: {"q1": "dk", "q2": 7, "q3": [], "q4": [{"a": "b", "n": 2}]}, change=lambda: {"q1": self.text()}, quick=self.flag, evidence_share=self.number)  # fmt: skip
        return made

    def action(self) -> Data:
        made: Data = {"do": self.text(), "priority": self.one("immediate", 30), "owner": "owner", "effort": "S"}
        self.maybe(made, after_advice=self.flag, title=self.text, reaches=lambda: self.one("good", "7", 7, 2.5))
        return made

    def own_action(self) -> object:
        return self.action() if self.flag() else False

    def condition(self, depth: int = 0) -> object:
        """Every shape of a condition."""
        shapes: list[Callable[[], object]] = [
            lambda: {self.id(): {self.random.choice(TESTS): self.one("a", 7, 1.5, self.flag(), ["a", "7"], "2026-11-24")}},
            lambda: {"asked": "q1"}, lambda: {"term": "in_uk"}, lambda: {"applies": "uk_x"}, lambda: "always",
        ]  # fmt: skip
        if depth < 2:
            deeper = lambda: self.condition(depth + 1)  # noqa: E731  # short
            shapes += [
                lambda: {"all": [deeper(), deeper()]},
                lambda: {"any": [deeper()]},
                lambda: {"not": deeper()},
                lambda: {"at_least_of": {"n": 2, "of": [deeper(), deeper()]}},
            ]
        return self.random.choice(shapes)()

    def entries(self, make: Callable[[], Data], *, ids: bool = True) -> list[Data]:
        """Some entries; an id may look like a number, with quotes or without."""
        if self.random.random() < 0.1:
            return []
        made = [make() for _ in range(self.random.randint(1, 3))]
        return [{"id": self.one(f"o{n}", str(n), n), **entry} for n, entry in enumerate(made)] if ids else made

    def maybe(self, made: Data, **parts: Callable[[], object]) -> None:
        """Each of these keys, or not."""
        for key, make in parts.items():
            if self.random.random() < 0.5:
                made[key] = make()

    def id(self) -> str:
        return f"q_{self.next()}"

    def next(self) -> int:
        self.count += 1
        return self.count

    def text(self) -> str:
        return self.random.choice(ODD)

    def number(self) -> float:
        return self.one(0, 4, 2.5, 8.0, 0.1, 1234567, 0.30000000000000004)

    def flag(self) -> bool:
        return self.random.random() < 0.5

    def one(self, *values: Any) -> Any:
        return self.random.choice(values)
