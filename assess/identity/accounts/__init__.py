"""Accounts: sign-up, sign-in, passwords, second factors, login sessions, deletion."""
