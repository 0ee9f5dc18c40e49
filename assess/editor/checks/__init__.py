"""Findings over several answers, kept in the browser: listed, changed, added and retired. Begin with `spots.py`."""
