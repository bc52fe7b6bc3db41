"""The base of everything that ends a run of the local platform."""


class RunFailed(Exception):  # noqa: N818 - it says what happened
    """The local platform cannot run; the message is for the person who started it."""
