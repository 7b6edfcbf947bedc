"""The staff's pages at `/console`: knowledge, review, test questions, what nobody could answer, accounts, audit."""
