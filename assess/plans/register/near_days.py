"""A day near enough to be written with two digits of its year: “1/3/27” is the first of March 2027."""

from __future__ import annotations

import re

from assess.assessments.fields import Day

_SHORT_YEAR = re.compile(r"(.+[ /.-])([0-9]{2})")


class NearDay(Day):
    """A typed day of this century. What the register asks for was or will be within a few years."""

    def __init__(self) -> None:
        super().__init__(typed=True, may_be_unknown=False)

    def _parts(self, text: str) -> tuple[int, int, int] | None:
        whole = super()._parts(text)
        short = _SHORT_YEAR.fullmatch(text) if whole is None else None
        return whole if short is None else super()._parts(f"{short[1]}20{short[2]}")
