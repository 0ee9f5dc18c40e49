"""Duties, dated settings, contacts, sources, themes and owners, changed by form fields in a draft."""
