"""From a compiled document to an edition: the one place where plain data becomes the engine's records.

A compiled document is what publishing writes and an installation stores: JSON-able, includes resolved, conditions in the
shape they have in the files. What rests on several places at once (an unknown option in a condition, a forward look) is
the checker's to find; here only the shape is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from assess.engine.bank import BuyerGroup, Dimension, Edition, Source
from assess.engine.nodes import DocumentError, Node
from assess.engine.reading_conditions import read_condition
from assess.engine.reading_duties import read_duty_book
from assess.engine.reading_questions import read_check, read_section

__all__ = ["FORMAT", "DocumentError", "digest_of", "read_condition", "read_edition"]

FORMAT = 1
"""Of compiled documents; others are refused."""


def digest_of(document: Mapping[str, object]) -> str:
    """SHA-256 of the document's one canonical form: sorted keys, no spaces, UTF-8."""
    plain = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def read_edition(document: Mapping[str, object]) -> Edition:
    """The edition a compiled document describes.

    Raises:
        DocumentError: when a key is missing, unknown or holds another kind of value, with its place.

    """
    node = Node(document, "")
    if node.whole("format") != FORMAT:
        raise DocumentError("format", f"this engine reads format {FORMAT} only")
    edition = Edition(
        bank=node.text("bank"),
        title=node.text("title"),
        sections=tuple(read_section(section) for section in node.nodes("sections")),
        checks=tuple(read_check(check) for check in node.nodes("checks")),
        dimensions=tuple(_dimension(dimension) for dimension in node.nodes("dimensions")),
        groups=tuple(_group(group) for group in node.nodes("groups")),
        owners=node.names("owners"),
        duty_book=read_duty_book(Node(node.need("duty_book"), "duty_book")),
        sources={name: _source(name, Node(raw, f"sources.{name}")) for name, raw in node.pairs("sources").items()},
    )
    node.done()
    return edition


def _dimension(node: Node) -> Dimension:
    dimension = Dimension(id=node.text("id"), name=node.text("name"), meaning=node.text("meaning"))
    node.done()
    return dimension


def _group(node: Node) -> BuyerGroup:
    group = BuyerGroup(id=node.text("id"), name=node.text("name"), dimensions=node.texts("dimensions"))
    node.done()
    return group


def _source(name: str, node: Node) -> Source:
    source = Source(
        id=name, document=node.text("document"), url=node.text("url"), how_far_read=node.text("how_far_read")
    )
    node.done()
    return source
