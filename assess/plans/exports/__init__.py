"""The register as files to work with: XLSX, CSV and Word.

They travel, so they must never hold more than ordinary actions and the helpline, and never a formula from what somebody typed.
Begin with `rows.py`, which says what stands in them; `views.py` hands them out.
"""
