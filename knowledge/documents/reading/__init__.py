"""Reading hostile files: every format becomes a list of blocks, in a process of its own with limits."""
