"""Servers on this machine, and how tests run in an event loop."""

from __future__ import annotations

import asyncio
import contextlib
import selectors
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def run(work: Coroutine[Any, Any, T], limit: float = 60.0) -> T:
    """Runs it, for so many seconds at most."""

    async def limited() -> T:
        async with asyncio.timeout(limit):
            return await work

    return asyncio.run(limited())


class _Clock(selectors.DefaultSelector):
    """Where a loop would sleep, its time goes on instead."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("nothing more will happen")
        ready = super().select(0)
        if not ready:
            self.now += max(timeout, 0.0)
        return ready


class _VirtualTime(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = _Clock()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now


def run_virtual(work: Coroutine[Any, Any, T], limit: float = 600.0) -> T:
    """As `run`, in virtual time: for what has neither sockets nor threads. No wait costs time, none depends on the machine."""

    async def limited() -> T:
        async with asyncio.timeout(limit):
            return await work

    with asyncio.Runner(loop_factory=_VirtualTime) as runner:
        return runner.run(limited())


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


@contextlib.asynccontextmanager
async def serving(handler: Handler = echo, **words: Any) -> AsyncIterator[int]:
    """A TCP server; gives its port."""
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(handler(reader, writer))
        tasks.add(task)  # type: ignore[arg-type]
        task.add_done_callback(tasks.discard)  # type: ignore[arg-type]

    server = await asyncio.start_server(connected, "127.0.0.1", 0, **words)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def payload(size: int, seed: int = 0) -> bytes:
    """Bytes that look like protocol now and then; without Ctrl-Z and ESC, which kingcom cannot send."""
    block = b"\r\nOK\r\n> +IPD,5:\r\n0, CLOSED\r\n+CIPRXGET: 2,0,9,0\r\n" + bytes(
        byte for byte in range(256) if byte not in (0x1A, 0x1B)
    )
    start = seed * 37 % len(block)
    return (block[start:] + block * (size // len(block) + 1))[:size]
