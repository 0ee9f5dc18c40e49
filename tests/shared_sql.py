"""SQL that was compiled once in a process, for the databases of all tests in it.

SQLAlchemy keeps what it compiled with the engine and by its dialect. A test has an engine of its own, and so compiled every statement anew:
a fifth of the work of all tests that ask for a database.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Dialect
from sqlalchemy.util import LRUCache

from assess.core.config import Settings
from assess.core.db import Database
from assess.core.encryption import Keyring, _keyrings, use_keys

TEST_KEYS = Settings(env="development").data_keys
"""The keys of somebody's own machine, as the app has them in tests."""
_STATEMENTS = 5000

_dialects: dict[str, Dialect] = {}
_compiled: LRUCache[Any, Any] = LRUCache(_STATEMENTS)


def with_shared_sql(database: Database, keys: Keyring | None = None) -> Database:
    """The same database, before anything is asked of it. One with other keys stays as it is: what is encrypted finds its keys by the dialect."""
    if keys is not None and keys.current != TEST_KEYS.current:
        return database
    kind = database.engine.dialect.name
    if kind not in _dialects:
        with database.engine.connect():  # a dialect is ready when it has met its database
            _dialects[kind] = database.engine.dialect
    for engine in (database.engine, database._readers):
        engine.dialect = _dialects[kind]
        engine.update_execution_options(compiled_cache=_compiled)
    # the test before may have changed them
    _keyrings.pop(_dialects[kind], None)
    if keys is not None:
        use_keys(database.engine, keys)
    return database
