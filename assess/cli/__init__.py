"""The command line: check banks, score a business, print its plan, publish editions, serve the site, do its work.

It must never hold a rule of its own: each command asks a room and prints what the room says. Begin at `main`; each command
lives in the file of its name, which is read only when the command is called.
"""

from __future__ import annotations

import os
from importlib import import_module

import click

COMMANDS = {
    "check": "Say what is wrong with bank files.",
    "banks": "Publish banks to the database.",
    "score": "Score answers files.",
    "report": "Print the plan of an answers file as a PDF.",
    "serve": "Serve the site, and do its background work.",
    "worker": "Do background work alone, on this or another machine.",
    "audit": "See whether the audit log is whole; write down where it stands.",
    "jobs": "List background work; try again or forget what was set aside.",
    "keys": "Say which keys encrypt the data; encrypt it anew.",
    "people": "Invite an administrator; disable; reset a lost second step.",
    "organisations": "List names that wait to be confirmed; confirm one.",
    "demo": "Fill a database with made-up businesses.",
}
"""Name of each command, which is also its file, and what it does."""
_FOR_THIS_USER = 0o077
"""What a command writes, a database or a plan, is for its user alone."""


class _Lazy(click.Group):
    """Reads the file of a command only when it is called, so that `assess check` starts without a web server in memory."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"assess.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        """List the commands without reading their files."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.command(cls=_Lazy)
@click.version_option(package_name="assess")
def main() -> None:
    """Assess: a modern-slavery self-assessment that explains every point and gives a plan."""
    os.umask(_FOR_THIS_USER)
