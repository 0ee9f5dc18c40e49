"""Audit log: one hash-chained event for each change, in its transaction. Never an answer, name or address. Begin with `services.append_event`, then `requests`."""
