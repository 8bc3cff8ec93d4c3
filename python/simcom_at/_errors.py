"""The package's exceptions."""

from __future__ import annotations

from typing import Any

from ._enums import Refusal, Remedy, Why


class SimcomError(Exception):
    """The base of all.

    `transcript` is the end of what went over the line, annotated; `hint` is what to try; both may be empty.
    """

    def __init__(self, message: str, *, hint: str = "", transcript: str = "") -> None:
        super().__init__(message)
        self.hint = hint
        self.transcript = transcript

    @property
    def message(self) -> str:
        """What happened, without the hint."""
        return str(self.args[0]) if self.args else ""

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.args, self.__dict__.copy())


def _rebuild(kind: type[SimcomError], args: tuple[Any, ...], state: dict[str, Any]) -> SimcomError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class Refused(SimcomError, ValueError):
    """The call was not taken; nothing changed and nothing was sent."""

    def __init__(self, reason: Refusal, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class PortError(SimcomError, OSError):
    """The port cannot be opened, or is gone."""

    def __str__(self) -> str:
        return SimcomError.__str__(self)


class CommandError(SimcomError):
    """The module or the network said no."""

    def __init__(
        self,
        message: str,
        *,
        command: str,
        why: Why = Why.ERROR,
        code: int | str | None = None,
        remedy: Remedy = Remedy.NONE,
        text: bytes = b"",
        hint: str = "",
        transcript: str = "",
    ) -> None:
        super().__init__(message, hint=hint, transcript=transcript)
        #: What was asked: `attach`, `open`, or the line of `command`.
        self.command = command
        #: The kind of answer.
        self.why = why
        #: Its number, or its text where the module prints names.
        self.code = code
        #: What to do about it.
        self.remedy = remedy
        #: The module's line.
        self.text = text

    @property
    def name(self) -> str:
        """The kind of answer and its code, such as `cme 3`."""
        return str(self.why) if self.code is None else f"{self.why} {self.code}"


class ModemTimeout(SimcomError, TimeoutError):
    """The module did not answer in time."""

    def __str__(self) -> str:
        return SimcomError.__str__(self)


class LinkClosed(SimcomError, ConnectionError):
    """The link is closed, or was lost."""

    def __str__(self) -> str:
        return SimcomError.__str__(self)


class ModemRestarted(LinkClosed):
    """The module has started anew; every link is gone."""


class ProtocolError(SimcomError):
    """What came over the line makes no sense: bytes were lost, or it is no such module."""
