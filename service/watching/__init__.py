"""Whether it lives: its child programs, its engine, the disk, the clock; what may not run as it is."""
