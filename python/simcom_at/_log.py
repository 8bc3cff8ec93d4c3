"""The end of what went over the line, for errors; and all of it, on request."""

from __future__ import annotations

import logging
from collections import deque

from ._core import escape
from ._transcript import Transcript

_LINE = logging.getLogger("simcom_at.line")
# A library prints nothing unless it is asked to.
logging.getLogger("simcom_at").addHandler(logging.NullHandler())


class Log:
    """Keeps the last pieces, and logs them as `simcom_at.line`."""

    def __init__(self, keep: int, record: Transcript | None) -> None:
        self._last: deque[tuple[str, bytes]] = deque(maxlen=keep)
        self._record = record
        #: A payload is on its way: to a reader a host line would end it, so those are shown behind it.
        self._inside = False
        self._held: list[bytes] = []
        self.dialect = "sim800"

    def seen(self, mark: str, data: bytes) -> None:
        """Bytes of the host (`>`) or the module (`<`)."""
        if _LINE.isEnabledFor(logging.DEBUG):
            _LINE.debug("%s %s", mark, escape(data))
        if mark == ">" and self._inside:
            self._held.append(data)
        else:
            self._add(mark, data)

    def inside(self, is_inside: bool) -> None:
        """Whether a payload is on its way."""
        self._inside = is_inside
        if not is_inside and self._held:
            held, self._held = self._held, []
            for data in held:
                self._add(">", data)

    def _add(self, mark: str, data: bytes) -> None:
        self._last.append((mark, data))
        if self._record is not None:
            (self._record.add_host if mark == ">" else self._record.add_module)(data)

    def transcript(self) -> Transcript:
        """What is kept."""
        transcript = Transcript(self.dialect)
        # At one go: another thread may be asking.
        for mark, data in tuple(self._last):
            (transcript.add_host if mark == ">" else transcript.add_module)(data)
        return transcript

    def annotated(self, last: int = 20) -> str:
        """The last rows for people."""
        return self.transcript().annotated(last=last)
