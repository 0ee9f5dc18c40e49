"""The two faces of the printed page: Noto Sans regular and bold, made once and kept in a cache folder.

The font package holds one variable file. Laying text out with it costs a tenth more, and a font found on the host would
change line breaks from machine to machine. So two static files are cut from it on first use, with the timestamp of the
source, and fontconfig is shown that folder and no other: the same text gives the same bytes everywhere.

`python -m assess.core.fonts` makes them, as a worker has it done when it starts.
"""

from __future__ import annotations

import fcntl
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from xml.sax.saxutils import escape

FONT_WEIGHTS = {"regular": 400, "bold": 700}

FONT_RECIPE_VERSION = 1
"""Number of the way the faces are cut; a change of it makes new files beside the old ones."""

# Latin with its extensions, Greek, Cyrillic, Vietnamese, punctuation, money and arrows
_FONT_FEATURES = ("kern", "liga", "clig", "rlig", "calt", "ccmp", "locl", "mark", "mkmk")

_FONTCONFIG_XML = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}</dir>
  <cachedir>{folder}/cache</cachedir>
</fontconfig>
"""


class FontsUnavailableError(Exception):
    """The faces could not be made; the sentence says why."""


def cache_folder() -> Path:
    """Where made files are kept: the user's cache folder, else a private folder beside other temporary files."""
    home = os.environ.get("XDG_CACHE_HOME") or (Path.home() / ".cache" if os.environ.get("HOME") else None)
    candidates = [Path(home)] if home else []
    candidates.append(Path(tempfile.gettempdir()) / f"assess-{os.getuid()}")
    for candidate in candidates:
        folder = candidate / "assess"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            continue
        # a folder that another user could write to might hold that user's font
        if folder.stat().st_uid == os.getuid() and os.access(folder, os.W_OK):
            return folder
    raise FontsUnavailableError("There is no folder to keep the fonts of the PDF in: set XDG_CACHE_HOME to one.")


def fontconfig_file(cache: Path | None = None) -> Path:
    """The fontconfig file that knows our two faces and nothing else; makes them when they are not there yet.

    About five seconds the first time, a few file checks afterwards. Safe with several processes at once.
    Raises `FontsUnavailableError` (the font package is missing or the cache folder cannot be written).
    """
    config = _fontconfig_path(cache or cache_folder())
    folder = config.parent
    if config.exists():
        return config
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with exclusive_lock(folder / "lock"):
            if not config.exists():
                narrowed = _subset_font(_font_source().read_bytes())
                for face, weight in FONT_WEIGHTS.items():
                    write_atomically(folder / f"noto-sans-{face}.ttf", _build_font(narrowed, weight))
                write_atomically(config, _FONTCONFIG_XML.format(folder=escape(str(folder))).encode())
    except OSError as error:
        raise FontsUnavailableError(f"The fonts of the PDF could not be made in {folder}: {error.strerror}.") from error
    return config


def fonts_are_built() -> bool:
    """Whether there is nothing left to make on this machine. Raises `FontsUnavailableError` (there is no folder to keep them in)."""
    return _fontconfig_path(cache_folder()).exists()


def _fontconfig_path(root: Path) -> Path:
    return root / f"fonts-{version('fontpkg-noto-sans')}-{version('fonttools')}-{FONT_RECIPE_VERSION}" / "fonts.conf"


@contextmanager
def exclusive_lock(lock: Path) -> Iterator[None]:
    with lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def write_atomically(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)


def _font_source() -> Path:
    from fontpkg_noto_sans import ROOT  # noqa: PLC0415 - only needed when the faces are made

    found = sorted(path for path in Path(ROOT).glob("files/NotoSans*wght*.ttf") if "Italic" not in path.name)
    if not found:
        raise FontsUnavailableError("The package fontpkg-noto-sans holds no variable Noto Sans: install it again.")
    return found[0]


def _subset_font(source: bytes) -> bytes:
    from fontTools import subset  # noqa: PLC0415 - costs a third of a second and is needed once a machine
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - the same

    options = subset.Options(
        layout_features=list(_FONT_FEATURES),
        name_IDs=["*"],
        name_languages=["*"],
        notdef_outline=True,
        hinting=False,
        recalc_timestamp=False,
    )
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=(*range(0x20, 0x250), *range(0x2B0, 0x530), *range(0x1E00, 0x2400)))
    subsetter.subset(font)
    return font_bytes(font)


def _build_font(narrowed: bytes, weight: int) -> bytes:
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - needed once a machine
    from fontTools.varLib import instancer  # noqa: PLC0415 - the same

    font = TTFont(io.BytesIO(narrowed), recalcTimestamp=False)
    return font_bytes(instancer.instantiateVariableFont(font, {"wght": weight, "wdth": 100}, updateFontNames=True))


def font_bytes(font: object) -> bytes:
    buffer = io.BytesIO()
    font.save(buffer)  # type: ignore[attr-defined]  # fontTools carries no types
    return buffer.getvalue()


if __name__ == "__main__":
    os.nice(5)  # the site goes first
    try:
        fontconfig_file()
    except FontsUnavailableError as error:
        sys.exit(str(error))
