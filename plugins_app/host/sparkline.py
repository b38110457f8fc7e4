"""The latest health checks of a plugin as a line that the server draws, without any script."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, EDGE = 120.0, 24.0, 2.0


@dataclass(frozen=True)
class Sparkline:
    """`points` of an SVG polyline, the failed checks as (x, y), and what it says in words."""

    points: str
    failed: tuple[tuple[float, float], ...]
    least: float
    most: float
    latest: float


def sparkline(reports: Sequence[Sequence[object]]) -> Sparkline | None:
    """Draw (healthy, latency in ms) pairs, the oldest first; None when fewer than two say it."""
    known = [(bool(healthy), ms) for healthy, ms in reports if isinstance(ms, int | float)]
    if len(known) < 2:
        return None
    values = [float(ms) for _healthy, ms in known]
    most = max(values)
    step = (WIDTH - 2 * EDGE) / (len(values) - 1)
    places = [
        # From zero, so that small changes of a fast answer do not look like mountains.
        (round(EDGE + n * step, 1), round(HEIGHT - EDGE - _share(ms, most), 1))
        for n, ms in enumerate(values)
    ]
    return Sparkline(
        points=" ".join(f"{x},{y}" for x, y in places),
        failed=tuple(
            place for place, (healthy, _ms) in zip(places, known, strict=True) if not healthy
        ),
        least=min(values),
        most=most,
        latest=values[-1],
    )


def _share(ms: float, most: float) -> float:
    return (HEIGHT - 2 * EDGE) * ms / most if most > 0 else 0.0
