"""Says of glyphs what letters they stand for, where a script joins, splits or reorders them: Arabic, Bengali, Devanagari and the like.

WeasyPrint notes for each glyph the letters of the first place where it stood. A glyph of such a script may stand for other letters in
another place, and a second glyph of one letter for none. So no map of a font keeps a hole, and glyphs that the map reads wrongly have
their letters beside them, as “ActualText” (ISO 32000-2, 14.9.4). Nothing looks different for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pydyf
from weasyprint.formatting_structure.boxes import TextBox
from weasyprint.text.ffi import ffi, pango

_NO_LETTER = "\N{ZERO WIDTH SPACE}"
_MAP_LINE = re.compile(rb"<([0-9a-f]{4,})> <([0-9a-f]*)>")
_SHOWN = re.compile(r"<([0-9a-f]*)>|(-?[0-9.]+)")
_DIGITS = 4
"""Of a glyph in the content of a page."""

Pdf = Any
"""A pydyf file. Neither pydyf nor WeasyPrint carries types."""


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Glyphs that stand for these letters together, by their places in a line: from `first` to before `last`. `base` is the widest."""

    first: int
    last: int
    base: int
    letters: str


@dataclass(frozen=True, slots=True)
class _Run:
    """A stretch of a line in one face and one direction. Clusters in the order in which they are drawn, from the left."""

    clusters: tuple[_Cluster, ...]
    leftwards: bool
    letters: str


_Map = Mapping[int, str]
"""The letters of each glyph of a font."""


def give_letters(document: Any, pdf: Pdf) -> None:  # noqa: ANN401  # WeasyPrint carries no types
    """Complete the file, before it is written."""
    lines = dict(_line_of(box) for page in document.pages for box in _text_boxes(page))
    pages = [_find(pdf, reference) for reference in pdf.page_references]
    fonts = _find(pdf, _find(pdf, pages[0]["Resources"])["Font"])
    maps = {name: _filled_map(pdf, reference) for name, reference in fonts.items()}
    for page in pages:
        content = _find(pdf, page["Contents"])
        content.stream = list(_with_letters(content.stream, lines, maps))


def _find(pdf: Pdf, thing: Any) -> Any:  # noqa: ANN401  # as above
    return pdf.objects[int(thing.split()[0])] if isinstance(thing, bytes) else thing


def _text_boxes(page: Any) -> Iterator[Any]:  # noqa: ANN401  # as above
    for box in page._page_box.descendants():  # noqa: SLF001  # there is no other way to them
        if isinstance(box, TextBox) and not box.text.isascii():
            yield box


def _line_of(box: Any) -> tuple[tuple[int, ...], tuple[_Run, ...]]:  # noqa: ANN401  # as above
    """The glyphs of a box of text as WeasyPrint draws them, and what they stand for."""
    layout = box.pango_layout
    layout.reactivate(box.style)
    line, _ = layout.get_first_line()
    text = layout.text.encode()
    glyphs: list[int] = []
    runs = []
    piece = line.runs[0]
    while piece != ffi.NULL:
        item, string = piece.data.item, piece.data.glyphs
        piece = piece.next
        starts = [string.log_clusters[place] for place in range(string.num_glyphs)]
        bounds = [*sorted(set(starts)), item.length]
        ends = dict(pairwise(bounds))
        clusters: dict[int, _Cluster] = {}
        widest: dict[int, int] = {}
        for start, info in zip(starts, string.glyphs[0 : string.num_glyphs], strict=True):
            if info.glyph == pango.PANGO_GLYPH_EMPTY:
                continue
            place = len(glyphs)
            first = clusters[start].first if start in clusters else place
            base = clusters[start].base if start in clusters and widest[start] >= info.geometry.width else place
            widest[start] = max(widest.get(start, 0), info.geometry.width)
            letters = text[item.offset + start : item.offset + ends[start]].decode()
            clusters[start] = _Cluster(first, place + 1, base, letters)
            glyphs.append(info.glyph)
        if clusters:
            whole = text[item.offset : item.offset + item.length].decode()
            runs.append(_Run(tuple(clusters.values()), bool(item.analysis.level % 2), whole))
    layout.deactivate()
    return tuple(glyphs), tuple(runs)


