"""Who is signed in to the console: sessions and sign-ins, known by hashes alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import asyncpg

from services.ledger.queries import SQL
from services.runtime.postgres import Pool, reading

LONGEST = timedelta(hours=12)
"""After which everybody signs in again, whatever they do."""
_SIGN_IN = timedelta(minutes=10)
_FORGET = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signed in: as the identity provider names them, with what they may do.

    `recipients` are the teams whose notices they read, as the directory names them.
    """

    subject: str
    name: str
    roles: frozenset[str]
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in that was begun: what must come back, and where the person was going."""

    nonce: str
    verifier: str
    return_to: str


@dataclass(frozen=True, slots=True)
class Sessions:
    """Sessions of the console in the ledger's database; any number of consoles share them.

    A session ends `idle` after it was last used, and in any case after `LONGEST`. All methods raise
    `DatabaseAway`.
    """

    pool: Pool
    idle: timedelta

    async def begin_sign_in(self, state: str, sign_in: SignIn, *, at: datetime) -> None:
        """Remembers a sign-in by the hash of its state, for ten minutes."""
        async with reading(self.pool) as connection:
            await connection.execute(
                SQL["begin_sign_in"],
                _hash(state),
                sign_in.nonce,
                sign_in.verifier,
                sign_in.return_to,
                at,
                at - _SIGN_IN,
            )

    async def take_sign_in(self, state: str, *, at: datetime) -> SignIn | None:
        """What that sign-in must come back with; once, and not when it is too old."""
        async with reading(self.pool) as connection:
            row = await connection.fetchrow(SQL["take_sign_in"], _hash(state), at - _SIGN_IN)
        return None if row is None else SignIn(**dict(row))

    async def begin(self, secret: str, person: Person, *, at: datetime) -> None:
        """Signs a person in under the secret of a new cookie."""
        async with reading(self.pool) as connection:
            await connection.execute(SQL["forget_console_sessions"], at - _FORGET)
            await connection.execute(
                SQL["begin_console_session"],
                _hash(secret),
                person.subject,
                person.name,
                sorted(person.roles),
                list(person.recipients),
                at,
            )

    async def use(self, secret: str, *, at: datetime) -> Person | None:
        """Who is signed in by that cookie, if anybody; the session is used by asking."""
        async with reading(self.pool) as connection:
            row = await connection.fetchrow(
                SQL["use_console_session"], _hash(secret), at, at - self.idle, at - LONGEST
            )
        return _person(row)

    async def look(self, secret: str, *, at: datetime) -> Person | None:
        """The same for what a page asks by itself: it keeps no session alive."""
        async with reading(self.pool) as connection:
            row = await connection.fetchrow(
                SQL["look_at_console_session"], _hash(secret), at - self.idle, at - LONGEST
            )
        return _person(row)

    async def end(self, secret: str, *, at: datetime) -> None:
        """Signs out; harmless when nobody was signed in."""
        async with reading(self.pool) as connection:
            await connection.execute(SQL["end_console_session"], _hash(secret), at)


def _person(row: asyncpg.Record | None) -> Person | None:
    if row is None:
        return None
    return Person(row["subject"], row["name"], frozenset(row["roles"]), tuple(row["recipients"]))


def _hash(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
