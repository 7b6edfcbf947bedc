"""What runs inside Rasa (Python 3.10): our channel, the store of conversations, the learners and second thoughts."""
