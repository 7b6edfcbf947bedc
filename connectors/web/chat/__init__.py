"""Typed and dictated messages of the front page: how fast, asked once, what staff write back."""
