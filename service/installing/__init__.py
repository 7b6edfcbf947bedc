"""From a fresh checkout to a service that can run: programs, environments, models, tables."""
