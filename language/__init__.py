"""How Chinese is read and spoken. Pure; what Rasa's side imports of it runs on Python 3.10, too."""
