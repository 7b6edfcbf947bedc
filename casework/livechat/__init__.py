"""The live desk: what is being said right now on every channel, and a person who can step in.

book.py      the conversations and their turns, sealed          writer.py    what was said, written in order
desk.py      what the text turn asks: does a person answer?     presence.py  who of the staff is on the desk
steps.py     what staff do: take over, say, give back, end      watch.py     nobody came, nobody is left, forgetting
pictures.py  what a citizen sends to the person who answers
"""
