"""The public pages: `chat/` and `call/` from the front page; `pages/` are what one reads, follows or fills in."""
