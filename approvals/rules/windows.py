"""Times in which nothing that is approved begins, and how often it may in one day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from approvals.rules.tightening import EVERY_ACTION, covers
from atlas.common.errors import AtlasError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
A_DAY = timedelta(days=1)
DATED = "%Y-%m-%d %H:%M"


@dataclass(frozen=True)
class Weekly:
    """Each week from one day and time to another: `Weekly("fri 18:00", "mon 08:00", ZONE)`.

    `zone` is the name of a time zone, such as "Europe/Berlin"; its clock counts, also when it is
    put back or forward.
    """

    begins: str
    ends: str
    zone: str

    def __post_init__(self) -> None:
        _zone(self.zone)
        if _of_week(self.begins) == _of_week(self.ends):
            raise _refused(f"The window “{self.begins}” to “{self.ends}” has no length.")

    def end_after(self, now: datetime) -> datetime | None:
        """When the window that `now` lies in ends; None when it lies in none."""
        local = now.astimezone(_zone(self.zone))
        (first, begins), (last, ends) = _of_week(self.begins), _of_week(self.ends)
        here = (local.weekday(), local.time())
        start, end = (first, begins), (last, ends)
        is_inside = start <= here < end if start < end else here >= start or here < end
        if not is_inside:
            return None
        days = (last - local.weekday()) % len(DAYS)
        if days == 0 and local.time() >= ends:
            days = len(DAYS)
        return datetime.combine(local.date() + days * A_DAY, ends, tzinfo=_zone(self.zone))


@dataclass(frozen=True)
class Dated:
    """Once: `Dated("2026-12-24 12:00", "2027-01-02 08:00", ZONE)`."""

    begins: str
    ends: str
    zone: str

    def __post_init__(self) -> None:
        if self._moment(self.begins) >= self._moment(self.ends):
            raise _refused(f"The window “{self.begins}” to “{self.ends}” has no length.")

    def end_after(self, now: datetime) -> datetime | None:
        """When the window ends; None when `now` lies outside."""
        end = self._moment(self.ends)
        return end if self._moment(self.begins) <= now < end else None

    def _moment(self, text: str) -> datetime:
        try:
            return datetime.strptime(text, DATED).replace(tzinfo=_zone(self.zone))
        except ValueError:
            raise _refused(f"“{text}” is no moment like “2026-12-24 12:00”.") from None


@dataclass(frozen=True)
class Freeze:
    """A window in which the actions are not begun; what is approved waits for its end.

    Nor is anything undone that they did, unless it `allows_rollbacks`.
    """

    name: str
    window: Weekly | Dated
    actions: tuple[str, ...] = (EVERY_ACTION,)
    allows_rollbacks: bool = False


class Reached(StrEnum):
    """What happens to one more when a daily limit is reached."""

    HOLD = "hold"
    REFUSE = "refuse"


@dataclass(frozen=True)
class DailyLimit:
    """At most so many begin on one day, of all people together or of each by itself.

    What is too much is held until the next day, or refused when it is proposed. The day is that
    of the database's clock in `zone`. `actions` are counted together.
    """

    actions: tuple[str, ...]
    most: int
    per_person: bool = False
    when_reached: Reached = Reached.HOLD
    zone: str = "UTC"

    def __post_init__(self) -> None:
        _zone(self.zone)
        if isinstance(self.actions, str) or self.most < 1:
            raise _refused("A daily limit names actions in a tuple and lets at least one begin.")


def frozen(
    freezes: Iterable[Freeze], action: str, now: datetime, *, undoing: bool = False
) -> tuple[Freeze, datetime] | None:
    """The freeze that holds `action`, or undoing it, longest at `now`, and when it ends."""
    found = [
        (end, freeze)
        for freeze in freezes
        if covers(freeze.actions, action)
        and not (undoing and freeze.allows_rollbacks)
        and (end := freeze.window.end_after(now)) is not None
    ]
    if not found:
        return None
    end, freeze = max(found, key=lambda one: one[0])
    return freeze, end


def day_of(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """Begin and end of the day of `now` by the clock of a time zone."""
    today = now.astimezone(_zone(zone)).date()
    midnight = datetime.combine(today, time(), tzinfo=_zone(zone))
    return midnight, datetime.combine(today + A_DAY, time(), tzinfo=_zone(zone))


def _of_week(text: str) -> tuple[int, time]:
    day, _space, clock = text.partition(" ")
    try:
        return DAYS.index(day.casefold()), time.fromisoformat(clock)
    except ValueError:
        raise _refused(f"“{text}” is no day and time like “fri 18:00”.") from None


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    # A name that is no file, or a path out of the folder of time zones.
    except (OSError, ValueError, KeyError):
        raise _refused(f"There is no time zone “{name}”.") from None


def _refused(sentence: str) -> AtlasError:
    return AtlasError(sentence, code="approvals")
