"""The file itself: a ZIP that is sent while it is made, so that an organisation of any size fits in little memory."""

from __future__ import annotations

import json
import uuid
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime

from assess.kit.clock import date_at
from assess.kit.db import Database, Document
from assess.kit.zipping import Sink, put
from assess.people.models import Organisation
from assess.people.organisations.described import describe
from assess.plans.organisation_export.gathering import (
    Listed,
    assessments_of,
    documents_of,
    is_still_of,
    plans_of,
    unprinted,
)


def packed(database: Database, organisation_id: uuid.UUID, now: datetime) -> Iterator[bytes]:
    """The ZIP, part by part. Whoever asks was let in already; what is deleted meanwhile is left out.

    Each assessment is read in a transaction of its own.
    """
    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        with database.reading() as look:
            organisation = look.get(Organisation, organisation_id)
            head = describe(look, organisation, now) if organisation else {}
            listed = assessments_of(look, organisation_id)
            missing = unprinted(look, listed, now)
        put(archive, "READ-ME.txt", _words(listed, [one for one in listed if one.id in missing], now), now)
        put(archive, "organisation.json", _json(head), now)
        yield sink.take()
        for one in listed:
            with database.reading() as look:
                if not is_still_of(look, one.id, organisation_id):
                    continue
                for name, document in documents_of(look, one):
                    put(archive, f"{one.folder}/{name}", _json(document), now)
                    yield sink.take()
                for name, content in plans_of(look, one):
                    put(archive, f"{one.folder}/{name}", content, now, method=zipfile.ZIP_STORED)
                    yield sink.take()
    yield sink.take()


def _json(document: Document) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _words(listed: Sequence[Listed], missing: Sequence[Listed], now: datetime) -> bytes:
    lines = [
        f"All data of your organisation on {date_at(now).isoformat()}.",
        "",
        "It holds everything that was answered. Keep it where only those can read it who may read the answers.",
        "",
        "organisation.json: name, sites, people and invitations.",
        *(f"{one.folder}: {one.sector}{', ' + one.site if one.site else ''}" for one in listed),
        "In each folder: self-check.json, one file for each time it was submitted, and the plans that were printed (PDF).",
    ]
    if missing:
        lines += ["", "The plan as it stands now was not printed yet for:", *(one.folder for one in missing)]
    return "\r\n".join([*lines, ""]).encode()
