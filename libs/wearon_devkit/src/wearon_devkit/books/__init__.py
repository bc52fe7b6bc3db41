"""The books: where every credit that was taken for a generation has gone."""

from wearon_devkit.books.auditing import BooksUnreadableError, audit
from wearon_devkit.books.kinds import ImbalanceKind, NoticeKind
from wearon_devkit.books.patience import Patience
from wearon_devkit.books.report import ChannelTotals, Finding, Report

__all__ = [
    "BooksUnreadableError",
    "ChannelTotals",
    "Finding",
    "ImbalanceKind",
    "NoticeKind",
    "Patience",
    "Report",
    "audit",
]
