"""Errands (办事): queries, filings and authorisations as conversations. `desk` is the way in."""
