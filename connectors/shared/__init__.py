"""What several connectors need of HTTP itself."""
