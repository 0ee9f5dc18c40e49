"""The seal of a submission: proves its record, and still does after words of the business's own were taken out of it.

A record without such words needs none: its digest is the SHA-256 of the whole. Else the digest is the root of the tree of
`assess.engine.own_words`. A submission from before seals keeps its digest as its name; it gets a seal when words are taken
out for the first time, after its own digest was checked once more.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assess.engine.own_words import MARK, holds, leaf, own_word_paths, root, text_at, with_mark
from assess.engine.record import canonical
from assess.kit.db import Document

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Seal:
    """Root, salts of the texts that are there, leaves of those that are gone, both by path.

    `late`: made for a submission from before seals. `sound`: its record was still the one that was frozen when this was made.
    """

    root: str
    salts: Mapping[str, str]
    gone: Mapping[str, str]
    late: bool = False
    sound: bool = True

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Seal:
        """From what is stored."""
        return cls(data["root"], data["salts"], data["gone"], late=data["late"], sound=data["sound"])

    def as_data(self) -> Document:
        """As it is stored."""
        return {
            "root": self.root,
            "salts": dict(self.salts),
            "gone": dict(self.gone),
            "late": self.late,
            "sound": self.sound,
        }


def plain_digest(record: Document) -> str:
    """The SHA-256 of the canonical form of a record, in hexadecimal."""
    return hashlib.sha256(canonical(record)).hexdigest()


def seal_of(record: Document) -> Seal | None:
    """A new seal over a record; None when no free text stands in it."""
    salts = {path: secrets.token_hex(SALT_BYTES) for path in own_word_paths(record)}
    return Seal(_root(record, salts, {}), salts, {}) if salts else None


def late_seal(record: Document, digest: str) -> Seal | None:
    """A seal over a record that was frozen by its plain digest."""
    found = seal_of(record)
    if found is None:
        return None
    return Seal(found.root, found.salts, {}, late=True, sound=plain_digest(record) == digest)


def proves(seal: Seal, record: Document, digest: str) -> bool:
    """Whether this record is the one that was sealed, but for the words that are gone, at whose places nothing but the mark stands."""
    try:
        marked = all(text_at(record, path) == MARK for path in seal.gone)
        same = _root(record, seal.salts, seal.gone) == seal.root
    except (LookupError, TypeError, ValueError):
        return False
    return marked and same and seal.sound and (seal.late or seal.root == digest)


def without(seal: Seal, record: Document, text: str) -> tuple[Document, Seal] | None:
    """The record without this text and the seal that goes with it; None when it stands nowhere in it."""
    going = [path for path in seal.salts if holds(text, text_at(record, path))]
    if not going:
        return None
    gone = {**seal.gone, **{path: leaf(seal.salts[path], path, text_at(record, path)) for path in going}}
    salts = {path: salt for path, salt in seal.salts.items() if path not in gone}
    return with_mark(record, going), Seal(seal.root, salts, gone, late=seal.late, sound=seal.sound)


def texts_in(seal: Seal | None, record: Document) -> Sequence[tuple[str, str]]:
    """The free texts of a record by path, those that are gone left out."""
    gone = seal.gone if seal else {}
    found = ((path, text_at(record, path)) for path in own_word_paths(record) if path not in gone)
    return [(path, text) for path, text in found if isinstance(text, str)]


def _root(record: Document, salts: Mapping[str, str], gone: Mapping[str, str]) -> str:
    leaves = {path: leaf(salt, path, text_at(record, path)) for path, salt in salts.items()}
    return root(record, {**leaves, **gone})
