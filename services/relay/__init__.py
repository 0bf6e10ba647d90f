"""Publishes what the ledger's outbox holds, each number once and in order."""
