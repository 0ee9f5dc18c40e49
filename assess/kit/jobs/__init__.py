"""Background work: what takes longer than a page may, done by worker processes, whatever happens to them.

A job is ordered in the same transaction as what it belongs to, runs at least once, and must never be lost or block others.
Begin with `ordering.py` (how a room orders work), then `running.py` (how it is done).
"""
