"""The public page: chat and softphone."""
