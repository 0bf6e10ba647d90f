"""For every test: how properties are tried."""

from hypothesis import HealthCheck, settings

# how long an example takes says more about the machine than about the property
_ANY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

# the same examples on every machine and every day: who breaks a test is who changed something
settings.register_profile("repeatable", _ANY, derandomize=True)

# new ones each time, and more of them where a test does not say how many: `make search`
settings.register_profile("search", _ANY, max_examples=500, print_blob=True)

settings.load_profile("repeatable")
