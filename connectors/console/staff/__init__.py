"""Accounts, who is on duty, logging in, the audit log."""
