"""What rests on a question: conditions, checks, facts, papers and worked examples that name it, in any file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assess.banks.sheets import Sheet, Shelf
from assess.editor.questions.rows import entries_of


@dataclass(frozen=True, slots=True)
class Rests:
    """Something that names a question. `blocks`: it has to be changed before the question can go."""

    what: str
    sheet: str
    blocks: bool


def rests_on(shelf: Shelf, ids: frozenset[str]) -> tuple[Rests, ...]:
    """Everything outside these questions that names one of them, each in words."""
    return tuple(dict.fromkeys(one for sheet in shelf.sheets.values() for one in _in_sheet(sheet, ids)))


def _in_sheet(sheet: Sheet, ids: frozenset[str]) -> Iterator[Rests]:
    data = sheet.written
    for words in _naming(data, ids):
        yield Rests(words, sheet.name, blocks=True)
    for example in entries_of(data, "worked_examples"):
        if any(isinstance(held := example.get(key), dict) and ids & set(held) for key in ("answers", "change")):
            yield Rests(f"the worked example “{example.get('title')}”", sheet.name, blocks=False)


def _naming(data: Mapping[str, object], ids: frozenset[str]) -> Iterator[str]:
    """What names them and cannot do without them."""
    for section in entries_of(data, "sections"):
        for question in entries_of(section, "questions"):
            if question.get("id") not in ids and mentions(question.get("show_if"), ids):
                yield f"the condition of the question “{question.get('ask')}”"
            if question.get("id") not in ids and question.get("same_as") in ids:
                yield f"the question “{question.get('ask')}”, which is printed with its action"
    for check in entries_of(data, "checks"):
        if mentions([check.get("when"), check.get("unless")], ids) or ids & {*_read_by(check), check.get("same_as")}:
            yield f"the check {check.get('id')}: “{check.get('says')}”"
    for fact in entries_of(data, "facts"):
        if any(source.get("question") in ids for source in entries_of(fact, "sources")):
            yield f"the fact “{fact.get('ask')}”, which is read from its answer"
    if "paper" in data and ids & {str(one) for one in _listed(data.get("for"))}:
        yield f"the paper “{data.get('title')}”"


def _read_by(check: Mapping[str, object]) -> set[object]:
    inputs = check.get("inputs")
    return {one for one in inputs.values() if isinstance(one, str)} if isinstance(inputs, dict) else set()


def mentions(raw: object, ids: frozenset[str]) -> bool:
    """Whether a condition, as it is written, names one of these questions."""
    if isinstance(raw, Mapping):
        return any(
            key in ids or (key == "asked" and value in ids) or mentions(value, ids) for key, value in raw.items()
        )
    return isinstance(raw, list) and any(mentions(one, ids) for one in raw)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
