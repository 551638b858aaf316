"""The process that reads a large source for a server: stores its events, says where, and ends."""

import os
import pickle
from contextlib import suppress
from pathlib import Path
from threading import Thread

from explorer.errors import ExplorerError, ours
from explorer.events.load import load_sorted
from explorer.events.store import cache, store
from explorer.events.store.apart import Answer, wait_for_end

LESS = 10


def main() -> None:
    """Read what is asked on the standard input, write the answer to the file that is named there."""
    with suppress(OSError):  # where memory ends, this process is to go first
        Path("/proc/self/oom_score_adj").write_text("1000")
    with suppress(OSError, AttributeError):  # Windows knows no such thing; the pages that are open come first
        os.nice(LESS)
    length = int.from_bytes(_exactly(8), "little")
    source, asked, place, written, result = pickle.loads(_exactly(length))
    Thread(target=wait_for_end, daemon=True).start()
    try:
        events = load_sorted(source, **asked)
        cache.settle()
        if place is not None and place.exists():
            written = place
        else:
            store.write(events, written)
        answer = Answer(written)
    except BaseException as error:
        answer = Answer(error=_plain(ours(error)))
    part = result.with_suffix(".part")
    part.write_bytes(pickle.dumps(answer))
    part.replace(result)


def _exactly(length: int) -> bytes:
    """So many bytes of the standard input; what watches for its end reads on behind them."""
    found = b""
    while len(found) < length and (some := os.read(0, length - len(found))):
        found += some
    return found


def _plain(error: ExplorerError) -> ExplorerError:
    """The error without what it was made from, which may not be put into words for another process."""
    error.__cause__ = error.__context__ = error.__traceback__ = None
    return error


if __name__ == "__main__":
    main()
