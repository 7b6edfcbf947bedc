"""The action server: what Rasa asks the service to do (answer, open a ticket). Holds no policy of its own."""

from bot.actions.server import setup

__all__ = ["setup"]
