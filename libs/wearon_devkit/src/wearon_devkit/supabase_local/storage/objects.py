"""The stored objects: plain files, each with a small JSON file beside the tree for what else is known."""

import json
import os
import re
import tempfile
import uuid
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from wearon_devkit.supabase_local.storage.errors import (
    ALREADY_EXISTS,
    OBJECT_NOT_FOUND,
    StorageError,
    invalid_key,
)

# The characters that Supabase Storage takes in an object's name.
_ALLOWED_PATH = re.compile(r"[\w/!.*'() &$@=;:+,?-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What is known of an object beside its bytes; times are ISO 8601 in UTC."""

    id: str
    content_type: str
    cache_control: str
    created_at: str
    size_bytes: int


class Objects:
    """One bucket's objects under `directory/bucket/path`.

    A write appears whole or not at all, also when two writers meet or the process dies. All calls block: run
    them in a thread.
    """

    def __init__(self, directory: Path, bucket: str) -> None:
        self._files = directory / bucket
        self._facts = directory / ".facts" / bucket
        self._files.mkdir(parents=True, exist_ok=True)
        self._facts.mkdir(parents=True, exist_ok=True)

    def put(
        self, path: str, content: bytes, content_type: str, cache_control: str, *, overwrite: bool
    ) -> StoredObject:
        """Store; raises StorageError `Duplicate` when the object is there and may not be overwritten."""
        target = self.file(path)
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        stored = StoredObject(str(uuid.uuid4()), content_type, cache_control, now, len(content))
        if not overwrite and target.exists():
            raise StorageError(*ALREADY_EXISTS)
        self._write(self._facts_file(path), json.dumps(asdict(stored)).encode(), path, overwrite=True)
        self._write(target, content, path, overwrite=overwrite)
        return stored

    def get(self, path: str) -> StoredObject:
        """Return what is known of an object; raises StorageError `not_found`."""
        if not self.file(path).is_file():
            raise StorageError(*OBJECT_NOT_FOUND)
        return StoredObject(**json.loads(self._facts_file(path).read_bytes()))

    def remove(self, path: str) -> StoredObject | None:
        """Remove and return the object, or None when it was not there."""
        try:
            stored = self.get(path)
            self.file(path).unlink()
        except (StorageError, FileNotFoundError):
            return None
        self._facts_file(path).unlink(missing_ok=True)
        return stored

    def children(self, folder: str) -> dict[str, StoredObject | None]:
        """Return what lies directly in a folder by name; a folder inside it is None."""
        directory = self.file(folder) if folder else self._files
        if not directory.is_dir():
            return {}
        prefix = f"{folder}/" if folder else ""
        return {
            entry.name: self.get(prefix + entry.name) if entry.is_file() else None
            for entry in directory.iterdir()
        }

    def file(self, path: str) -> Path:
        """Return where an object lies; raises StorageError `InvalidKey` for a path that leads elsewhere."""
        segments = path.split("/")
        if not _ALLOWED_PATH.fullmatch(path) or any(segment in {"", ".", ".."} for segment in segments):
            raise invalid_key(path)
        return self._files.joinpath(*segments)

    def _facts_file(self, path: str) -> Path:
        # No object's name holds a `#`: its folder and its facts never meet.
        return self._facts / f"{path}#facts"

    def _write(self, target: Path, content: bytes, path: str, *, overwrite: bool) -> None:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._facts, prefix=".new-") as new:
                new.write(content)
                new.flush()
                _publish(Path(new.name), target, overwrite=overwrite)
        except (NotADirectoryError, IsADirectoryError, FileExistsError):
            # A file system cannot hold both `a` and `a/b`.
            raise invalid_key(path) from None


def _publish(new: Path, target: Path, *, overwrite: bool) -> None:
    if overwrite:
        link = new.with_name(f"{new.name}.link")
        os.link(new, link)
        try:
            link.replace(target)
        finally:
            link.unlink(missing_ok=True)
        return
    try:
        os.link(new, target)
    except FileExistsError:
        raise StorageError(*ALREADY_EXISTS) from None
