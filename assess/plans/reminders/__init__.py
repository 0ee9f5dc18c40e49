"""Reminders by e-mail, for those who asked for them and confirmed it.

They must never say anything about signs, never go to an address that did not confirm, and stop with one click.
Begin with `asking.py` (who gets them), then `reminding.py` (when and what) and `views.py`.
"""
