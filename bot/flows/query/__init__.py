"""Looking up what is somebody's own: balance, payments, progress, a drug."""
