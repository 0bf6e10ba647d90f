"""Apache Kafka itself: fetched once by Maven, as `deploy/kafka/pom.xml` says."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import services
from services.sandbox.problem import SandboxProblem

_REPOSITORY = Path(services.__file__).resolve().parents[1]
POM = _REPOSITORY / "deploy" / "kafka" / "pom.xml"
JARS = _REPOSITORY / ".tools" / "kafka"


def jars_folder(pom: Path = POM, jars: Path = JARS) -> Path:
    """Where the jars for this very `pom.xml` are, or will be after `fetch_jars`."""
    try:
        wanted = hashlib.sha256(pom.read_bytes()).hexdigest()
    except OSError:
        raise SandboxProblem(
            f"{pom} is missing: run this in a checkout of Fieldfare, "
            "or set FIELDFARE_KAFKA__BOOTSTRAP_SERVERS to a cluster of yours"
        ) from None
    return jars / wanted[:16]


def fetch_jars(pom: Path = POM, jars: Path = JARS, *, maven: str = "mvn") -> Path:
    """Makes sure that the jars are there and answers their folder; needs Maven and a network once.

    Safe to run twice at once, and safe to interrupt. Raises `SandboxProblem` if Maven fails.
    """
    folder = jars_folder(pom, jars)
    if folder.is_dir():
        return folder
    try:
        jars.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="fetching-", dir=jars))
    except OSError as error:
        raise SandboxProblem(f"{jars} cannot be written: {error.strerror}") from error
    try:
        _run_maven(maven, pom, fresh)
        fresh.chmod(0o755)
        if not folder.is_dir():
            fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return folder


def _run_maven(maven: str, pom: Path, target: Path) -> None:
    answer = subprocess.run(
        [
            *(maven, "--quiet", "--batch-mode", "--file", str(pom)),
            "dependency:copy-dependencies",
            "-DincludeScope=runtime",
            f"-DoutputDirectory={target}",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        errors = [line for line in answer.stdout.splitlines() if "ERROR" in line]
        reason = errors[0].strip() if errors else "it gave no reason"
        raise SandboxProblem(f"Maven could not fetch Kafka (it needs a network once): {reason}")


if __name__ == "__main__":
    try:
        fetch_jars()
    except SandboxProblem as problem:
        sys.exit(f"fieldfare: {problem}")
