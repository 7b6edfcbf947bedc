"""Tickets, materials, deadlines, the monthly reports."""
