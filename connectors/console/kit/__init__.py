"""What every page of the console stands on: sessions, guards, forms, sheets, labels."""
