"""The commands of `wearon-dev`, one in each module."""
