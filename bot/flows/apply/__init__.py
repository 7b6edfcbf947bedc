"""Filing something, field by field, to the receipt; correcting and taking back."""
