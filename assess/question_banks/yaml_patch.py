"""Change values inside a YAML file without touching other lines, comments or order; and write values in the style of the bank files."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from assess.question_banks.files import UnreadableError, YamlNode, cached_lines, read_lines, text_of


class YamlPatchError(Exception):
    """The text could not be changed to hold this, and was left as it is."""


@dataclass(frozen=True, slots=True, order=True)
class Cut:
    """From `start` to before `end` these words take the place of what stands there."""

    start: int
    end: int
    words: str


def patch_yaml(text: str, data: Mapping[str, object]) -> str:
    """The text of a file after its values are changed to `data`, which has the shape that `read_lines` gives.

    Raises YamlPatchError when no text could be found that reads as `data`; UnreadableError when the text itself cannot
    be read.
    """
    held = cached_lines(text.encode())
    if held.root is None or same_value(held.data, data):
        return text
    whole = text_of(text.encode())
    changed = _with_cuts(whole, 0, len(whole), _Patcher(whole).value(held.root, held.data, data))
    if not _reads_as(changed, data):
        raise YamlPatchError
    return changed


def _reads_as(text: str, data: Mapping[str, object]) -> bool:
    try:
        return same_value(cached_lines(text.encode()).data, data)
    except UnreadableError:
        return False


def same_value(one: object, other: object) -> bool:
    """Whether two values are written alike: unlike Python, true is not 1."""
    return canonical(one) == canonical(other)


def _with_cuts(text: str, start: int, end: int, cuts: Iterable[Cut]) -> str:
    parts, at = [], start
    for cut in sorted(cuts):
        parts += [text[at : cut.start], cut.words]
        at = cut.end
    return "".join((*parts, text[at:end]))


class _Patcher:
    """Finds the cuts. Places are counted in characters from the beginning of the text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def value(self, node: YamlNode, old: object, new: object, *, inside: bool = False) -> list[Cut]:
        """What to cut so that this value becomes the new one. `inside` says that it stands in brackets."""
        if same_value(old, new):
            return []
        inside = inside or node.flow
        if isinstance(old, dict) and isinstance(new, dict) and new:
            return self.mapping(node, old, new, inside=inside)
        if isinstance(old, list) and isinstance(new, list) and new:
            return self.sequence(node, old, new, inside=inside)
        words = flow_text(new) if isinstance(new, (dict, list)) else plain_scalar(new, inside=inside)
        return [Cut(node.start, self.last(node), words)]

    # --- groups ---

    def mapping(self, node: YamlNode, old: dict[str, object], new: dict[str, object], *, inside: bool) -> list[Cut]:
        """Keys that came, went or hold something else. The order of those that stay is left as it is."""
        pairs = {name: (key, value) for (name, key), value in zip(node.keys, node.values, strict=True)}
        if inside:
            return self.flow_mapping(node, pairs, old, new)
        before = node.keys[0][0]
        if before not in new:
            words = "\n".join(block_lines(new, node.column))
            return [Cut(node.start, self.last(node), words[node.column :])]
        cuts: list[Cut] = []
        for name, wanted in new.items():
            if name in pairs:
                key, value = pairs[name]
                cuts += self.keyed(name, key, value, old[name], wanted)
                before = name
        return cuts + self.gone(pairs, new) + self.come(node, pairs, new, before)

    def keyed(self, name: str, key: YamlNode, value: YamlNode, old: object, new: object) -> list[Cut]:
        if same_value(old, new):
            return []
        nested = isinstance(old, dict) and isinstance(new, dict) and new
        listed = isinstance(old, list) and isinstance(new, list) and new
        if nested or listed:
            return self.value(value, old, new)
        return [Cut(key.end, self.last(value), self.after_key(name, key, new))]

    def after_key(self, name: str, key: YamlNode, new: object) -> str:
        if is_flow_key(name, new):
            return f": {flow_text(new) if isinstance(new, (dict, list)) else plain_scalar(new, inside=False)}"
        return ":\n" + "\n".join(block_lines(new, key.column + 2))

    def gone(self, pairs: Mapping[str, tuple[YamlNode, YamlNode]], new: Mapping[str, object]) -> list[Cut]:
        return [
            Cut(self.line_start(key.start), self.line_end(self.last(value)), "")
            for name, (key, value) in pairs.items()
            if name not in new
        ]

    def come(
        self, node: YamlNode, pairs: Mapping[str, tuple[YamlNode, YamlNode]], new: Mapping[str, object], last: str
    ) -> list[Cut]:
        """New keys, each after the one it follows in the wanted order."""
        column = node.column
        follows: dict[str, list[str]] = {}
        before = next((name for name in new if name in pairs), last)
        for name, wanted in new.items():
            if name in pairs:
                before = name
                continue
            follows.setdefault(before, []).extend(block_lines({name: wanted}, column))
        cuts = []
        for name, lines in follows.items():
            at = self.line_end(self.last(pairs[name][1]))
            glue = "" if at == 0 or self.text[at - 1] == "\n" else "\n"
            cuts.append(Cut(at, at, glue + "".join(f"{line}\n" for line in lines)))
        return cuts

    def flow_mapping(
        self,
        node: YamlNode,
        pairs: Mapping[str, tuple[YamlNode, YamlNode]],
        old: Mapping[str, object],
        new: Mapping[str, object],
    ) -> list[Cut]:
        """{a: 1, b: 2} on one line. When a key went, the whole of it is written anew."""
        if not set(old) <= set(new) or not old:
            return [Cut(node.start, node.end, flow_text(new))]
        cuts = [cut for name in old for cut in self.value(pairs[name][1], old[name], new[name], inside=True)]
        added = "".join(f", {name}: {flow_text(new[name])}" for name in new if name not in old)
        end = node.end - 1
        return [*cuts, Cut(end, end, added)] if added else cuts

    # --- lists ---

    def sequence(self, node: YamlNode, old: list[object], new: list[object], *, inside: bool) -> list[Cut]:
        pairs = match_entries(old, new)
        if pairs == [(place, place) for place in range(len(old))] and len(old) == len(new):
            values = zip(node.values, old, new, strict=True)
            return [cut for one, was, now in values for cut in self.value(one, was, now, inside=inside)]
        if inside:
            return [Cut(node.start, node.end, flow_text(new))]
        return [self.entries(node, old, new, {now: was for was, now in pairs})]

    def entries(self, node: YamlNode, old: list[object], new: list[object], was: Mapping[int, int]) -> Cut:
        """All entries of a list in lines, those that are known as they stand with what changed inside them."""
        starts = self.starts(node)
        ends = [*starts[1:], self.line_end(self.last(node))]
        column = node.values[0].column - 2
        parts = []
        for place, wanted in enumerate(new):
            if place in was:
                here = was[place]
                part = _with_cuts(self.text, starts[here], ends[here], self.value(node.values[here], old[here], wanted))
            else:
                part = "\n".join(block_lines([wanted], column))
            parts.append(part if part.endswith("\n") else f"{part}\n")
        return Cut(starts[0], ends[-1], "".join(parts))

    def starts(self, node: YamlNode) -> list[int]:
        """Where each entry begins, with the comments and empty lines above it."""
        found = []
        for place, one in enumerate(node.values):
            start = self.line_start(one.start)
            floor = self.line_end(self.last(node.values[place - 1])) if place else start
            while start > floor and self.is_bare(previous := self.line_start(start - 1)):
                start = previous
            found.append(start)
        return found

    # --- places ---

    def last(self, node: YamlNode) -> int:
        """Where the last word of a value ends: a group in lines says it ends where the next thing begins."""
        while node.values and not node.flow:
            node = node.values[-1]
        # a text in lines of its own ends with its last word
        return max(node.start, len(self.text[: node.end].rstrip()))

    def line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def line_end(self, at: int) -> int:
        """After the end of this line, the comment at its end included."""
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end + 1

    def is_bare(self, start: int) -> bool:
        """Whether the line that begins here says nothing, or is a comment."""
        line = self.text[start : self.line_end(start)].strip()
        return not line or line.startswith("#")


