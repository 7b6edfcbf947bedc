"""What `python -m service` does besides running: check, back-up, accounts, a person's data."""
