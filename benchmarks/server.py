"""A site as `assess serve` starts it, on a port of its own, for measurements that need real processes and connections."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from urllib.parse import urlencode

from bs4 import BeautifulSoup

PATIENCE = 60.0


@dataclass(frozen=True)
class Site:
    """A running site."""

    port: int
    folder: Path

    def address(self, path: str) -> str:
        return f"http://localhost:{self.port}{path}"


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Site]:
    """Serve a new installation from this folder, and end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"ASSESS_ENV": "development", "ASSESS_DATA_FOLDER": str(folder), "ASSESS_WORKERS": "2"}
    environment |= {f"ASSESS_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-c", "from assess.cli import main; main()", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as server:
        try:
            _wait(port)
            yield Site(port, folder)
        finally:
            server.terminate()


def _wait(port: int) -> None:
    until = time.perf_counter() + PATIENCE
    while time.perf_counter() < until:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/help", timeout=10):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the site did not start")


class Browser:
    """A browser that keeps cookies and sends forms."""

    def __init__(self, site: Site) -> None:
        self.site, self.cookies = site, CookieJar()
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> BeautifulSoup:
        with self._opener.open(self.site.address(path), timeout=PATIENCE) as answer:
            self.path = "/" + answer.url.split("/", 3)[3]
            return BeautifulSoup(answer.read(), "html.parser")

    def post(self, path: str, fields: Sequence[tuple[str, str]]) -> str:
        """Send a form; the path that it leads to."""
        with self._opener.open(self.site.address(path), urlencode(fields).encode(), timeout=PATIENCE) as answer:
            answer.read()
            return "/" + str(answer.url).split("/", 3)[3]

    def token(self, path: str) -> str:
        """The token of the form on a page."""
        found = self.get(path).select_one("input[name=csrf_token]")
        assert found is not None, path
        return str(found["value"])

    def request(self, method: str, path: str, fields: Sequence[tuple[str, str]] = ()) -> bytes:
        """The bytes of a request of this browser, for `flood` and `times`."""
        body = urlencode(fields).encode()
        cookies = "; ".join(f"{one.name}={one.value}" for one in self.cookies)
        head = f"{method} {path} HTTP/1.1\r\nHost: localhost:{self.site.port}\r\nConnection: close\r\nCookie: {cookies}\r\n"
        if body:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        return head.encode() + b"\r\n" + body


async def _ask(port: int, request: bytes) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        answer = await reader.read(-1)
        return int(answer[9:12] or 0)
    finally:
        writer.close()


def _flood(
    port: int,
    requests: Sequence[bytes],
    connections: int,
    pause: float,
    statuses: dict[int, int],
    stop: Synchronized[int],
) -> None:
    async def one(number: int) -> None:
        turn = number
        while not stop.value:
            begun = time.perf_counter()
            try:
                status = await _ask(port, requests[turn % len(requests)])
            except OSError:
                status = 0
            statuses[status] = statuses.get(status, 0) + 1
            turn += connections
            await asyncio.sleep(max(0.0, pause - (time.perf_counter() - begun)))

    async def all_of_them() -> None:
        await asyncio.gather(*(one(number) for number in range(connections)))

    asyncio.run(all_of_them())


@contextmanager
def flood(site: Site, requests: Sequence[bytes], connections: int, pause: float = 0.0) -> Iterator[dict[int, int]]:
    """Have so many connections, in a process of their own, send these requests in turn. The answers by status, whole at the end.

    `pause`: the least seconds from one request of a connection to its next.
    """
    with multiprocessing.Manager() as manager:
        statuses: dict[int, int] = manager.dict()  # type: ignore[assignment]  # it behaves as one
        stop = multiprocessing.Value("i", 0)
        process = multiprocessing.Process(
            target=_flood, args=(site.port, requests, connections, pause, statuses, stop), daemon=True
        )
        process.start()
        seen: dict[int, int] = {}
        try:
            yield seen
        finally:
            stop.value = 1  # type: ignore[attr-defined]  # of ctypes
            process.join(PATIENCE)
            seen.update(statuses)


def times(site: Site, request: bytes, count: int, pause: float = 0.0) -> tuple[list[float], dict[int, int]]:
    """Seconds of so many requests, one after the other, and the answers by status."""
    took, statuses = [], dict[int, int]()
    for _ in range(count):
        begun = time.perf_counter()
        with socket.create_connection(("127.0.0.1", site.port), PATIENCE) as line:
            line.sendall(request)
            answer = b"".join(iter(lambda: line.recv(65536), b""))
        took.append(time.perf_counter() - begun)
        status = int(answer[9:12] or 0)
        statuses[status] = statuses.get(status, 0) + 1
        time.sleep(pause)
    return took, statuses


def percentile(values: Sequence[float], part: int) -> float:
    """The value below which so many per cent lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[part - 1]
