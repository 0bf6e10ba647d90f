"""Replaying the past by another rulebook, and issuing what it would have told, late."""
