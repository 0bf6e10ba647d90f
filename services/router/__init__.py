"""Reads events from Kafka and writes what they mean into the ledger."""
