"""What takes a while to find in events: words for nobody, crowded actors, repeated ids, wrong clocks."""

import re
from dataclasses import replace

import numpy as np
import polars as pl

from explorer.events.events import Events
from explorer.events.quality.edges import edges
from explorer.events.quality.quality import Quality, repeated
from explorer.events.reading.units import DAY, OLDEST
from explorer.plan.in_polars.boundary import TIME

NOBODY = re.compile(
    r"\s*|null|none|nil|nan|\\n|n/?a|#n/a|undefined|unknown|anonymous|anon|guest|nobody|no[_ ]?user|not[_ ]set"
    r"|\((?:not set|none|null|empty|unknown|anonymous)\)|<(?:null|none|na)>|-+|\"\"|''|0{8}-?0{4}-?0{4}-?0{4}-?0{12}",
    re.IGNORECASE,
)
# Of these an actor may be called so; in a large share of the events they mean nobody.
PERHAPS = ("0", "-1")
MOST_NAMED = 5
# An actor with this share of the events, of so many actors, is no actor like the others.
OUTRAGEOUS = ((0.5, 3), (0.2, 20))

ZONE_COLUMNS = ("tz", "timezone", "time_zone", "utc_offset", "tz_offset", "timezone_offset", "gmt_offset", "tzinfo")
BLANK = r"^[\s\u{200b}-\u{200d}\u{2060}\u{feff}]+|[\s\u{200b}-\u{200d}\u{2060}\u{feff}]+$"

# What lies nearer to the other events than this may be another day's work.
FAR = 30 * DAY

OWN_IDS = ("event_id", "eventid", "event_uuid", "message_id", "messageid", "insert_id", "hit_id", "log_id", "record_id")
IDS = ("id", "uuid", "guid", "request_id", "requestid", "transaction_id")
OWN, PERHAPS_OWN = 0.5, 0.8


def quality_report(events: Events) -> Quality:
    """The quality with what takes a moment to count."""
    quality = events.quality
    if quality.duplicates is None:
        quality = replace(quality, duplicates=int(repeated(events.frame, events.keys).sum()))
    times = events.keys[TIME]
    found = edges(times)
    old = int((times < OLDEST).sum()) if quality.first < OLDEST <= quality.last else 0
    far = max(found.first - quality.first, quality.last - found.last) > FAR
    outside, old = found.outside if far else 0, old if old * 2 < len(events) else 0
    clocks, usual = max(outside, old), (found.first, found.last)
    if old > outside:
        usual = times.filter(times >= OLDEST).min(), quality.last  # type: ignore[assignment]
    name, again = (None, quality.repeated_ids) if events.columns.unique_by else _own_ids(events)
    quality = replace(
        quality, crowded=_crowded(events), wrong_clocks=clocks, usual=usual, id_column=name or "", repeated_ids=again
    )
    return replace(quality, zone_column=_zone_column(events), blanks=_blanks(events), coarse_ids=_are_coarse(events))


def is_nobody(text: str) -> bool:
    """Whether a text is a word for nobody.

    >>> is_nobody("NULL"), is_nobody("(not set)"), is_nobody("Nadine")
    (True, True, False)
    """
    return NOBODY.fullmatch(text) is not None


def _crowded(events: Events) -> tuple[tuple[str, int], ...]:
    firsts = events.firsts.to_numpy()
    counts = np.diff(np.append(firsts, len(events)))
    share = next((share for share, actors in OUTRAGEOUS if len(counts) >= actors), 2.0)
    if len(counts) >= OUTRAGEOUS[1][1]:
        share = OUTRAGEOUS[1][0]
    places = set(np.flatnonzero(counts > share * len(events)).tolist())
    names = events.columns.actor
    if len(names) == 1:
        texts = events.frame[names[0]].gather(events.firsts).cast(pl.String, strict=False)
        places |= set(texts.str.contains(rf"(?i)^(?:{NOBODY.pattern})$").arg_true().to_list())
        often = 3 * len(events) / len(counts)
        places |= {at for at in texts.is_in(list(PERHAPS)).arg_true().to_list() if counts[at] > often}
    ranked = sorted(places, key=lambda at: -counts[at])[:MOST_NAMED]
    said = events.frame.select(names)[firsts[ranked]] if ranked else None
    if said is None:
        return ()
    words = ["/".join(str(value) for value in row) for row in said.rows()]
    return tuple((word, int(counts[at])) for word, at in zip(words, ranked, strict=True))


def _zone_column(events: Events) -> str:
    """The column of different zones beside times that carry none; empty where there is no such column."""
    if events.aware:
        return ""
    for name in events.schema:
        folded = name.lower().replace("-", "_").replace(" ", "_")
        if folded in ZONE_COLUMNS and events.frame[name].drop_nulls().n_unique() > 1:
            return name
    return ""


def _blanks(events: Events) -> int:
    """How many actors are the same as another but for blanks around them, and signs that have no width."""
    names = events.columns.actor
    if len(names) > 1 or events.schema[names[0]] not in (pl.String, pl.Categorical):
        return 0
    texts = events.frame[names[0]].gather(events.firsts).cast(pl.String)
    if not texts.str.contains(BLANK).any():
        return 0
    plain = texts.str.replace_all(BLANK, "")
    return len(plain) - plain.n_unique()


def _are_coarse(events: Events) -> bool:
    """Whether actors are decimals so large that not every whole number is one."""
    values = [events.frame[name] for name in events.columns.actor if events.schema[name].is_float()]
    return any((one.abs() >= (2.0**24 if one.dtype == pl.Float32 else 2.0**53)).any() for one in values)


def _own_ids(events: Events) -> tuple[str | None, int | None]:
    """The column that looks like the events' own ids, and how many repeat one."""
    columns = events.columns
    roles = {*columns.actor, *columns.times, columns.event, *columns.order}
    for names, least in ((OWN_IDS, OWN), (IDS, PERHAPS_OWN)):
        for name, dtype in events.schema.items():
            folded = name.lower().lstrip("$").replace("-", "_").replace(" ", "_")
            if name in roles or folded not in names or dtype.is_nested() or dtype.is_float():
                continue
            told = events.frame.select(pl.col(name).drop_nulls().n_unique(), count=pl.col(name).count()).row(0)
            if told[1] and told[0] >= least * told[1]:
                return name, int(told[1] - told[0])
    return None, None
