"""Settings, database, wiring, start and stop: `python -m service`."""
