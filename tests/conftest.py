"""For every test: how properties are tried."""

from hypothesis import HealthCheck, settings

# how long an example takes says more about the machine than about the property
settings.register_profile("fieldfare", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("fieldfare")