def _filled_map(pdf: Pdf, font: bytes) -> _Map:
    """What a font's map says, after its holes were filled."""
    lines = _find(pdf, _find(pdf, font)["ToUnicode"]).stream
    letters = {}
    for place, line in enumerate(lines):
        if found := _MAP_LINE.fullmatch(line):
            said = bytes.fromhex(found[2].decode()).decode("utf-16-be") or _NO_LETTER
            lines[place] = b"<%b> <%b>" % (found[1], said.encode("utf-16-be").hex().encode())
            letters[int(found[1], 16)] = said
    return letters


def _with_letters(
    items: Sequence[Any], lines: Mapping[tuple[int, ...], Sequence[_Run]], maps: Mapping[str, _Map]
) -> Iterator[Any]:
    """The content of a page, with the letters of every line that needs them."""
    block: list[Any] | None = None
    for item in items:
        if item == b"BT":
            block = []
        if block is None:
            yield item
            continue
        block.append(item)
        if item == b"ET":
            drawn = _Block(block, maps)
            yield from drawn.with_letters(lines[drawn.glyphs]) if drawn.glyphs in lines else block
            block = None


class _Block:
    """What draws one line: its operators, and the glyphs they show with what the map of their font says of them."""

    def __init__(self, items: Sequence[Any], maps: Mapping[str, _Map]) -> None:
        self._items = items
        self._parts = {place: _parts_of(item) for place, item in enumerate(items) if _is(item, b" TJ")}
        glyphs: list[int] = []
        self._read: list[str] = []
        letters: _Map = {}
        for place, item in enumerate(items):
            if _is(item, b" Tf"):
                letters = maps[item.split()[0].decode().removeprefix("/")]
            for part in self._parts.get(place, ()):
                if isinstance(part, int):
                    glyphs.append(part)
                    self._read.append(letters.get(part, ""))
        self.glyphs = tuple(glyphs)

    def with_letters(self, runs: Sequence[_Run]) -> Iterator[Any]:
        """The operators, with marks around the glyphs that would be read wrongly."""
        said = {first: (last, letters) for run in runs for first, last, letters in self._to_say(run)}
        place, last = 0, -1
        for number, item in enumerate(self._items):
            if number not in self._parts:
                yield item
                continue
            shown: list[str] = []
            for part in self._parts[number]:
                if not isinstance(part, int):
                    shown.append(part)
                    continue
                if place in said:
                    last, letters = said[place]
                    yield from (*_show(shown), "/Span", pydyf.Dictionary({"ActualText": pydyf.String(letters)}), b"BDC")
                    shown = []
                shown.append(f"<{part:0{_DIGITS}x}>")
                place += 1
                if place == last:
                    yield from (*_show(shown), b"EMC")
                    shown = []
            yield from _show(shown)

    def _to_say(self, run: _Run) -> Iterator[tuple[int, int, str]]:
        """The stretches of glyphs whose letters must be said.

        To the right a run is said as one. To the left each letter stands by itself, on its widest glyph: programs turn such a line around
        letter by letter, and would take one text of many for letters from the left.
        """
        wrong = [one for one in run.clusters if "".join(self._read[one.first : one.last]) != one.letters]
        if wrong and not run.leftwards:
            yield min(one.first for one in run.clusters), max(one.last for one in run.clusters), run.letters
        for one in wrong if run.leftwards else ():
            if one.first < one.base:
                yield one.first, one.base, ""
            yield one.base, one.base + 1, one.letters
            if one.base + 1 < one.last:
                yield one.base + 1, one.last, ""


def _is(item: Any, operator: bytes) -> bool:  # noqa: ANN401  # pydyf carries no types
    return isinstance(item, bytes) and item.endswith(operator)


def _parts_of(item: bytes) -> list[int | str]:
    """What an operator shows: glyphs, and the spaces between them as they are written."""
    parts: list[int | str] = []
    for glyphs, space in _SHOWN.findall(item.decode()):
        parts += [int(glyphs[at : at + _DIGITS], 16) for at in range(0, len(glyphs), _DIGITS)]
        parts += [space] if space else []
    return parts


def _show(parts: Sequence[str]) -> Iterator[bytes]:
    if parts:
        yield f"[{' '.join(parts)}] TJ".encode()
