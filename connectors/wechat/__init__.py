"""The official account (公众号): messages in by the platform's callback, answers out within its rules."""
