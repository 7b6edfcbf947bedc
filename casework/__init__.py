"""Tickets now; identity, accounts, authorisations, filings and ratings as they come. Knows no channel."""
