"""Apache Kafka as one process: broker and controller of a cluster of one (KRaft)."""

import secrets
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from services.sandbox.folder import unusable
from services.sandbox.held import HeldServer, ServerCommand, start_held
from services.sandbox.ports import any_free_port
from services.sandbox.problem import SandboxProblem
from services.sandbox.readiness import is_listening, last_complaint, wait_until_ready

_MAX_MESSAGE_BYTES = 2 * 1024 * 1024 + 64 * 1024
"""An event may have 1 MiB; larger ones must get in to become dead letters."""

_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs=data
# nothing is forgotten on a developer's machine; a real cluster has its own retention
log.retention.ms=-1
message.max.bytes={max_message_bytes}
replica.fetch.max.bytes={max_message_bytes}
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=4194304
"""


@dataclass(frozen=True, slots=True)
class SandboxKafka:
    """A broker of ours."""

    bootstrap_servers: str
    server: HeldServer

    def wait_until_ready(self) -> None:
        """Blocks until topics can be made; raises `SandboxProblem` if that does not come."""
        wait_until_ready(self.server, lambda: _serves(self.bootstrap_servers))


def launch_kafka(folder: Path, jars: Path, *, port: int, lock_fd: int) -> SandboxKafka:
    """Launches the broker over the data in `folder`, which is formatted first if it is new.

    Returns before the broker serves clients. Raises `SandboxProblem` if the folder cannot be used.
    """
    try:
        _prepare(folder, jars, port=port, lock_fd=lock_fd)
        command = ServerCommand(
            name="Kafka",
            arguments=_java("kafka.Kafka", "server.properties"),
            cwd=folder,
            log=folder / "server.log",
            stop_signal=signal.SIGTERM,
            grace=20,
        )
        server = start_held(command, lock_fd=lock_fd)
    except OSError as error:
        raise unusable(folder, error) from error
    return SandboxKafka(f"127.0.0.1:{port}", server)


def _prepare(folder: Path, jars: Path, *, port: int, lock_fd: int) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    # Java splits a class path at colons and Kafka splits log.dirs at commas, both of which a
    # folder's name may hold: so everything is named as seen from inside the folder
    link = folder / "jars"
    link.unlink(missing_ok=True)
    link.symlink_to(jars.resolve(), target_is_directory=True)
    properties = _PROPERTIES.format(
        port=port, controller_port=any_free_port(), max_message_bytes=_MAX_MESSAGE_BYTES
    )
    (folder / "server.properties").write_text(properties, "ascii")
    formatted = folder / "formatted"
    if not formatted.exists():
        _format(folder, lock_fd)
        formatted.touch()


def _format(folder: Path, lock_fd: int) -> None:
    cluster = "f" + secrets.token_urlsafe(16)[1:]  # an id must not begin with a hyphen
    log = folder / "format.log"
    arguments = ("--cluster-id", cluster, "--config", "server.properties", "--ignore-formatted")
    with log.open("wb") as output:
        answer = subprocess.run(
            _java("kafka.tools.StorageTool", "format", *arguments),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=(lock_fd,),
            check=False,
        )
    if answer.returncode != 0:
        raise SandboxProblem(f"Kafka could not format {folder}: {last_complaint(log)}")


def _java(main_class: str, *arguments: str) -> tuple[str, ...]:
    return (
        "java",
        *("-Xms128m", "-Xmx512m", "-XX:+UseSerialGC"),
        "-Djava.awt.headless=true",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSZ",
        *("-cp", "jars/*"),
        main_class,
        *arguments,
    )


async def _serves(bootstrap_servers: str) -> bool:
    if not await is_listening(bootstrap_servers):  # or else the client would complain each time
        return False
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers, request_timeout_ms=5000)
    try:
        await admin.start()
        cluster = await admin.describe_cluster()
    except KafkaError:
        return False
    finally:
        await admin.close()
    return bool(cluster["brokers"])  # one that is still fenced cannot be given topics
