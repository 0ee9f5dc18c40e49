"""How much a person has to read and tap: the words of a page that show in `main` without opening anything, and a count over a way of several pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement, document_fromstring

UNSEEN_TAGS = frozenset({"script", "style", "template", "noscript", "datalist"})
UNSEEN_CLASSES = frozenset({"govuk-visually-hidden", "assess-visually-hidden"})


def shown_words(html: str) -> list[str]:
    """The words of `main` as somebody with scripts sees them first: of `details` the summary, of a list to choose from what it stands at."""
    mains = document_fromstring(html).xpath("//main")
    return " ".join(_shown_texts(mains[0])).split() if mains else []


def _shown_texts(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and _shows(child):
            yield from _shown_texts(child)
        yield child.tail or ""


def _shows(element: HtmlElement) -> bool:
    if element.tag in UNSEEN_TAGS or "hidden" in element.attrib or element.get("aria-hidden") == "true":
        return False
    if UNSEEN_CLASSES.intersection(element.get("class", "").split()):
        return False
    parent = element.getparent()
    if parent.tag == "details" and "open" not in parent.attrib:
        return bool(element.tag == "summary")
    if element.tag == "option":
        options = list(parent.iter("option"))
        return element is next((one for one in options if "selected" in one.attrib), options[0])
    return True


@dataclass
class Effort:
    """What a way through the site asks of a person. A field that is filled in is one tap, and so is each button and link."""

    taps: int = 0
    pages: list[tuple[str, int]] = field(default_factory=list)
    """Address and words of each page that was seen, in order."""
    links: list[str] = field(default_factory=list)
    """Addresses of pages that offered a link to come back with."""

    def sees(self, address: str, html: str) -> None:
        self.pages.append((address, len(shown_words(html))))

    @property
    def words(self) -> int:
        return sum(words for _, words in self.pages)

    def __str__(self) -> str:
        seen = "\n".join(f"{words:6} {address}" for address, words in self.pages)
        return f"{len(self.pages)} pages, {self.words} words, {self.taps} taps\n{seen}"
