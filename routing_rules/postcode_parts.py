"""The parts of a district that a postcode names, in the words of the directory."""

from functools import lru_cache


@lru_cache(maxsize=65_536)
def parts_of(postcode: str | None) -> tuple[str, ...]:
    """The parts of a district that a postcode names, as a line of the directory would, if any."""
    compact = "".join((postcode or "").split()).upper()
    half, rest = compact[:-3], compact[-3:]
    parts = (f"{half}-{rest}", f"{half}-{rest[:1]}", half) if half else ()
    return tuple(f"postcode:{part}" for part in parts)
