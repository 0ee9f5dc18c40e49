"""Faces for what Noto Sans cannot write: other scripts, symbols and emoji, shown to fontconfig for the documents that need them.

A face is cut once for each script, like the two of every page (`fonts.py`), and kept in the cache folder. Chinese, Japanese and Korean
share one file of 33 MB with 65,000 glyphs: of it a face is cut for the letters of each document and held in memory alone, so that no
name leaves a trace in the cache.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from assess.core.fonts import (
    FONT_RECIPE_VERSION,
    FONT_WEIGHTS,
    FontsUnavailableError,
    cache_folder,
    exclusive_lock,
    font_bytes,
    write_atomically,
)

_SCRIPTS = {
    "NotoSansArabic": "\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufefc",
    "NotoSansArmenian": "\u0530-\u058f\ufb13-\ufb17",
    "NotoSansBengali": "\u0980-\u09ff",
    "NotoSansDevanagari": "\u0900-\u097f\ua8e0-\ua8ff",
    "NotoSansEthiopic": "\u1200-\u139f\u2d80-\u2ddf\uab00-\uab2f",
    "NotoSansGeorgian": "\u10a0-\u10ff\u1c90-\u1cbf\u2d00-\u2d2f",
    "NotoSansGujarati": "\u0a80-\u0aff",
    "NotoSansGurmukhi": "\u0a00-\u0a7f",
    "NotoSansHebrew": "\u0590-\u05ff\ufb1d-\ufb4f",
    "NotoSansKannada": "\u0c80-\u0cff",
    "NotoSansKhmer": "\u1780-\u17ff\u19e0-\u19ff",
    "NotoSansLao": "\u0e80-\u0eff",
    "NotoSansMalayalam": "\u0d00-\u0d7f",
    "NotoSansMyanmar": "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f",
    "NotoSansOriya": "\u0b00-\u0b7f",
    "NotoSansSinhala": "\u0d80-\u0dff",
    "NotoSansTamil": "\u0b80-\u0bff",
    "NotoSansTelugu": "\u0c00-\u0c7f",
    "NotoSansThai": "\u0e00-\u0e7f",
    "NotoSansSymbols": "\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f100-\U0001f1ff",
    "NotoEmoji": "\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff",
}
"""The files of the font package, without weight and ending, and the letters that call for them."""
_HAN = "\u1100-\u11ff\u2e80-\u312f\u3130-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
_MARKS = "\u0300-\u036f"
"""They join the letter before them, but need no other face."""

_HAN_LETTER = re.compile(f"[{_HAN}]")
_NOT_PLAIN = re.compile(f"[{_MARKS}{_HAN}{''.join(_SCRIPTS.values())}]")
_HAN_FACE = 2  # of the collection: simplified Chinese, where one letter is written in several ways


def is_plain(text: str) -> bool:
    """Whether the two faces of every page are enough, and each of their glyphs stands for the same letters everywhere."""
    return _NOT_PLAIN.search(text) is None


@contextmanager
def fallback_faces(text: str) -> Iterator[Sequence[str]]:
    """The files of the faces this text needs beside Noto Sans, in a fixed order; those in memory are there for as long as this lasts.

    Some seconds when a script is met for the first time on this machine; about one whenever there is Chinese, Japanese or Korean.
    Raises `FontsUnavailableError` (a font package is missing or the cache folder cannot be written).
    """
    if is_plain(text):
        yield ()
        return
    with ExitStack() as held:
        files = [
            str(path) for name, letters in _SCRIPTS.items() if re.search(f"[{letters}]", text) for path in _faces(name)
        ]
        if han := "".join(sorted(set(_HAN_LETTER.findall(text)))):
            files += [held.enter_context(_file_in_memory(face)) for face in _han_faces(han)]
        yield files


def _faces(name: str) -> Iterator[Path]:
    root = cache_folder() / f"fallback-{version('manimgx-fonts')}-{version('fonttools')}-{FONT_RECIPE_VERSION}"
    for face, weight in FONT_WEIGHTS.items():
        path = root / f"{name}-{face}.ttf"
        if not path.exists():
            try:
                root.mkdir(parents=True, exist_ok=True)
                with exclusive_lock(root / "lock"):
                    if not path.exists():
                        write_atomically(path, _static_face(name, weight))
            except OSError as error:
                raise FontsUnavailableError(
                    f"The fonts of the PDF could not be made in {root}: {error.strerror}."
                ) from error
        yield path


def _static_face(name: str, weight: int) -> bytes:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - needed once a machine and script
    from fontTools.varLib import instancer  # noqa: PLC0415 - the same
    from manimgx_fonts import __file__ as package  # noqa: PLC0415 - the same

    source = Path(package).with_name(f"{name}[wght].ttf").read_bytes()
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    place = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes} | {"wght": weight}
    return font_bytes(instancer.instantiateVariableFont(font, place, updateFontNames=True))


def _han_faces(letters: str) -> Iterator[bytes]:
    """A regular and a bold face with these letters alone. Outlines become those of TrueType, as in all our faces."""
    from fontTools import subset  # noqa: PLC0415 - only for such letters
    from fontTools.fontBuilder import FontBuilder  # noqa: PLC0415 - the same
    from fontTools.pens.cu2quPen import Cu2QuPen  # noqa: PLC0415 - the same
    from fontTools.pens.ttGlyphPen import TTGlyphPen  # noqa: PLC0415 - the same
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - the same
    from manimgx_fonts_cjk import __file__ as package  # noqa: PLC0415 - the same

    path = Path(package).with_name("NotoSansCJK-VF.otf.ttc")
    with path.open("rb") as file:
        source: Any = TTFont(file, fontNumber=_HAN_FACE, lazy=True, recalcTimestamp=False)
        for table in (
            "VORG",
            "VVAR",
            "vhea",
            "vmtx",
            "BASE",
            "GPOS",
            "GSUB",
            "GDEF",
            "DSIG",
        ):  # of vertical text, and dear to cut
            del source[table]
        subsetter = subset.Subsetter(subset.Options(layout_features=[], notdef_outline=True, hinting=False))
        subsetter.populate(text=letters)
        subsetter.subset(source)
        cut = io.BytesIO(font_bytes(source))
    for face, weight in FONT_WEIGHTS.items():
        font: Any = TTFont(cut, recalcTimestamp=False)
        drawn = font.getGlyphSet(location={"wght": weight})
        glyphs = {}
        for name in font.getGlyphOrder():
            pen = TTGlyphPen(None)
            drawn[name].draw(Cu2QuPen(pen, max_err=1, reverse_direction=True))
            glyphs[name] = pen.glyph()
        header = font["hhea"]
        made = FontBuilder(font["head"].unitsPerEm, isTTF=True)
        made.setupGlyphOrder(font.getGlyphOrder())
        made.setupCharacterMap(font.getBestCmap())
        made.setupGlyf(glyphs)
        made.setupHorizontalMetrics(
            {
                name: (round(drawn[name].width), glyphs[name].xMin if glyphs[name].numberOfContours else 0)
                for name in glyphs
            }
        )
        made.setupHorizontalHeader(ascent=header.ascent, descent=header.descent)
        made.setupNameTable({"familyName": "Noto Sans CJK SC", "styleName": face.title()})
        made.setupOS2(usWeightClass=weight, usWinAscent=header.ascent, usWinDescent=-header.descent)
        made.setupPost()
        made.updateHead(created=font["head"].created, modified=font["head"].modified)
        yield font_bytes(made.font)


@contextmanager
def _file_in_memory(content: bytes) -> Iterator[str]:
    """A file that has an address while this lasts; where the system knows none in memory, one that is deleted then."""
    if not hasattr(os, "memfd_create"):
        with tempfile.NamedTemporaryFile(suffix=".ttf") as file:
            file.write(content)
            file.flush()
            yield file.name
        return
    with open(os.memfd_create("face"), "wb") as file:  # noqa: PTH123  # it has no path
        file.write(content)
        file.flush()
        yield f"/proc/self/fd/{file.fileno()}"
