"""Two addresses for whoever watches over the site: is it alive, is it ready. They tell nothing but yes or no.

"Ready" uses a connection of its own, so that a crowded site is not taken for a broken one, and reads a real row, because a
damaged SQLite file still answers `SELECT 1`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from flask import Flask, Response
from sqlalchemy import text
from sqlalchemy.pool import NullPool

from assess.kit.engines import make_engine
from assess.kit.logs import log
from assess.kit.route_permissions import requires

LEAST_FREE = 0.1
PATIENCE_MS = 1000


def set_up_health(app: Flask, database_url: str, data_folder: Path) -> None:
    """Open /health/live and /health/ready."""
    engine = make_engine(database_url, patience_ms=PATIENCE_MS, poolclass=NullPool)

    def live() -> Response:
        return Response("alive\n", mimetype="text/plain")

    def ready() -> Response:
        reason = _why_not()
        if reason is None:
            return Response("ready\n", mimetype="text/plain")
        log("not_ready", reason=reason)
        return Response("not ready\n", status=503, mimetype="text/plain")

    def _why_not() -> str | None:
        # a worker of jobs reads this file, too, and has no need of Alembic; a site has read it before it starts
        from assess.kit.migrations import head  # noqa: PLC0415  # see above

        try:
            with engine.connect() as connection:
                found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        except Exception as error:  # noqa: BLE001  # whatever it is, the answer is "not ready"
            return f"database: {type(error).__name__}"
        if found != head():
            return "tables are of another release"
        if engine.dialect.name == "sqlite":
            space = shutil.disk_usage(data_folder)
            if space.free < LEAST_FREE * space.total:
                return "disk almost full"
        return None

    app.add_url_rule("/health/live", "health_live", requires("public.read")(live))
    app.add_url_rule("/health/ready", "health_ready", requires("public.read")(ready))
