"""The names of countries in the language of the reader, from Unicode's CLDR; the only importer of Babel."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from babel import Locale, UnknownLocaleError

ENGLISH = "en_GB"


@lru_cache(maxsize=50)
def country_names(language: str = ENGLISH) -> Mapping[str, str]:
    """Names by two letters, in this language (`pl`, `en_GB`, `pt-BR`); in British English where the language is not known."""
    return dict(_locale(language).territories)


def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(ENGLISH)
