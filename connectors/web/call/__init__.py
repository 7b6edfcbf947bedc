"""The softphone on the front page, and answers read aloud."""
