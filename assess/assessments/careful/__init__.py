"""Careful words: free text is looked at for details of workers before it is kept, and what was kept can be taken out for good.

It must never forbid a text, repeat it, log it, or hint at which answer is grave. Nothing here asks a service outside.
Begin with `finding.py` (what a text seems to hold), then `asking.py` (how a form asks) and `places.py` (where words are kept).
"""
