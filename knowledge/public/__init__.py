"""What anybody may read: documents clause by clause, service guides, service points."""
