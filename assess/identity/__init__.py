"""Accounts, organisations, roles and permissions. It never reveals whether an address has an account. Begin with `permissions`, `current_user` and `access`."""

# ruff: noqa: PLC0415  # workers and the command line import this package without Flask

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register_identity(app: Flask) -> None:
    from assess.identity import views_administration
    from assess.identity.accounts import views_account, views_sign_in
    from assess.identity.accounts.sign_in import keep_session_alive
    from assess.identity.organisations import views, views_invitations

    for module in (views, views_invitations, views_administration, views_sign_in, views_account):
        app.register_blueprint(module.blueprint)
    app.after_request(keep_session_alive)
