"""All plans of an organisation: the list to work from, and one cover to print.

It must never show a sign, nor anything at all to a buyer. Begin with `listing.py`.
"""
