"""Who runs this installation, as pages and paper show it: name, contact, person, logo and colour. Checks logo file and colour."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from xml.etree.ElementTree import Element, ParseError  # only the types: defusedxml parses

from markupsafe import Markup

TEAL = "#0b4f4a"
INK = "#14211f"
MIN_CONTRAST = 7.0
"""Of the accent on white, and so of white on it."""
MAX_LOGO_BYTES = 100_000
"""It goes into every page's cache and into every file that is printed."""
MAX_LOGO_PIXELS = 2000
LogoType = Literal["image/svg+xml", "image/png"]

_PNG_START = b"\x89PNG\r\n\x1a\n"
_ACTIVE_ELEMENTS = frozenset({"script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler"})
_OUTSIDE = re.compile(r"@import|url\(\s*['\"]?(?!['\"]?#)|javascript:|expression\(", re.IGNORECASE)
_INSIDE = re.compile(r"#|data:image/(png|jpeg);base64,", re.IGNORECASE)


class BadLogoError(Exception):
    """The file is no logo that can be shown. The message is the end of a sentence about it."""


@dataclass(frozen=True, slots=True)
class Logo:
    content: bytes
    media_type: LogoType

    @property
    def file_name(self) -> str:
        """Its name among the static files."""
        return "operator-logo.png" if self.media_type == "image/png" else "operator-logo.svg"

    @property
    def data_uri(self) -> str:
        """The whole picture as an address, for documents that a process prints that reads no file."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode()}"


@dataclass(frozen=True, slots=True)
class OperatorIdentity:
    """`colour` has 7:1 on white; `refused_colour` is the one that was set, where it had less."""

    name: str
    contact: str | None
    person: str | None
    person_says: str | None
    logo: Logo | None
    colour: str = TEAL
    refused_colour: str | None = None


LOGO_PLACE = "<!--operator-logo-->"
"""Where a printed document has room for the logo."""
_PRINTED_LOGO = Markup('<p class="operator-logo"><img src="{}" alt="{}"></p>')


def with_identity(html: str, identity: OperatorIdentity) -> str:
    """A document ready to be printed, its drawings too, in the colour and with the logo of who runs this."""
    if identity.logo is not None:
        html = html.replace(LOGO_PLACE, _PRINTED_LOGO.format(identity.logo.data_uri, identity.name))
    return html.replace(TEAL, identity.colour)


def choose_colour(wanted: str) -> str:
    """The colour that was set, or ink where it is too light to read."""
    return wanted if contrast_on_white(wanted) >= MIN_CONTRAST else INK


def darker(colour: str) -> str:
    """The same colour for what is pressed or pointed at."""
    return "#" + "".join(f"{int(int(colour[at : at + 2], 16) * 0.7):02x}" for at in (1, 3, 5))


def contrast_on_white(colour: str) -> float:
    """As WCAG 2 defines it, of "#rrggbb"."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004  # sRGB


def read_logo(path: Path) -> Logo:
    """Raises `BadLogoError` where the file is missing, too large, no SVG or PNG, or an SVG that runs or fetches something."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_LOGO_BYTES + 1)
    except OSError as error:
        raise BadLogoError(f"cannot be read: {type(error).__name__}") from error
    if len(content) > MAX_LOGO_BYTES:
        raise BadLogoError(f"is larger than {MAX_LOGO_BYTES // 1000} KB")
    if content.startswith(_PNG_START):
        sides = [int.from_bytes(content[at : at + 4]) for at in (16, 20)]
        if content[12:16] != b"IHDR" or not all(1 <= side <= MAX_LOGO_PIXELS for side in sides):
            raise BadLogoError(f"has to be a PNG of at most {MAX_LOGO_PIXELS} pixels a side")
        return Logo(content, "image/png")
    _check_svg(content)
    return Logo(content, "image/svg+xml")


def _check_svg(content: bytes) -> None:
    # few installations have a logo, and the library has no types
    from defusedxml import DefusedXmlException  # type: ignore[import-untyped]  # noqa: PLC0415  # see above
    from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]  # noqa: PLC0415  # see above

    try:
        root: Element = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise BadLogoError("is neither a PNG nor a whole SVG without entities") from error
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        raise BadLogoError("is neither an SVG nor a PNG")
    if b"<?xml-stylesheet" in content:
        raise BadLogoError("fetches a style sheet")
    for element in root.iter():
        name = _local_name(element.tag)
        if name in _ACTIVE_ELEMENTS:
            raise BadLogoError(f"holds <{name}>: export it as a plain SVG")
        for attribute, value in element.attrib.items():
            _check_attribute(_local_name(attribute), value)
        if _OUTSIDE.search(element.text or ""):
            raise BadLogoError("fetches something from elsewhere")


def _check_attribute(name: str, value: str) -> None:
    if name.startswith("on"):
        raise BadLogoError(f"runs a script ({name})")
    if _OUTSIDE.search(value) or (name in {"href", "src"} and not _INSIDE.match(value.strip())):
        raise BadLogoError("fetches something from elsewhere")


def _local_name(name: str) -> str:
    return str(name).rpartition("}")[2].lower()
