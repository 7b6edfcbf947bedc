"""Days: as people say them, by the lunar calendar, working days, hours of service."""
