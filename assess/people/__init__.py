"""Who somebody is and what they may do: accounts, organisations, roles, and the one table of permissions.

It must never say whether an address has an account, never let a role do more than `permissions.py` lists, and never know what a
business answered. Begin with `permissions.py` (who may do what), then `caller.py` (who is calling), then `accounts/` and `organisations/`.
"""
