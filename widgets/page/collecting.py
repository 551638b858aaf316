"""When Python looks for what only refers to itself: in a moment in which nobody waits.

Python stands still while it looks through every object, a second at fifty pages. By itself it does so whenever a page
has ended or a quarter more objects have come. Objects that are put aside (`gc.freeze`) are not looked at: they are put
aside every second, and all are looked through when the process rests, or when many pages have ended.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass
from functools import cache
from time import process_time

from tornado.ioloop import PeriodicCallback

TICK = 1.0
BUSY = 0.05  # of a second of processor in a second
RESTS = 3  # seconds
# A round is after some 7,000 objects more; a page is four of them, and five megabytes.
FEW, MANY, MANY_ENDED = 10, 500, 20


@dataclass
class Collecting:
    """What is known of a process: how long it has rested, when it was looked through, how many pages have ended since.

    `spent` are seconds of processor, `rounds` those that Python has made through young objects.
    """

    spent: float = 0.0
    rounds: int = 0
    rested: int = 0
    ended: int = 0

    def tick(self, spent: float, rounds: int) -> None:
        """A second has passed: put aside what there is, after looking through it if it is time."""
        self.rested = self.rested + 1 if spent - self.spent < BUSY * TICK else 0
        self.spent = spent
        if self.ended >= MANY_ENDED or rounds - self.rounds >= (FEW if self.rested >= RESTS else MANY):
            gc.unfreeze()
            gc.collect()
            self.spent, self.rounds, self.ended = process_time(), rounds_made(), 0
        gc.freeze()

    def page_ended(self, _: object) -> None:
        """Count the page of a session that is given up; what it leaves behind is found by looking."""
        self.ended += 1


PROCESS = Collecting()


def rounds_made() -> int:
    """How often Python has looked through the objects that have outlived one look, since the process began."""
    return int(gc.get_stats()[1]["collections"])


@cache
def begin() -> PeriodicCallback:
    """Watch this process, from the loop that serves its pages, until it ends."""
    PROCESS.spent, PROCESS.rounds = process_time(), rounds_made()
    watching = PeriodicCallback(lambda: PROCESS.tick(process_time(), rounds_made()), TICK * 1000)
    watching.start()
    return watching
