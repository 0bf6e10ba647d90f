"""Why a page cannot be shown or an order not be taken: each has an answer that a person can use."""

from services.runtime.errors import PermanentError, TransientError


class PageProblem(PermanentError):
    """A page that cannot be shown: its status, what to call it, and what to do now.

    Neither text holds personal data.
    """

    status = 400
    title = "There is a problem"

    def __init__(self, told: str) -> None:
        super().__init__(told)
        self.told = told


class NotThere(PageProblem):
    """Nothing is known by that address; or it is another team's, which must look the same."""

    status = 404
    title = "Page not found"


class NotYours(PageProblem):
    """Somebody is signed in, and their role may not open it."""

    status = 403
    title = "You cannot open this page"


class FormTooOld(PageProblem):
    """A form without the token of this session: another site's, or one from before signing in."""

    status = 403
    title = "Nothing was changed"


class TooOften(PageProblem):
    """Asked too often in a short time."""

    status = 429
    title = "Too many tries"


class SignInNeeded(PermanentError):
    """Nobody is signed in, or not any more."""


class SignInRefused(PermanentError):
    """The identity provider's answer cannot be used; the message holds nothing of it."""


class ProviderAway(TransientError):
    """The identity provider does not answer."""
