"""Documents → clauses → answers. Knows no channel."""
