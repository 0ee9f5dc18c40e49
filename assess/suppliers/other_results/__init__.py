"""Results of other schemes that a supplier told a buyer of, and what the buyer did with them.

It must never hold a report, a score or a word about a worker, and never show one buyer what another was told.
Begin with `models.py` (what is kept), then `keeping.py` (told, accepted, not accepted, undone).
"""
