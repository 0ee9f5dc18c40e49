"""The board of a buyer: all its suppliers in one table, to find, sort, filter and act on.

It must never show, sort, count or filter by anything but the copies that are shared, nor by what a share that is over had said.
Begin with `seen.py` (what counts at this moment), then `filters.py`, `listing.py` and `views.py`.
"""
