"""All data of one organisation as a file for its managers to take away: JSON, and the plans as they were printed.

It must never hold a row of another organisation, name a sign, or hold anything that opens a page. Begin with `gathering.py`
(what goes in), then `packing.py` (how it is streamed).
"""
