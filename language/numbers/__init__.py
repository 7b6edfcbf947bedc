"""Amounts of money, numbers in words, and long numbers as they are called out."""
