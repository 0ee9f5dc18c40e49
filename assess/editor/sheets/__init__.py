"""A bank as a spreadsheet and back: sorted, filtered and corrected in bulk, or sent to a lawyer, and taken into a draft again.

It must never change a value that nobody changed in the spreadsheet, write over what somebody changed in the draft meanwhile, or write a
formula. Begin with `cells.py` (files as single values), then `layout.py` (which value stands where) and `merging.py` (what is taken).
"""
