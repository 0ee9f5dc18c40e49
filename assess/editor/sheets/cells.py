"""The values of a file one by one, each with an address that stays the same when things are moved; and the file built of them again.

A question is found by its id, not by its place. Where something stands among its like is a value of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

PLACE, SECTION = "@place", "@section"
"""Parts that stand for no key: the place among its like from 1, and the section of a question."""
WHOLE = frozenset({"show_if", "when", "unless", "option_map", "inputs", "answers", "change", "expect"})
"""Keys whose value is one cell, however much it holds."""
FILE, SECTIONS, QUESTIONS, SOURCE = "file", "section", "question", "source"
_OF_LIST = {"sections": SECTIONS, "checks": "check", "duties": "duty"}
IN_PLACES = frozenset({QUESTIONS, *_OF_LIST.values()})
"""Kinds of things that have a place among their like."""
_KEY_ORDER = [
    "format",
    "bank",
    "common",
    "title",
    "uses",
    "id",
    "section",
    "ask",
    "name",
    "title",
    "type",
    "kind",
    "dimension",
    "ilo",
    "quick",
    "can_sign",
    "pooled",
    "show_if",
    "hint",
    "unit",
    "why",
    "evidence",
    "not_yet",
    "harm",
    "same_as",
    "options",
    "cap",
    "bands",
    "ticks",
    "rule",
    "steps",
    "columns",
    "action",
    "dk_action",
    "sources",
    "rev",
    "replaces",
    "option_map",
    "waived",
    "label",
    "says",
    "when",
    "unless",
    "inputs",
    "up_to",
    "at_least",
    "points",
    "sign",
    "listed",
    "third_party",
    "not_looked",
    "mended",
    "breach",
    "retired",
    "do",
    "priority",
    "owner",
    "effort",
    "after_advice",
    "reaches",
    "jurisdiction",
    "status",
    "force",
    "line",
    "amount",
    "penalty",
    "read",
    "key_number",
    "applies_to",
    "text",
    "must_do",
    "deadline",
    "approver",
    "publish",
    "consequence",
    "source",
    "url",
    "more_urls",
    "document",
    "how_far_read",
    "sections",
    "questions",
    "checks",
    "worked_examples",
]
_RANK = {key: place for place, key in enumerate(dict.fromkeys(_KEY_ORDER))}

Data = dict[str, Any]


class Address(NamedTuple):
    """Where a value stands: the file, what kind of thing it belongs to, the id of that, and the way to it inside."""

    file: str
    what: str
    id: str
    part: tuple[str, ...]


Cells = dict[Address, object]


def cells_of(file: str, data: Mapping[str, object]) -> Cells:
    """Every value of a file."""
    return dict(_file(file, data))


def data_of(cells: Mapping[Address, object]) -> Data:
    """The values of one file, put together again. Keys stand in the order of the cells, new ones where such keys usually stand."""
    trees: dict[tuple[str, str], Data] = {}
    for address, value in cells.items():
        here = trees.setdefault((address.what, address.id), {})
        for step in address.part[:-1]:
            here = here.setdefault(step, {})
        here[address.part[-1]] = _Leaf(value)
    data: Data = _value(trees.pop((FILE, ""), {}))
    questions = _things(trees, QUESTIONS)
    sections = _things(trees, SECTIONS)
    for name, section in sections.items():
        mine = [one for one in questions.values() if _read(one, SECTION) == name]
        if mine:
            section["questions"] = _Leaf([_value(one) for one in sorted(mine, key=_place)])
    for key, what in _OF_LIST.items():
        things = (sections if what == SECTIONS else _things(trees, what)).values()
        if things:
            data[key] = [_value(one) for one in sorted(things, key=_place)]
    named = _things(trees, SOURCE)
    if named:
        data["sources"] = {name: _value(one) for name, one in named.items()}
    return in_order(data)


def in_order(group: Data) -> Data:
    """A group whose keys stand where such keys usually stand; those nobody ranks stay behind the one before them."""
    ranks: dict[str, int] = {}
    before = 0
    for key in group:
        before = ranks[key] = _RANK.get(key, before)
    return {key: group[key] for key in sorted(group, key=ranks.__getitem__)}


class _Leaf:
    """A value, told from a group of parts."""

    def __init__(self, value: object) -> None:
        self.value = value


def _things(trees: Mapping[tuple[str, str], Data], what: str) -> dict[str, Data]:
    return {name: tree for (kind, name), tree in trees.items() if kind == what}


def _read(tree: Data, part: str) -> object:
    leaf = tree.get(part)
    return leaf.value if isinstance(leaf, _Leaf) else None


def _place(tree: Data) -> float:
    place = _read(tree, PLACE)
    return float(place) if isinstance(place, (int, float)) else float("inf")


def _value(node: object) -> Any:  # noqa: ANN401  # whatever the file holds
    if isinstance(node, _Leaf):
        return node.value
    if not isinstance(node, dict):
        return node
    if node and all(key.startswith("#") for key in node):
        return [_value(node[key]) for key in sorted(node, key=lambda key: float(key[1:]))]
    if node and all(isinstance(one, dict) and PLACE in one for one in node.values()):
        return [_value(one) for one in sorted(node.values(), key=_place)]
    return in_order({key: _value(one) for key, one in node.items() if key not in {PLACE, SECTION}})


def _file(file: str, data: Mapping[str, object]) -> Iterator[tuple[Address, object]]:
    for key, value in data.items():
        what = _OF_LIST.get(key)
        if what is not None and isinstance(value, list) and (names := ids_of(value)):
            for place, (name, thing) in enumerate(zip(names, value, strict=True), 1):
                yield Address(file, what, name, (PLACE,)), place
                yield from _thing(file, what, name, thing, _all_ids(value) if what == SECTIONS else None)
        elif key == "sources" and isinstance(value, dict) and value and all(_is_group(one) for one in value.values()):
            for name, source in value.items():
                yield from _group(Address(file, SOURCE, name, ()), source)
        else:
            yield from _walk(Address(file, FILE, "", (key,)), value)


def _thing(
    file: str, what: str, name: str, thing: Data, taken: Sequence[str] | None
) -> Iterator[tuple[Address, object]]:
    """A section, check or duty. `taken`: the ids of all questions of the file, when those can be told apart."""
    for key, value in thing.items():
        if key == "questions" and taken and isinstance(value, list) and (names := ids_of(value)):
            for place, (question, held) in enumerate(zip(names, value, strict=True), 1):
                yield Address(file, QUESTIONS, question, (PLACE,)), place
                yield Address(file, QUESTIONS, question, (SECTION,)), name
                yield from _group(Address(file, QUESTIONS, question, ()), held)
        else:
            yield from _walk(Address(file, what, name, (key,)), value)


def _all_ids(sections: Sequence[Data]) -> Sequence[str] | None:
    lists = [one.get("questions") for one in sections]
    names = list(itertools.chain.from_iterable(ids_of(one) for one in lists if isinstance(one, list)))
    return names if len(set(names)) == len(names) else None


def ids_of(entries: Sequence[object]) -> list[str]:
    """The ids of a list of groups as text, when each has one of its own; else nothing."""
    ids = [one.get("id") for one in entries if isinstance(one, dict) and _is_group(one)]
    names = [str(one) for one in ids if isinstance(one, (str, int)) and not isinstance(one, bool)]
    good = len(names) == len(entries) == len(set(names)) and all(name and name[0] not in "#@" for name in names)
    return names if good else []


def _is_group(value: object) -> bool:
    """A group that can be taken apart: it holds something, and no key could be taken for a mark of ours."""
    return isinstance(value, dict) and bool(value) and all(key and key[0] not in "#@" for key in value)


def _group(at: Address, group: Mapping[str, object]) -> Iterator[tuple[Address, object]]:
    for key, value in group.items():
        yield from _walk(at._replace(part=(*at.part, key)), value)


def _walk(at: Address, value: object) -> Iterator[tuple[Address, object]]:
    if at.part[-1] in WHOLE:
        yield at, value
    elif _is_group(value):
        yield from _group(at, value)  # type: ignore[arg-type]  # a group, see the line above
    elif isinstance(value, list) and (names := ids_of(value)):
        for place, (name, entry) in enumerate(zip(names, value, strict=True), 1):
            inside = at._replace(part=(*at.part, name))
            yield inside._replace(part=(*inside.part, PLACE)), place
            yield from _group(inside, entry)
    elif (
        isinstance(value, list)
        and any(map(_is_group, value))
        and all(_is_group(one) or isinstance(one, str) for one in value)
    ) or (
        isinstance(value, list)
        and any(isinstance(one, str) and " " in one for one in value)
        and all(isinstance(one, str) for one in value)
    ):
        yield from _numbered(at, value)
    else:
        yield at, value


def _numbered(at: Address, value: Sequence[object]) -> Iterator[tuple[Address, object]]:
    """Entries that have no ids are told apart by their places."""
    for place, entry in enumerate(value, 1):
        inside = at._replace(part=(*at.part, f"#{place}"))
        if isinstance(entry, dict):
            yield from _group(inside, entry)
        else:
            yield inside, entry
