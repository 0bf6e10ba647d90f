"""PostgreSQL over the programs of a wheel: one cluster, on 127.0.0.1, behind a password."""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

import asyncpg

from services.sandbox.account import Account, choose_account
from services.sandbox.folder import unusable
from services.sandbox.held import HeldServer, ServerCommand, start_held
from services.sandbox.postgres_binaries import find_binaries
from services.sandbox.problem import SandboxProblem
from services.sandbox.readiness import last_complaint, wait_until_ready

_USER = "fieldfare"
_DATABASE = "fieldfare"
_MAJOR_VERSION = "18"

_ALWAYS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # a socket's path has a length limit that a folder may exceed
    "max_locks_per_transaction": "256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # a DETAIL line prints the values of a row
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
}
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True, slots=True)
class SandboxPostgres:
    """A server of ours, with a database `fieldfare`."""

    dsn: str
    """Holds the password: never print it, and hand it on by the environment alone."""
    server: HeldServer

    def wait_until_ready(self) -> None:
        """Blocks until the database can be used; raises `SandboxProblem` if that does not come."""
        wait_until_ready(self.server, lambda: _serves(self.dsn))


@dataclass(frozen=True, slots=True)
class _Place:
    """The one folder that PostgreSQL's account owns, as we see it and as the account sees it.

    As root the account may not pass the folders above (`/root`, say), so it is given an open
    descriptor of its folder and goes in through that; no permission is widened. What we ourselves
    write lies outside, where the account cannot put a link in our way.
    """

    folder: Path
    account: Account | None
    descriptor: int

    @property
    def seen(self) -> Path:
        return self.folder if self.account is None else Path(f"/proc/self/fd/{self.descriptor}")

    @property
    def keep_fds(self) -> tuple[int, ...]:
        return () if self.account is None else (self.descriptor,)


def launch_postgres(folder: Path, *, port: int, lock_fd: int, fast: bool) -> SandboxPostgres:
    """Launches the server over the cluster in `folder`, which is made first if it is new.

    Returns before it accepts connections. `fast` may lose everything in a power cut: for tests.
    Raises `SandboxProblem` if the cluster is of another major version, belongs to somebody else or
    cannot be made.
    """
    settings = _ALWAYS | {"port": str(port)} | (_FAST if fast else {})
    try:
        with _open_place(folder.resolve()) as place:
            binaries = find_binaries(place.account)
            password = _prepare(folder, place, binaries, lock_fd)
            server = start_held(_command(folder, place, binaries, settings), lock_fd=lock_fd)
    except OSError as error:
        raise unusable(folder, error) from error
    return SandboxPostgres(f"postgresql://{_USER}:{password}@127.0.0.1:{port}/{_DATABASE}", server)


@contextmanager
def _open_place(folder: Path) -> Iterator[_Place]:
    folder.mkdir(mode=0o700, exist_ok=True)
    own = folder / "cluster"
    account = choose_account(own, running_as=os.geteuid())
    own.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(own, account.uid, account.gid)
    descriptor = os.open(own, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield _Place(own, account, descriptor)
    finally:
        os.close(descriptor)


def _prepare(folder: Path, place: _Place, binaries: Path, lock_fd: int) -> str:
    """Makes the cluster if there is none; answers its password."""
    cluster, password = place.folder / "data", folder / "password"
    if cluster.exists():
        _check_version(folder, cluster)
        return password.read_text("ascii")
    unfinished = place.folder / "unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    chosen = secrets.token_urlsafe(24)
    password.touch(mode=0o600)
    password.write_text(chosen, "ascii")
    log = folder / "initdb.log"
    _make_cluster(place, binaries, password=chosen, log=log, lock_fd=lock_fd)
    unfinished.rename(cluster)
    return chosen


def _check_version(folder: Path, cluster: Path) -> None:
    version_file = cluster / "PG_VERSION"
    version = version_file.read_text("ascii").strip() if version_file.exists() else "no"
    if version != _MAJOR_VERSION:
        found = version if version.isdecimal() else "an unknown version"
        raise SandboxProblem(
            f"{folder} holds data of PostgreSQL {found}, and this is PostgreSQL {_MAJOR_VERSION}: "
            f"move {folder} away to start afresh"
        )


def _make_cluster(place: _Place, binaries: Path, *, password: str, log: Path, lock_fd: int) -> None:
    account = place.account
    with TemporaryFile() as password_file:
        password_file.write(password.encode())
        password_file.flush()
        if account is not None:  # it opens the file anew, by its descriptor
            os.fchown(password_file.fileno(), account.uid, account.gid)
        answer = subprocess.run(
            [
                binaries / "initdb",
                *("-D", place.seen / "unfinished", "--username", _USER),
                *("--auth", "scram-sha-256", "--pwfile", "/dev/stdin"),
                # the same order of text on every machine, whatever its locales
                *("--encoding", "UTF8", "--no-locale"),
                *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
            ],
            stdin=password_file,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            user=None if account is None else account.uid,
            group=None if account is None else account.gid,
            extra_groups=None if account is None else [],
            pass_fds=(lock_fd, *place.keep_fds),
            check=False,
        )
    if answer.returncode != 0:
        log.write_bytes(answer.stdout)
        raise SandboxProblem(f"PostgreSQL could not be set up: {last_complaint(log)} (see {log})")


def _command(
    folder: Path, place: _Place, binaries: Path, settings: Mapping[str, str]
) -> ServerCommand:
    return ServerCommand(
        name="PostgreSQL",
        arguments=(
            *(str(binaries / "postgres"), "-D", str(place.seen / "data")),
            *(part for name, value in settings.items() for part in ("-c", f"{name}={value}")),
        ),
        cwd=Path("/"),
        log=folder / "server.log",
        stop_signal=signal.SIGINT,  # a fast shutdown: clients are cut off, nothing is lost
        grace=30,
        account=place.account,
        keep_fds=place.keep_fds,
    )


async def _serves(dsn: str) -> bool:
    try:
        connection = await asyncpg.connect(dsn, database="postgres", timeout=5)
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError):
        return False
    try:
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", _DATABASE):
            await connection.execute(f'CREATE DATABASE "{_DATABASE}"')
    finally:
        await connection.close()
    return True
