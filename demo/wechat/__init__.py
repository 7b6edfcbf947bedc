"""A stand-in for the WeChat platform: for tests, and for the demo, where nobody has an account.

Its own process, with the platform's HTTP interface and rules; it shares nothing with the service but the wire formats.
"""
