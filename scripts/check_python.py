"""Says in one line whether this Python can run WearOn; parses on every Python 3."""

import sys

OLDEST = (3, 11)
NEWEST = (3, 13)


def main() -> int:
    """Exit 0 when this interpreter is one of 3.11 to 3.13, else 1 with the reason on stderr."""
    version = tuple(sys.version_info[:2])
    if OLDEST <= version <= NEWEST:
        return 0
    message = (
        "set-up: WearOn needs Python 3.11 to 3.13, but {} is {}.{}; name another: make PYTHON=python3.12 …\n"
    )
    sys.stderr.write(message.format(sys.executable, *version))
    return 1


if __name__ == "__main__":
    sys.exit(main())
