"""Filings (帮办代办): `items` what can be filed, `fields` what is asked, `filing` one's life, `materials` pictures."""
