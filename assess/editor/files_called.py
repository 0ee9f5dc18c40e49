"""What a file of the shelf is called on a page: people know its bank or its matter, not its name."""

from __future__ import annotations

from assess.banks.sheets import Sheet

SHARED = "What all sectors are asked"


def file_called(name: str, sheet: Sheet | None) -> str:
    """“Farming and growing”, “Contacts (settings)”. `sheet` is None when there is no such file any more."""
    written = sheet.written if sheet else {}
    if "common" in written:
        return SHARED
    if "bank" in written and written.get("title"):
        return str(written["title"])
    folder, _, rest = name.rpartition("/")
    title = rest.partition(".")[0].replace("_", " ").capitalize()
    title = "UK" if title == "Uk" else title
    return f"{title} ({folder})" if folder else title
