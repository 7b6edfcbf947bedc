"""Every figure of README and the decisions: a script each, and what is fitted to data."""
