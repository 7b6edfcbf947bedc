"""What is recorded and owed: tickets, people, filings, the live desk, the core system. Parses no citizen's sentence."""
