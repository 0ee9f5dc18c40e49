"""Entries of one buyer that are the same business: found, looked at side by side, put together and taken apart again.

It must never move, copy or delete anything: an invitation, a share and a trail stay with the entry they belong to.
Begin with `keeping.py` (putting together and taking apart), then `likeness.py` (what looks the same).
"""
