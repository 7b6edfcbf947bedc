"""Who works at the bureau: accounts, roles, and the audit log of what they did."""
