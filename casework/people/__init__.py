"""Who somebody is (`identity.py`), and for whom they may act (`authorisations.py`, `consents.py`)."""
