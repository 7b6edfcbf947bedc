"""Pictures of pages: recognised, put in order, with words of the trade."""
