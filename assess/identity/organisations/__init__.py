"""Organisations: members, roles, sites, member invitations, and the confirmation of names."""
