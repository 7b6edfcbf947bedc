"""Who is speaking, and for whom they may act."""
