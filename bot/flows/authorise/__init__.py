"""Letting a relative act for oneself, and ending that."""
