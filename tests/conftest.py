"""What every test gets."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# No deadline: the first example of a run pays for imports. In CI the same examples every time, so that a
# red run says something about the change and not about the dice.
_SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("dev", deadline=None, suppress_health_check=_SLOW_IS_FINE)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True, suppress_health_check=_SLOW_IS_FINE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))
