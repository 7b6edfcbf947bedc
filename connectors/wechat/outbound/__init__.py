"""What is owed to followers: a queue of its own, since messages travel together and wait for the citizen."""