def match_entries(old: Sequence[object], new: Sequence[object]) -> list[tuple[int, int]]:
    """Which entry of the new list is which of the old one: by its id, else by what it holds, else by its place among those left."""
    names, wanted = [_name(one) for one in old], [_name(one) for one in new]
    if _tell_apart(names) and _tell_apart(wanted):
        places = {name: place for place, name in enumerate(names)}
        pairs = [(places[name], place) for place, name in enumerate(wanted) if name in places]
        return (
            pairs
            if all(name is not None and name.startswith("id ") for name in names)
            else sorted([*pairs, *_renamed(pairs, len(old), len(new))], key=lambda pair: pair[1])
        )
    pairs = []
    matcher = SequenceMatcher(None, [canonical(one) for one in old], [canonical(one) for one in new], autojunk=False)
    for what, a, b, c, d in matcher.get_opcodes():
        if what in {"equal", "replace"}:
            pairs += zip(range(a, b), range(c, d), strict=False)
    return pairs


def _renamed(pairs: Sequence[tuple[int, int]], old: int, new: int) -> list[tuple[int, int]]:
    """Entries with another title or day, when as many are left over on both sides and nothing else moved: an id would not change, a title may."""
    left = [place for place in range(old) if place not in {was for was, _now in pairs}]
    come = [place for place in range(new) if place not in {now for _was, now in pairs}]
    return list(zip(left, come, strict=True)) if left == come else []


