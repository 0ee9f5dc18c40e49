"""The one error of a file that cannot be read at all."""

from __future__ import annotations


class FileRefusedError(ValueError):
    """Nothing of this file can be read. The sentence says why, and what to do."""
