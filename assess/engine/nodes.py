"""Reading a compiled document piece by piece, with the place of every piece, so that a fault names where it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

Chosen = TypeVar("Chosen", bound=str)


class DocumentError(Exception):
    """A compiled document that the engine cannot read. `place` is a path such as "sections[0].questions[2].options"."""

    def __init__(self, place: str, message: str) -> None:
        """Keep place and message apart for those who print them in their own way."""
        super().__init__(f"{place or 'document'}: {message}")
        self.place = place
        self.message = message


class Node:
    """A mapping of a document. Every key must be taken; `done` refuses what is left. A null is an absent key."""

    def __init__(self, raw: object, place: str) -> None:
        """Accept only a mapping with text keys."""
        if not isinstance(raw, Mapping) or not all(isinstance(key, str) for key in raw):
            raise DocumentError(place, "this must be a group of named values")
        self._raw: dict[str, object] = {key: value for key, value in raw.items() if value is not None}
        self.place = place

    def at(self, key: str) -> str:
        """The place of one key."""
        return f"{self.place}.{key}" if self.place else key

    def names_left(self) -> tuple[str, ...]:
        """The keys that have not been taken yet."""
        return tuple(self._raw)

    def has(self, key: str) -> bool:
        """Whether the key stands there and has not been taken yet."""
        return key in self._raw

    def take(self, key: str) -> object:
        """The raw value, None when the key is absent."""
        return self._raw.pop(key, None)

    def need(self, key: str) -> object:
        """The raw value of a key that must be there."""
        value = self.take(key)
        if value is None:
            raise DocumentError(self.place, f"“{key}” is missing")
        return value

    def text(self, key: str) -> str:
        """A text that must be there."""
        return as_text(self.need(key), self.at(key))

    def text_or_none(self, key: str) -> str | None:
        """A text that may be absent."""
        return self.text(key) if self.has(key) else None

    def one_of(self, key: str, choices: tuple[Chosen, ...]) -> Chosen:
        """One of some words."""
        found = self.text(key)
        for choice in choices:
            if found == choice:
                return choice
        raise DocumentError(self.at(key), f"“{found}” must be one of: {', '.join(choices)}")

    def one_of_or_none(self, key: str, choices: tuple[Chosen, ...]) -> Chosen | None:
        """One of some words, or absent."""
        return self.one_of(key, choices) if self.has(key) else None

    def number(self, key: str) -> float:
        """A number that must be there."""
        return as_number(self.need(key), self.at(key))

    def number_or_none(self, key: str) -> float | None:
        """A number that may be absent."""
        return self.number(key) if self.has(key) else None

    def whole(self, key: str) -> int:
        """A whole number that must be there."""
        return as_whole(self.need(key), self.at(key))

    def whole_or_none(self, key: str) -> int | None:
        """A whole number that may be absent."""
        return self.whole(key) if self.has(key) else None

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false, `default` when absent."""
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise DocumentError(self.at(key), "this must be true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty when absent."""
        return tuple(as_text(part, place) for part, place in self.items(key))

    def items(self, key: str) -> Iterable[tuple[object, str]]:
        """The parts of a list with their places, nothing when absent."""
        value = self.take(key)
        if value is None:
            return []
        return [(part, f"{self.at(key)}[{index}]") for index, part in enumerate(as_list(value, self.at(key)))]

    def nodes(self, key: str) -> list[Node]:
        """The parts of a list, each a group of named values."""
        return [Node(part, place) for part, place in self.items(key)]

    def pairs(self, key: str) -> dict[str, object]:
        """A mapping whose keys are ids, empty when absent."""
        value = self.take(key)
        return {} if value is None else Node(value, self.at(key)).rest()

    def names(self, key: str) -> dict[str, str]:
        """A mapping from id to text, empty when absent."""
        return {name: as_text(value, f"{self.at(key)}.{name}") for name, value in self.pairs(key).items()}

    def rest(self) -> dict[str, object]:
        """All that was not taken."""
        taken, self._raw = self._raw, {}
        return taken

    def done(self) -> None:
        """Refuse keys that nobody reads: they would be silently without effect."""
        if self._raw:
            raise DocumentError(self.place, f"unknown key “{next(iter(self._raw))}”")


def as_text(value: object, place: str) -> str:
    """The value, which must be a text."""
    if not isinstance(value, str):
        raise DocumentError(place, "this must be a text")
    return value


def as_number(value: object, place: str) -> float:
    """The value, which must be a number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise DocumentError(place, "this must be a number")
    return value


def as_whole(value: object, place: str) -> int:
    """The value, which must be a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise DocumentError(place, "this must be a whole number")
    return value


def as_list(value: object, place: str) -> list[object]:
    """The value, which must be a list."""
    if not isinstance(value, (list, tuple)):
        raise DocumentError(place, "this must be a list")
    return list(value)
