"""How often a property is tried: with few examples in every run, with many in the long one (`make soak`)."""

from typing import Any

from hypothesis import HealthCheck, settings

# How long an example takes says nothing on a busy machine; no test may hang on it.
settings.register_profile("quick", max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", settings.get_profile("quick"), max_examples=200)


def choose(*, long: bool) -> None:
    """For this run, before any test is read."""
    settings.load_profile("soak" if long else "quick")


def tries(share: float, **more: Any) -> settings:
    """So many times as many examples as are usual in this run."""
    return settings(max_examples=round(share * settings().max_examples), **more)
