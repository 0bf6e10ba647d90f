"""What a machine must bring before anything can start.

Run as a program by `make`, before there is an environment and by whatever Python there is: so it
imports nothing but the standard library, and an old Python must be able to read it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

_PYTHON = (3, 11)
_JAVA = 17
_NODE = 20


def missing_prerequisites(
    *, with_maven: bool, with_node: bool = False, path: str | None = None
) -> tuple[str, ...]:
    """One line for each thing that is missing or too old, all at once; empty if all is well.

    Looks along `path`, a search path like `PATH`, which is the default. Maven is needed only until
    Kafka has been fetched once, and Node.js until the console's styles and scripts have.
    """
    reasons = (
        _python_problem(sys.version_info[:2]),
        _java_problem(path),
        _maven_problem(path) if with_maven else None,
        _node_problem(path) if with_node else None,
    )
    return tuple(reason for reason in reasons if reason is not None)


def java_release(printed: str) -> int | None:
    """The feature release in what `java -version` prints: 17 for "17.0.15", 8 for "1.8.0_412"."""
    found = re.search(r'version "(?:1\.)?(\d+)', printed)
    return None if found is None else int(found[1])


def _python_problem(running: tuple[int, ...]) -> str | None:
    if running >= _PYTHON:
        return None
    return f"Python 3.11 or newer is needed; this is {'.'.join(map(str, running))}"


def _java_problem(path: str | None) -> str | None:
    java = shutil.which("java", path=path)
    if java is None:
        return "Java 17 or newer is needed, and no `java` is on the PATH (Debian: openjdk-17-jre)"
    answer = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    release = java_release(answer.stderr + answer.stdout)
    if release is None:
        return f"Java 17 or newer is needed; {java} does not say its version"
    return None if release >= _JAVA else f"Java 17 or newer is needed; {java} is Java {release}"


def _maven_problem(path: str | None) -> str | None:
    if shutil.which("mvn", path=path) is not None:
        return None
    return "Maven is needed, and no `mvn` is on the PATH (Debian: maven)"


def _node_problem(path: str | None) -> str | None:
    node = shutil.which("node", path=path)
    if node is None or shutil.which("npm", path=path) is None:
        return "Node.js 20 or newer is needed, and no `node` with `npm` is on the PATH"
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"v(\d+)", answer.stdout + answer.stderr)
    if found is None:
        return f"Node.js 20 or newer is needed; {node} does not say its version"
    release = int(found[1])
    return None if release >= _NODE else f"Node.js 20 or newer is needed; {node} is {release}"


if __name__ == "__main__":
    missing = missing_prerequisites(with_maven=True, with_node=True)
    sys.stderr.writelines(f"{line}\n" for line in missing)
    sys.exit(2 if missing else 0)
