"""What citizens send: each message once, in order, answered within the platform's patience."""
