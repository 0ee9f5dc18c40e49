from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

from assess.kit.zipping import Sink, put

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_a_zip_comes_part_by_part_and_is_whole() -> None:
    sink, parts = Sink(), []
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content, method in (("a.pdf", b"%PDF" * 9000, zipfile.ZIP_STORED), ("b.txt", b"b" * 9000, 8)):
            put(archive, name, content, NOON, method)
            parts.append(sink.take())
            assert sink.take() == b"", "what was taken is kept no longer"
    parts.append(sink.take())
    assert len(parts[0]) > 36_000
    assert len(parts[1]) < 200, "the second was packed"
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as archive:
        assert archive.testzip() is None
        assert [(one.filename, one.date_time) for one in archive.infolist()] == [
            ("a.pdf", (2026, 11, 24, 0, 0, 0)),
            ("b.txt", (2026, 11, 24, 0, 0, 0)),
        ]
