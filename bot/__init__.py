"""What the assistant understands and says. `components/` runs inside Rasa (Python 3.10), the rest in the service."""
