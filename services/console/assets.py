"""Styles, scripts and pictures: our own, and what was gathered of npm packages. No other host's."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from services.console.gather_assets import GATHERED
from services.runtime.errors import PermanentError

_OURS = Path(__file__).parent / "static"
_KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_NEEDED = frozenset({"nhsuk-frontend.min.css", "nhsuk-frontend.min.js", "htmx.min.js"})


class AssetsMissing(PermanentError):
    """The console's styles and scripts were never gathered."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is served."""

    content: bytes
    kind: str
    version: str


@dataclass(frozen=True, slots=True)
class Assets:
    """Every file by its name: what is not among them is not served."""

    files: Mapping[str, Asset]

    def address(self, name: str) -> str:
        """Where a page finds it; another content has another address, so it can be kept for ever.

        Raises `KeyError` for what is not there.
        """
        return f"/assets/{name}?v={self.files[name].version}"


def read_assets(gathered: Path = GATHERED, ours: Path = _OURS) -> Assets:
    """Reads all of them. Raises `AssetsMissing` if `make setup` has not gathered them."""
    paths = [path for folder in (gathered, ours) if folder.is_dir() for path in folder.iterdir()]
    files = {path.name: _asset(path) for path in sorted(paths) if path.suffix in _KINDS}
    if not files.keys() >= _NEEDED:
        raise AssetsMissing("console: its styles and scripts are missing; type: make setup")
    return Assets(files)


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(content, _KINDS[path.suffix], sha256(content).hexdigest()[:16])
