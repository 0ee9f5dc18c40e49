"""Worked examples changed in the file of a bank: figures written in, answers given, one added, renamed or retired."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from assess.editor.changing import Data, thing_at
from assess.editor.trying.carrying import Tried
from assess.engine.bank import Value

Edit = Callable[[Data], None]
LONGEST_TITLE = 120


class ExampleError(Exception):
    """What was asked cannot be done. The message says why, for the page."""


def write_figures(figures: Mapping[int, tuple[str, Mapping[str, object]]]) -> Edit:
    """Write these figures into examples, by number: the mark that was seen, and what to expect.

    The edit raises MovedOnError when one of them is another by now.
    """

    def edit(data: Data) -> None:
        for number, (seen, expect) in figures.items():
            thing_at(data, ("worked_examples", number - 1), seen)["expect"] = dict(expect)

    return edit


def give_answers(number: int, seen: str, answers: Mapping[str, Value]) -> Edit:
    """Write answers into an example. One that starts from another keeps them among its changes."""

    def edit(data: Data) -> None:
        example = thing_at(data, ("worked_examples", number - 1), seen)
        held = example.setdefault("change" if "from" in example else "answers", {})
        held.update(answers)

    return edit


def drop_answers(number: int, seen: str, names: frozenset[str]) -> Edit:
    """Take answers out that can no longer be given, and “from” where it starts from an example that is gone."""

    def edit(data: Data) -> None:
        example = thing_at(data, ("worked_examples", number - 1), seen)
        for key in ("answers", "change"):
            for name in names & set(example.get(key, ())):
                del example[key][name]
        if "from" in names:
            example.pop("from", None)

    return edit


def add_example(title: str, tried: Tried, expect: Mapping[str, object]) -> Edit:
    """Keep a try-out as an example, after the others.

    The edit raises ExampleError when the title is taken.
    """

    def edit(data: Data) -> None:
        examples = data.setdefault("worked_examples", [])
        _must_be_free(title, examples)
        made: dict[str, Any] = {"title": title}
        if tried.quick:
            made["quick"] = True
        if tried.evidence_share is not None:
            made["evidence_share"] = tried.evidence_share
        examples.append({**made, "answers": dict(tried.answers), "expect": dict(expect)})

    return edit


def rename_example(number: int, seen: str, title: str) -> Edit:
    """Call it something else; those that start from it follow."""

    def edit(data: Data) -> None:
        example = thing_at(data, ("worked_examples", number - 1), seen)
        before, examples = example["title"], data["worked_examples"]
        _must_be_free(title, [one for one in examples if one is not example])
        example["title"] = title
        for one in examples:
            if one.get("from") == before:
                one["from"] = title

    return edit


def retire_example(number: int, seen: str) -> Edit:
    """Take it out.

    The edit raises ExampleError when others start from it.
    """

    def edit(data: Data) -> None:
        example = thing_at(data, ("worked_examples", number - 1), seen)
        on_it = [one["title"] for one in data["worked_examples"] if one.get("from") == example["title"]]
        if on_it:
            raise ExampleError(f"Others start from it: {', '.join(on_it)}. Retire those first.")
        del data["worked_examples"][number - 1]
        if not data["worked_examples"]:
            del data["worked_examples"]

    return edit


def _must_be_free(title: str, examples: list[Data]) -> None:
    if any(one.get("title") == title for one in examples):
        raise ExampleError(f"There is an example called “{title}” already. Choose another title.")
