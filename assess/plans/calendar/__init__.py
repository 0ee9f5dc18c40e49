"""A calendar of actions and duties that a phone or computer subscribes to.

Its address is a secret that can be ended; it must never hold a person's name, a score or anything but ordinary actions and duties.
Begin with `events.py` (what stands in it), then `feeds.py` (its address) and `views.py`.
"""
