"""Which place of an organisation: chosen from a list, or added by its name, on every form that asks for it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from assess.assessments.fields import Words, sentences
from assess.people.models import LONGEST_NAME, Site
from assess.people.organisations.keeping import MOST_SITES, SiteTwiceError, add_site, sites

NEW = "new"


@dataclass(frozen=True, slots=True)
class Place:
    """A site that is there, or the name of one to add."""

    site_id: uuid.UUID | None = None
    new_name: str | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form says: the place where it is sound, else faults by field."""

    place: Place
    site: str
    name: str
    faults: Mapping[str, str]


def read_place(form: Mapping[str, str], there: Sequence[Site]) -> Typed:
    """Read `site` (an id or `NEW`) and `site_name`. Where there is no list to choose from, only the name is asked."""
    chosen, typed = form.get("site", "") if there else NEW, form.get("site_name", "")[: 4 * LONGEST_NAME].strip()
    known = {str(site.id): site.id for site in there}
    if chosen in known:
        return Typed(Place(known[chosen]), chosen, typed, {})
    if len(there) >= MOST_SITES and chosen == NEW:
        return Typed(
            Place(), NEW, typed, {"site": f"An organisation can have {MOST_SITES} places here. Choose one of them."}
        )
    if chosen != NEW:
        return Typed(Place(), "", typed, {"site": "Choose which place this is about."})
    try:
        name = Words(LONGEST_NAME).deserialize(typed)
    except ValidationError as refusal:
        return Typed(Place(), NEW, typed, {"site_name": " ".join(sentences(refusal))})
    if not name:
        return Typed(Place(), NEW, typed, {"site_name": "Give the place a name you know it by, like “Acle Road yard”."})
    same = next((site.id for site in there if site.name.casefold() == name.casefold()), None)
    return Typed(Place(same) if same else Place(None, name), NEW, typed, {})


def site_for(session: Session, organisation_id: uuid.UUID, place: Place, now: datetime) -> uuid.UUID | None:
    """The id of the place in this organisation, added where it is new; None when it is not one of theirs."""
    if place.site_id is not None:
        return session.scalar(select(Site.id).where(Site.id == place.site_id, Site.organisation_id == organisation_id))
    if place.new_name is None:
        return None
    try:
        return add_site(session, organisation_id, place.new_name, now).id
    except SiteTwiceError:
        return next(
            site.id for site in sites(session, organisation_id) if site.name.casefold() == place.new_name.casefold()
        )
