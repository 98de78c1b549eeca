"""An append-only file of JSON lines: what a killed process has acknowledged and not yet written elsewhere."""

import json
import os


class Journal:
    """One line is one unit: after a crash it is there whole or not at all.

    Lines are handed to the operating system by write(2) before a caller goes on and are never fsynced: the page
    cache outlives a killed process, and this is a laptop's emulator, not a machine that must survive a power cut.
    """

    def __init__(self, path: str):
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._size = self._drop_torn_line()

    def read(self):
        """Yields every line's value, oldest first."""
        with open(self._path, "rb") as lines:
            for number, line in enumerate(lines, start=1):
                try:
                    value = json.loads(line)
                except ValueError as error:
                    raise RuntimeError(f"{self._path}, line {number}, is not what was written there") from error
                yield value

    def append(self, value) -> None:
        """Writes one line; when it returns, a kill does not lose it. An OSError leaves the file as it was."""
        line = _line(value)
        try:
            _write(self._file, line)
        except OSError:
            os.ftruncate(self._file, self._size)
            raise
        self._size += len(line)

    def rewrite(self, values) -> None:
        """Replaces all lines by these. A crash at any point leaves either the old file or the new one."""
        draft = f"{self._path}.tmp"
        file = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        size = 0
        for value in values:
            line = _line(value)
            _write(file, line)
            size += len(line)
        os.replace(draft, self._path)
        os.close(self._file)
        self._file, self._size = file, size

    def _drop_torn_line(self) -> int:
        """A last line without its newline was being written when the process died; nobody was told of it."""
        size = os.fstat(self._file).st_size
        end = size
        while end > 0:
            start = max(0, end - 65_536)
            newline = os.pread(self._file, end - start, start).rfind(b"\n")
            if newline >= 0:
                end = start + newline + 1
                break
            end = start
        if end < size:
            os.ftruncate(self._file, end)
        return end


def _line(value) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _write(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view):]
