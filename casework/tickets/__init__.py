"""Tickets (工单): `tickets.py` opens them, `work.py` is what staff do, `progress.py` what the citizen is told,
`board.py` how staff see them; `deadlines.py` reminds, `ratings.py` asks how content they were.
"""
