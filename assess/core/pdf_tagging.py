"""Mends the tags WeasyPrint writes, on its own objects, right before the file is written.

Pages cut things in pieces, and WeasyPrint tags every piece as a thing of its own; its header cells have no scope, and its
running footers pass for text. This makes one table of a table that crosses pages, one list of a list, one part of a
part; says of each header cell whether it heads a column or a row; and takes the footers out of what is read aloud.

It rests on what our templates keep to: a part and a card start with a heading, a table has a caption, no two lists stand
side by side, and neither a row nor a list item is cut by a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pydyf

PRODUCER = "Assess"
_NO_RELATIONSHIPS: Mapping[str, str] = MappingProxyType({})
_PRINT_FLAG = 4  # bit 3 of an annotation's flags: it is printed too

Element = Any
"""An object of the file; most are structure elements, with their kind in S and their kids in K. pydyf carries no types."""

Pdf = Any
"""A pydyf file."""


def fix_tags(document: object, pdf: Pdf, relationships: Mapping[str, str] = _NO_RELATIONSHIPS) -> None:
    """The hook of `Document.write_pdf`. Raises nothing on a file it does not know: it leaves alone what it does not find.

    `relationships` says of files inside, by their names, what they are to the document.
    """
    del document
    tree = _StructureTree(pdf)
    tree.prune(tree.top)
    tree.join(tree.top)
    tree.wrap_list_item_bodies(tree.top)
    tree.scope(tree.top, column=False)
    tree.dismiss_unread_content()
    for page in tree.pages:
        for reference in page.get("Annots", ()):
            tree.find(reference)["F"] = _PRINT_FLAG
    _set_relationships(pdf, relationships)
    _set_producer(pdf)


def _set_relationships(pdf: Pdf, relationships: Mapping[str, str]) -> None:
    """Say of each file inside what it is to the document; WeasyPrint does that for PDF/A alone."""
    files = [thing for thing in pdf.objects if isinstance(thing, pydyf.Dictionary) and thing.get("Type") == "/Filespec"]
    for file in files:
        file["AFRelationship"] = "/" + relationships.get(str(file["UF"].string), "Unspecified")
    if files:
        pdf.catalog["AF"] = pydyf.Array([file.reference for file in files])


def _set_producer(pdf: Pdf) -> None:
    named = str(pdf.info["Producer"].string)
    pdf.info["Producer"] = pydyf.String(PRODUCER)
    pdf.info["Creator"] = pydyf.String(PRODUCER)
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    metadata.stream = [part.replace(named.encode(), PRODUCER.encode()) for part in metadata.stream]


class _StructureTree:
    """The structure tree of one file, with its pages and what each piece of page content belongs to."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._objects = pdf.objects
        self.pages = [self.find(reference) for reference in pdf.page_references]
        root = self.find(pdf.catalog["StructTreeRoot"])
        self.top: Element = self.find(root["K"][0])
        # the tree of numbers holds pages first, each as a list, then one reference for each link
        self._owners = [owners for owners in self.find(root["ParentTree"])["Nums"][1::2] if isinstance(owners, list)]

    def find(self, reference: bytes) -> Element:
        return self._objects[int(reference.split()[0])]

    def kids(self, element: Element) -> list[Element]:
        """The kids that are structure elements, in order."""
        found = (self.find(kid) for kid in element["K"] if isinstance(kid, bytes))
        return [kid for kid in found if kid.get("Type") == "/StructElem"]

    def prune(self, element: Element) -> None:
        """Drop what holds nothing, such as the box for a pen."""
        for kid in self.kids(element):
            self.prune(kid)
            if not kid["K"] and kid["S"] in ("/Span", "/NonStruct", "/Div"):
                element["K"].remove(kid.reference)

    # --- pieces made whole -------------------------------------------------------------------------

    def join(self, element: Element) -> None:
        """Join each run of pieces among the kids of an element, and below them."""
        whole: Element | None = None
        for kid in self.kids(element):
            if whole is not None and self._goes_on(whole, kid):
                self._take_in(whole, kid)
                element["K"].remove(kid.reference)
            else:
                whole = kid
        for kid in self.kids(element):
            self.join(kid)

    def _goes_on(self, whole: Element, piece: Element) -> bool:
        kind = piece["S"]
        if whole["S"] != kind or self._last_page(whole) == self._first_page(piece):
            return False
        if kind in ("/Sect", "/Art", "/Part"):
            kids = self.kids(piece)
            return bool(kids) and kids[0]["S"] not in ("/H1", "/H2", "/H3", "/H4", "/H5", "/H6")
        if kind == "/Table":
            return all(kid["S"] != "/Caption" for kid in self.kids(piece))
        return bool(kind == "/L")

    def _first_page(self, element: Element) -> bytes:
        kids = self.kids(element)
        return self._first_page(kids[0]) if kids else bytes(element["Pg"])

    def _last_page(self, element: Element) -> bytes:
        kids = self.kids(element)
        return self._last_page(kids[-1]) if kids else bytes(element["Pg"])

    def _take_in(self, whole: Element, piece: Element) -> None:
        if piece["S"] == "/Table":
            self._drop_repeated_header(whole, piece)
        target = whole
        for kid in self.kids(piece):
            bodies = [body for body in self.kids(whole) if body["S"] == "/TBody"]
            if kid["S"] == "/TBody" and bodies:
                target = bodies[-1]
                for row in self.kids(kid):
                    self._move(row, target)
            else:
                self._move(kid, whole)

    def _move(self, kid: Element, target: Element) -> None:
        kid["P"] = target.reference
        target["K"].append(kid.reference)

    def _drop_repeated_header(self, whole: Element, piece: Element) -> None:
        """A header printed again on the next page is furniture; its cells' names become those of the first one."""
        heads = [kid for kid in self.kids(piece) if kid["S"] == "/THead"]
        if all(kid["S"] != "/THead" for kid in self.kids(whole)):
            return  # only the caption stood on the page before: this header is the first
        for head in heads:
            piece["K"].remove(head.reference)
        old, new = f"{piece.number}-", f"{whole.number}-"
        own = {str(cell["ID"].string) for cell in self._below(piece, "/TH")}
        for cell in self._below(piece, "/TD"):
            headers = cell["A"].get("Headers", ())
            for index, name in enumerate(headers):
                if name.string not in own and name.string.startswith(old):
                    headers[index] = pydyf.String(new + name.string.removeprefix(old))

    def _below(self, element: Element, kind: str) -> Iterator[Element]:
        for kid in self.kids(element):
            if kid["S"] == kind:
                yield kid
            yield from self._below(kid, kind)

    # --- list items ------------------------------------------------------------------------------

    def wrap_list_item_bodies(self, element: Element) -> None:
        """An item whose marker stands inside the line has its words loose beside the marker: put them in a body."""
        for kid in self.kids(element):
            if kid["S"] == "/LI" and all(part["S"] != "/LBody" for part in self.kids(kid)):
                self._give_body(kid)
            self.wrap_list_item_bodies(kid)

    def _give_body(self, item: Element) -> None:
        words = [part for part in self.kids(item) if part["S"] != "/Lbl"]
        body = pydyf.Dictionary(
            {"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array([]), "Pg": item["Pg"], "P": item.reference}
        )
        self._pdf.add_object(body)
        for part in words:
            item["K"].remove(part.reference)
            self._move(part, body)
        item["K"].append(body.reference)

    # --- header cells ------------------------------------------------------------------------------

    def scope(self, element: Element, *, column: bool) -> None:
        """A header cell in the head of a table heads its column, any other its row."""
        for kid in self.kids(element):
            if kid["S"] == "/TH":
                kid["A"]["Scope"] = "/Column" if column else "/Row"
            self.scope(kid, column=column or kid["S"] == "/THead")

    # --- what is not read ----------------------------------------------------------------------------

    def dismiss_unread_content(self) -> None:
        """Content of elements outside the tree (footers, repeated headers) becomes an artifact of the page."""
        read = {self.top.number}
        self._collect(self.top, read)
        for page, owners in zip(self.pages, self._owners, strict=True):
            lost = {place for place, owner in enumerate(owners) if int(owner.split()[0]) not in read}
            for place in lost:
                owners[place] = b"null"
            stream = self.find(page["Contents"]).stream
            for index, item in enumerate(stream):
                if isinstance(item, pydyf.Dictionary) and item.get("MCID") in lost:
                    stream[index - 1] = "/Artifact"
                    stream[index] = pydyf.Dictionary({"Type": "/Pagination"})

    def _collect(self, element: Element, read: set[int]) -> None:
        for kid in self.kids(element):
            read.add(kid.number)
            self._collect(kid, read)
