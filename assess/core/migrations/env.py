"""What Alembic runs for every command. The connection comes from `upgrade_to_head`, its transaction already begun."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True, compare_type=True)
context.run_migrations()
