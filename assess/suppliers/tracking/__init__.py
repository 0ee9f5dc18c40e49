"""The trail as proof of process: read on a page, added to by hand, taken away as a file.

It must never say anything of another buyer, nor let an entry be changed or taken out.
Begin with `lines.py` (what an entry says), then `noting.py` (calls and looks) and `exporting.py` (files).
"""
