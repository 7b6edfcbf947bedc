"""Who follows the account: choices they were offered, whom they are bound to, where they are."""
