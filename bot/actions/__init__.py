"""Custom actions: Rasa calls them over HTTP; they call knowledge and casework and hold no rules of their own."""
