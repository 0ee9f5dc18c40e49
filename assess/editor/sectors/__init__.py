"""A new sector: begun in a draft with all that its bank needs to be published. Begin with `making.py`."""
