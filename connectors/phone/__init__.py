"""A real Asterisk, driven through ARI and chan_websocket."""
