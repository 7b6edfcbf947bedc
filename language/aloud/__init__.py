"""How Chinese sounds: what is written as it is said, readings of words, sounds that are alike."""
