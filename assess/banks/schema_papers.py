"""The shape of a ready paper: what it is called, which questions it helps with, and its blocks."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import ValidationError, validates_schema

from assess.banks.schema_fields import AnyValue, Day, Flag, Group, Id, ListOf, Number, OneOf, Shape, Text

GROUPS = ("terms", "checks", "workers", "plans")
"""The kinds of paper, in the order in which pages list them."""
SIZES = ("page", "large", "poster")
"""Type of 12 points, of 18, and of a poster that is read from across a room."""
BLOCKS = ("heading", "text", "list", "numbered", "checklist", "table", "line", "space", "box", "new_page")


class TableShape(Shape):
    """A table to fill in: rows that are written already, then empty ones."""

    caption = Text(required=True)
    columns = ListOf(Text(), least=2, required=True)
    rows = ListOf(ListOf(Text(), least=1))
    empty = Number(whole=True, least=0)

    @validates_schema
    def full_rows(self, data: Mapping[str, object], **_: object) -> None:
        """A row must not be longer than the table is wide, and a table has rows."""
        rows = list(_listed(data.get("rows")))
        wide = len(list(_listed(data.get("columns"))))
        for index, row in enumerate(rows):
            if len(list(_listed(row))) > wide:
                raise ValidationError({"rows": {index: [f"BANK022|A row of at most {wide} cells belongs here."]}})
        if not rows and not data.get("empty"):
            raise ValidationError({"empty": ["BANK022|A table needs rows, or a number of empty ones."]})


class SpaceShape(Shape):
    """Room to write, under a few words."""

    label = Text(required=True)
    lines = Number(whole=True, least=1, required=True)


class BlockShape(Shape):
    """One part of a paper: exactly one of these keys."""

    heading = Text()
    text = Text()
    list_ = ListOf(Text(), least=1, key="list")
    numbered = ListOf(Text(), least=1)
    checklist = ListOf(Text(), least=1)
    table = Group(TableShape)
    line = Text()
    space = Group(SpaceShape)
    box = ListOf(Text(), least=1)
    new_page = Flag()

    @validates_schema(pass_original=True, skip_on_field_errors=True)
    def one_key(self, _data: object, original: object, **_: object) -> None:
        """Two keys in one block would have no order."""
        if isinstance(original, Mapping) and len(original) != 1:
            raise ValidationError(f"BANK022|One key belongs in each block, not {len(original)}.")


class PaperShape(Shape):
    """One ready paper."""

    format = AnyValue()
    paper = Id(required=True)
    title = Text(required=True)
    says = Text(required=True)
    group = OneOf(GROUPS, required=True)
    size = OneOf(SIZES)
    for_ = ListOf(Id(), least=1, required=True, key="for")
    blocks = ListOf(BlockShape, least=1, required=True)
    sources = ListOf(Id(capitals=True), least=1, required=True)
    reviewed = Day(required=True)
    review_by = Day(required=True)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []
