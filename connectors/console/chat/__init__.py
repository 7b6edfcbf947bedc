"""Talks that go on now: watching, taking over, fixed replies."""
