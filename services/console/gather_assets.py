"""Gathers what npm has fetched into one folder that the console serves; `make setup` runs it.

Nothing of the packages is kept in git. Of the styles, fonts from another host are left out: no page
of the console asks anybody else for anything.
"""

import re
import shutil
import sys
from pathlib import Path

_HERE = Path(__file__).parent
GATHERED = _HERE / "gathered"
_NHSUK = Path("nhsuk-frontend/dist/nhsuk")
_FILES = (
    _NHSUK / "nhsuk-frontend.min.js",
    Path("htmx.org/dist/htmx.min.js"),
    Path("htmx.org/dist/ext/hx-sse.min.js"),
)
_STYLES = _NHSUK / "nhsuk-frontend.min.css"
_FONT = re.compile(r"@font-face\{[^}]*\}")
_IMAGE = re.compile(r"url\([\"']?/assets/images/([\w.-]+)[\"']?\)")
_MAP = re.compile(r"(/\*#|//#) ?sourceMappingURL=\S+( \*/)?")
_ELSEWHERE = re.compile(r"url\([\"']?(?:https?:)?//")


def gather(packages: Path, into: Path = GATHERED) -> tuple[str, ...]:
    """Copies styles, scripts and the pictures that the styles name, and answers their names.

    `packages` is the folder into which npm has put them: `deploy/console/node_modules`.

    Raises `OSError` if a package is not there, and `ValueError` if the styles would ask another
    host for something.
    """
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    styles = (packages / _STYLES).read_text("utf-8")
    images = sorted(set(_IMAGE.findall(styles)))
    styles = _MAP.sub("", _FONT.sub("", _IMAGE.sub(r"url(\1)", styles)))
    if _ELSEWHERE.search(styles):
        raise ValueError("the styles ask another host for something")
    (into / "nhsuk-frontend.min.css").write_text(styles, "utf-8")
    for name in images:
        shutil.copyfile(packages / _NHSUK / "assets" / "images" / name, into / name)
    for path in _FILES:
        text = (packages / path).read_text("utf-8")
        (into / path.name).write_text(_MAP.sub("", text), "utf-8")
    return tuple(sorted(path.name for path in into.iterdir()))


if __name__ == "__main__":
    sys.stdout.write(f"the console's assets: {', '.join(gather(Path(sys.argv[1])))}\n")
