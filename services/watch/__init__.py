"""The watch: clocks over the ledger. It finds silence, and owes somebody the news of it."""
