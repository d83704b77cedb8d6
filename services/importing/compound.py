"""The old container of Excel 97 files: just enough of it to find a password, macros and the sheet's extent."""

import struct
from collections.abc import Iterator

from services.importing import errors
from services.importing.extent import Extent

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST_SECTOR = 0xFFFFFFFA
DIRECTORY_ENTRY = 128
# Excel's own record numbers: the cells that hold something, the start of a sheet, the password's.
CELLS = {0x0006, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD}
SEVERAL_NUMBERS, START, PASSWORD = 0x00BD, 0x0809, 0x002F


class Compound:
    """Sectors and chains of one compound file, read in place."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._size = 1 << struct.unpack_from("<H", data, 30)[0]
            if self._size not in (512, 4096):
                raise errors.damaged()
            self._directory_start = struct.unpack_from("<I", data, 48)[0]
            self._table = self._allocation()
            self.streams = dict(self._streams())
        except (struct.error, IndexError) as error:
            raise errors.damaged() from error

    def read(self, name: str) -> bytes:
        start, size = self.streams[name]
        return b"".join(self._chain(start))[:size]

    def _sector(self, number: int) -> bytes:
        offset = (number + 1) * self._size
        return self._data[offset : offset + self._size]

    def _chain(self, start: int) -> Iterator[bytes]:
        seen = 0
        while start < LAST_SECTOR:
            yield self._sector(start)
            start = self._table[start]
            seen += 1
            if seen > len(self._table):
                raise errors.damaged()

    def _allocation(self) -> list[int]:
        """The table that says which sector follows which, itself listed in the header and its extension."""
        listed = list(struct.unpack_from("<109I", self._data, 76))
        extension, extensions = struct.unpack_from("<2I", self._data, 68)
        per_sector = self._size // 4
        for _ in range(min(extensions, 10_000)):
            if extension >= LAST_SECTOR:
                break
            numbers = struct.unpack(f"<{per_sector}I", self._sector(extension))
            listed.extend(numbers[:-1])
            extension = numbers[-1]
        table: list[int] = []
        for number in listed:
            if number < LAST_SECTOR:
                table.extend(struct.unpack(f"<{per_sector}I", self._sector(number)))
        return table

    def _streams(self) -> Iterator[tuple[str, tuple[int, int]]]:
        directory = b"".join(self._chain(self._directory_start))
        for offset in range(0, len(directory) - DIRECTORY_ENTRY + 1, DIRECTORY_ENTRY):
            entry = directory[offset : offset + DIRECTORY_ENTRY]
            length = struct.unpack_from("<H", entry, 64)[0]
            if 2 <= length <= 64:
                name = entry[: length - 2].decode("utf-16-le", errors="replace")
                yield name.lower(), struct.unpack_from("<2I", entry, 116)


def check(data: bytes) -> None:
    """Refuse what must not go on to the parser."""
    compound = Compound(data)
    names = set(compound.streams)
    if names & {"encryptedpackage", "encryptioninfo"}:
        raise errors.protected()
    if names & {"_vba_project_cur", "_vba_project", "vba"}:
        raise errors.has_macros()
    if "worddocument" in names:
        raise errors.UnusableWorkbook("Это документ Word, а не таблица: перенесите таблицу в XLSX и загрузите его.")
    stream = next((name for name in ("workbook", "book") if name in names), None)
    if stream is None:
        raise errors.not_a_workbook()
    _check_records(compound.read(stream))


def _check_records(content: bytes) -> None:
    extent = Extent()
    offset = 0
    while offset + 4 <= len(content):
        kind, size = struct.unpack_from("<2H", content, offset)
        offset += 4
        if kind == PASSWORD:
            raise errors.protected()
        if kind == START:
            extent = Extent()
        elif kind in CELLS and size >= 6 and offset + size <= len(content):
            row, column = struct.unpack_from("<2H", content, offset)
            if kind == SEVERAL_NUMBERS:
                column = struct.unpack_from("<H", content, offset + size - 2)[0]
            extent.fill(row=row + 1, column=column + 1)
        offset += size
