"""The reader: a process of its own that reads one file and ends. `python -m assess.suppliers.importing.child xlsx|csv`.

It gets the file from standard input and writes {"rows": …} or {"refused": a sentence} to standard output. It has no database, no
secrets and no address to call, and a limit on everything a hostile file could use up.
"""

from __future__ import annotations

import json
import sys

from assess.kit.workbooks.limits import limit_this_process
from assess.kit.workbooks.refusing import FileRefusedError
from assess.suppliers.importing.refusing import Rows


def read(kind: str, data: bytes) -> Rows:
    """The rows of a file of this kind.

    Raises:
        FileRefusedError
    """
    # each library is read only where it is needed: a CSV file is opened in half the time
    if kind == "csv":
        from assess.suppliers.importing.text_file import read_text  # noqa: PLC0415  # see above

        return read_text(data)
    from assess.suppliers.importing.workbook import read_workbook  # noqa: PLC0415  # see above

    return read_workbook(data)


def answer(kind: str, data: bytes) -> bytes:
    """What the parent is told."""
    try:
        said: dict[str, object] = {"rows": read(kind, data)}
    except FileRefusedError as refused:
        said = {"refused": str(refused)}
    return json.dumps(said).encode()


if __name__ == "__main__":
    limit_this_process()
    sys.stdout.buffer.write(answer(sys.argv[1], sys.stdin.buffer.read()))
