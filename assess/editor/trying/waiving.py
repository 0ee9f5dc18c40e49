"""A remark of the author checks waived with a reason, and the waiver taken back: both change the text of the question."""

from __future__ import annotations

from collections.abc import Callable

from assess.editor.changing import Data, thing_at
from assess.engine.problems import Place
from assess.engine.wording_remarks import Rule

LONGEST_REASON = 300

NAMES = {
    Rule.LONG_SENTENCE: "A long sentence",
    Rule.HARD_WORDS: "Hard words",
    Rule.TWO_QUESTIONS: "Two questions in one",
    Rule.DOUBLE_NEGATIVE: "Two times “no”",
    Rule.LOADED_WORDS: "A word that leads",
    Rule.POINTS_OUT_OF_REACH: "Points nobody can reach",
    Rule.BETTER_BY_HIDING: "A worse answer comes out better",
}


def name_of(rule: str) -> str:
    """What a remark is called on a page."""
    return next((words for one, words in NAMES.items() if one == rule), rule.replace("_", " ").capitalize())


def waive(path: Place, seen: str, rule: str, reason: str) -> Callable[[Data], None]:
    """Write down why a remark does not count for the question at this place."""

    def edit(data: Data) -> None:
        thing_at(data, path, seen).setdefault("waived", {})[rule] = reason

    return edit


def take_back(path: Place, seen: str, rule: str) -> Callable[[Data], None]:
    """Let a remark count again."""

    def edit(data: Data) -> None:
        question = thing_at(data, path, seen)
        question.get("waived", {}).pop(rule, None)
        if not question.get("waived"):
            question.pop("waived", None)

    return edit
