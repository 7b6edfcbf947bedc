"""The roof: every part wired (`app.py`), the one command line (`python -m service`), setting up, migrations."""
