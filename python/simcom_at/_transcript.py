"""`Transcript` with files, annotation and a view for notebooks."""

from __future__ import annotations

import html
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from . import _core
from ._core import Report

_COLUMN = 56
_BAD = {"Error", "CmeError", "CmsError", "IpError", "CipError", "ConnectFail", "SendFail", "Lost", "NoFinal"}


class Transcript(_core.Transcript):
    """What went over a line: header lines, then steps.

    >>> transcript = Transcript("sim800")
    >>> transcript.add_host(b"AT+CSQ\\r")
    >>> transcript.add_module(b"\\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n")
    >>> [str(report) for report in transcript.reports()]
    ['Signal{rssi=20,ber=0}', 'Ok']
    """

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Reads a file."""
        return cls.parse(Path(path).read_bytes(), str(path))

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes a file."""
        Path(path).write_text(self.to_text(), encoding="utf-8")

    def _rows(self, dialect: str | None) -> Iterator[tuple[str, str, str]]:
        for mark, text, report in self.exchange(dialect):
            yield mark, text, "" if report is None else str(report)

    def annotated(self, dialect: str | None = None, last: int | None = None) -> str:
        """The exchange for people: who said what, and what it means; `last`: only so many rows."""
        if not self.dialect and dialect is None:
            dialect = "sim800"
        rows = [
            f"{mark} {_short(text):<{_COLUMN}}{_short(said, 60)}".rstrip()
            for mark, text, said in self._rows(dialect)
        ]
        return "\n".join(rows if last is None else rows[-last:])

    def _repr_html_(self) -> str:
        cells = []
        for mark, text, said in self._rows(None if self.dialect else "sim800"):
            colour = {">": "#0550ae", "~": "#888"}.get(mark, "#1a7f37")
            if said.split("{")[0] in _BAD:
                colour = "#cf222e"
            cells.append(
                f'<tr><td style="text-align:left;color:{colour}"><code>{html.escape(mark)} {html.escape(_short(text))}'
                f'</code></td><td style="text-align:left"><code>{html.escape(_short(said, 80))}</code></td></tr>'
            )
        return f"<table>{''.join(cells)}</table>"


def _short(text: str, longest: int = _COLUMN - 2) -> str:
    return text if len(text) <= longest else text[: longest - 3] + "..."


__all__ = ["Report", "Transcript"]
