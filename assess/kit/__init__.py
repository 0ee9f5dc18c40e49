"""Tools every room shares: settings, database, clock, headers, limits, tokens, logs and error pages.

It must never know the business: no question, no assessment, no duty has a name in here.
Begin with `config.py` (what can be set), then `db.py` (how a request reads and writes) and `application.py` (what guards it).
"""
