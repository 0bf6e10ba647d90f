"""Locks on occurrences and people, so that two routers cannot decide about one at the same time."""

from collections.abc import Iterable
from hashlib import blake2b
from uuid import UUID

from services.ledger.queries import SQL
from services.runtime.postgres import Connection


def occurrence_lock(occurrence_id: UUID) -> int:
    """The key of an occurrence's lock: a signed 64-bit number."""
    return int.from_bytes(occurrence_id.bytes[:8], "big", signed=True)


def person_lock(nhs_number: str) -> int:
    """The key of a person's lock: hashed, since the server shows held keys to its operators."""
    digest = blake2b(nhs_number.encode(), digest_size=8, person=b"person").digest()
    return int.from_bytes(digest, "big", signed=True)


async def lock(connection: Connection, keys: Iterable[int]) -> None:
    """Takes the locks to the end of the transaction, in the one order that all routers keep.

    Blocks while another router holds one. Only later statements see what that router wrote. Each
    lock takes a place in the server's lock table (`max_locks_per_transaction`).
    """
    await connection.execute(SQL["lock_keys"], sorted(set(keys)))
