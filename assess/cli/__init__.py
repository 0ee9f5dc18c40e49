"""The `assess` command. It holds no rule of its own. Each command's module is imported only when the command is called."""

from __future__ import annotations

import os
from importlib import import_module

import click

COMMANDS = {
    "check": ("score", "check_command", "Say what is wrong with bank files."),
    "banks": ("banks", "command", "Publish banks to the database."),
    "score": ("score", "score_command", "Score answers files."),
    "report": ("report", "command", "Print the plan of an answers file as a PDF."),
    "serve": ("serve", "serve_command", "Serve the site, and do its background work."),
    "worker": ("worker", "worker_command", "Do background work alone, on this or another machine."),
    "audit": ("operations", "audit_command", "See whether the audit log is whole; write down where it stands."),
    "jobs": ("operations", "jobs_command", "List background work; try again or forget what was set aside."),
    "keys": ("operations", "keys_command", "Say which keys encrypt the data; encrypt it anew."),
    "people": ("people", "people_command", "Invite an administrator; disable; reset a lost second step."),
    "organisations": ("people", "organisations_command", "List names that wait to be confirmed; confirm one."),
    "demo": ("demo", "command", "Fill a database with made-up businesses."),
}
"""By the name of each command: its module, its function and what it does."""
_OWNER_ONLY_UMASK = 0o077
"""What a command writes, a database or a plan, is for its user alone."""


class _LazyGroup(click.Group):
    """Reads the file of a command only when it is called, so that `assess check` starts without a web server in memory."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's signature
        if cmd_name not in COMMANDS:
            return None
        module, function, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"assess.cli.{module}"), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's signature
        """List the commands without reading their files."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, _, about) in COMMANDS.items()])


@click.command(cls=_LazyGroup)
@click.version_option(package_name="assess-modern-slavery")
def main() -> None:
    """Assess: a modern-slavery self-assessment that explains every point and gives a plan."""
    os.umask(_OWNER_ONLY_UMASK)
