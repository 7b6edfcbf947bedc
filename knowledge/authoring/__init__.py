"""What staff write: every save is a version (`versions.py`, `editing.py`), reviewed by a second person (`review.py`),
then on air (`publishing.py`). `content.py` is what a version says; `tables.py` writes it where answers come from.
"""
