"""Settings of an installation that sends mail, to a server nobody asks."""

from __future__ import annotations

from assess.core.config import Settings

MAILING = Settings(env="development", mail_server="smtp://127.0.0.1:9", mail_from="desk@network.example")
SILENT = Settings(env="development")