def _name(entry: object) -> str | None:
    if not isinstance(entry, dict):
        return None
    return next((f"{key} {entry[key]}" for key in ("id", "title", "from") if isinstance(entry.get(key), str)), None)


def _tell_apart(names: Sequence[str | None]) -> bool:
    return None not in names and len(set(names)) == len(names)


EXACT = 10**15
"""Whole numbers below this are themselves in every program."""


def canonical(value: object) -> str:
    """One text for each value, whatever the order of its keys; 8.00 is 8, and true is not 1."""
    return json.dumps(_whole(value), sort_keys=True, ensure_ascii=False)


def _whole(value: object) -> object:
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def plain_scalar(value: object, *, inside: bool) -> str:
    """A single value. Quotes only where it would be read as something else without; `inside` brackets commas count."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number(value)
    text = str(value)
    return text if _stays(text, inside=inside) else _quoted(text)


def _quoted(text: str) -> str:
    """The text in quotes. What the reader takes for the end of a line, or for no letter at all, is written by its number."""
    return re.sub(
        "[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]",
        lambda found: f"\\u{ord(found[0]):04x}",
        json.dumps(text, ensure_ascii=False),
    )


def _number(value: float) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return str(int(value))
    return repr(value)


@lru_cache(maxsize=8192)
def _stays(text: str, *, inside: bool) -> bool:
    """Whether a text without quotes is read as itself. A bank writes the same few hundred words again and again, so it is kept."""
    if not text or text != text.strip() or not text.isprintable():
        return False
    try:
        held = read_lines((f"k: [{text}]" if inside else f"k: {text}").encode()).data["k"]
    except UnreadableError:
        return False
    return held == ([text] if inside else text)


def flow_text(value: object) -> str:
    if isinstance(value, dict):
        return (
            "{" + ", ".join(f"{plain_scalar(name, inside=True)}: {flow_text(one)}" for name, one in value.items()) + "}"
        )
    if isinstance(value, list):
        return "[" + ", ".join(flow_text(one) for one in value) + "]"
    return plain_scalar(value, inside=True)


def is_flow_key(key: str, value: object) -> bool:
    # keys whose value is a condition: it reads best in one line
    if not value or not isinstance(value, (dict, list)) or key in {"show_if", "when", "unless"}:
        return True
    return isinstance(value, list) and not any(isinstance(one, (dict, list)) for one in value)


def block_lines(value: object, column: int) -> list[str]:
    """A group or a list in lines that begin at this column, without line ends."""
    return list(_lines(value, " " * column))


def _lines(value: object, indent: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _keyed(str(name), one, indent)
    elif isinstance(value, list):
        for one in value:
            yield from _entry(one, indent)


def _keyed(name: str, value: object, indent: str) -> Iterator[str]:
    if is_flow_key(name, value):
        said = flow_text(value) if isinstance(value, (dict, list)) else plain_scalar(value, inside=False)
        yield f"{indent}{plain_scalar(name, inside=False)}: {said}"
        return
    yield f"{indent}{plain_scalar(name, inside=False)}:"
    yield from _lines(value, f"{indent}  ")


def _entry(value: object, indent: str) -> Iterator[str]:
    """An entry whose values are all single ones takes one line, like an option."""
    if not isinstance(value, dict) or not value or not any(isinstance(one, (dict, list)) for one in value.values()):
        yield f"{indent}- {flow_text(value) if isinstance(value, (dict, list)) else plain_scalar(value, inside=False)}"
        return
    first, *rest = _lines(value, f"{indent}  ")
    yield f"{indent}- {first.strip()}"
    yield from rest
