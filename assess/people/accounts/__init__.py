"""Accounts for those who want one: signing up and in, second steps, the browsers one is signed in with, and deleting it all.

It must never tell anybody whether an address has an account, keep a secret that can be read back, or open a thing by GET.
Begin with `door.py` (pages that need a person) and `proving.py` (grave acts); then `signing_in.py` for how somebody gets in.
"""
