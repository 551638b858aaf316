"""The lock under which a notebook's views change."""

from threading import RLock

# JupyterLab lets a thread of its own hear what the browser says, and Panel then lets go what another is about to send.
ONE_AT_A_TIME = RLock()
