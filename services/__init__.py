"""The processes around the ledger: router, relay, command line, sandbox."""
