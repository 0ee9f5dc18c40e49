"""One line as people write it, taken apart: “prawns from Ecuador” names a country, “laundry and cleaning” two things.

Only words our lists know are taken apart. Everything else stays as it was written, and the page asks what it may be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from marshmallow import ValidationError

from assess.assessments.purchases.countries import read_country
from assess.assessments.purchases.keeping import Said
from assess.engine.reference import Offer, Reference

_FROM = re.compile(r"(.+?),? from (.+)", re.IGNORECASE)
_AND = re.compile(r",? (?:and|&) ", re.IGNORECASE)


def taken_apart(goods: Iterable[str], reference: Reference) -> list[Said]:
    """What goes on the list, in the order it was written. A country stands with goods alone: workers who come from one work here."""
    return [said for good in goods for said in _apart(good, reference)]


def _apart(good: str, reference: Reference) -> Sequence[Said]:
    whole = [Said(good)]
    if reference.offer(good) is not None:
        return whole
    things, country = _country_of(good, reference)
    parts = [things] if reference.offer(things) is not None else _AND.split(things)
    offers = [reference.offer(part.casefold()) for part in parts]
    if not _are_different(offers) or (country and any(offer and offer.kind == "service" for offer in offers)):
        return whole
    return [Said(part.casefold(), country) for part in parts]


def _country_of(good: str, reference: Reference) -> tuple[str, str | None]:
    """The words before “from”, and the country after it; all words where no country of ours stands there."""
    found = _FROM.fullmatch(good)
    if found is None:
        return good, None
    try:
        country = read_country(found[2], {one.code: one.name for one in reference.countries.values()})
    except ValidationError:
        country = None
    return (found[1], country) if country else (good, None)


def _are_different(offers: Sequence[Offer | None]) -> bool:
    """Whether all are known, and none twice: “milk and butter” is one usual purchase."""
    keys = [offer.key for offer in offers if offer is not None]
    return len(keys) == len(offers) == len(set(keys))
