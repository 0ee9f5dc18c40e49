"""Whose an assessment is: keeping it with an account, moving it between places, and a second one that starts from the first.

It must never copy an answer that can raise a sign, nor let anybody take what somebody else keeps already. Begin with `claiming.py`.
"""
