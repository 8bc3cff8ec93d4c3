"""Links as asyncio transports, and as datagram endpoints."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ._core import Closed, Lost, Received, Sent
from ._enums import Closing, Outcome, Refusal
from ._errors import LinkClosed, ModemRestarted, ProtocolError, Refused, SimcomError

if TYPE_CHECKING:
    from ._engine import Engine

_LOG = logging.getLogger("simcom_at.link")

Address = tuple[str, int]

#: How often a send of which nothing went out is tried again, and the pause between.
_TRIES, _PAUSE = 3, 0.5


class Link:
    """What every link of a modem can be told."""

    def __init__(self, modem: Engine, number: int) -> None:
        self._modem = modem
        #: The module's number of the link.
        self.number = number
        #: It waits for its turn to send.
        self.is_queued = False

    def renumber(self, number: int) -> None:
        """Another number, before it is open."""
        self.number = number

    def opened(self) -> None:
        raise NotImplementedError

    def received(self, event: Received) -> None:
        raise NotImplementedError

    def give(self, now: float) -> bool:
        """Gives the next send; whether there was one."""
        raise NotImplementedError

    def sent(self, event: Sent) -> None:
        raise NotImplementedError

    def lost(self, event: Lost) -> None:
        raise NotImplementedError

    def closed(self, event: Closed | None, error: Exception | None) -> None:
        """The last call: the link is gone, or the whole modem is."""
        raise NotImplementedError

    def abort(self) -> None:
        raise NotImplementedError

    def is_closing(self) -> bool:
        """Whether its number will be free soon."""
        raise NotImplementedError


def why_closed(event: Closed, modem: Engine, number: int) -> SimcomError | None:
    """The exception for a link that is gone; `None`: as it should."""
    match event.why:
        case Closing.LOCAL | Closing.PEER:
            return None
        case Closing.RESTART:
            error: SimcomError = ModemRestarted("the module restarted", hint="probe, attach and connect again")
        case Closing.NETWORK:
            error = LinkClosed(f"link {number} was lost with the network", hint="attach again")
        case _:
            error = LinkClosed(f"link {number} is gone, the module does not say why", hint="connect again")
    return modem.explain(error)


class LinkTransport(asyncio.Transport, Link):
    """A TCP link as an asyncio transport.

    Small writes are put together; writes wait their turn, so that links share the line. A paused reader stops the module
    where that can receive on request; elsewhere so many bytes as `limit` are kept, then the link is given up.
    """

    #: `StreamWriter.start_tls` asks for this.
    _start_tls_compatible = True

    def __init__(self, modem: Engine, number: int, peer: Address, protocol: asyncio.BaseProtocol, limit: int) -> None:
        asyncio.Transport.__init__(self)
        self._info: dict[str, Any] = {"peername": peer, "link": number, "modem": modem}
        Link.__init__(self, modem, number)
        self._loop = asyncio.get_running_loop()
        self._protocol = protocol
        self._limit = limit
        self._out = bytearray()
        self._sending = 0
        self._tries = 0
        self._low, self._high = 16 * 1024, 64 * 1024
        self._protocol_paused = False
        self._paused = False
        self._inbox: deque[bytes] = deque()
        self._inbox_size = 0
        self._is_open = False
        self._is_closing = False
        self._close_given = False
        self._gone = False
        self._lost: Exception | None = None
        #: How the link ended; it is told when a paused reader has read all.
        self._end: tuple[bool, Exception | None] | None = None
        self._is_told = False

    def __repr__(self) -> str:
        state = "closed" if self._gone else "closing" if self._is_closing else "open" if self._is_open else "opening"
        return f"<LinkTransport link={self.number} {state}>"

    # What the application sees.

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._info.get(name, default)

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._protocol

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._protocol = protocol

    def is_closing(self) -> bool:
        return self._is_closing or self._gone

    def is_reading(self) -> bool:
        return not self._paused and not self._gone

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"data argument must be a bytes-like object, not {type(data).__name__!r}")
        if self.is_closing() or not data:
            if data:
                _LOG.debug("link %d is closed: %d bytes are not sent", self.number, len(data))
            return
        self._out += data
        self._queue()
        if not self._protocol_paused and len(self._out) > self._high:
            self._protocol_paused = True
            self._protocol.pause_writing()

    def writelines(self, list_of_data: Iterable[Any]) -> None:
        self.write(b"".join(list_of_data))

    def write_eof(self) -> None:
        raise NotImplementedError("the modules cannot close one direction")

    def can_write_eof(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return len(self._out)

    def get_write_buffer_limits(self) -> tuple[int, int]:
        return self._low, self._high

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        if high is None:
            high = 64 * 1024 if low is None else 4 * low
        if low is None:
            low = high // 4
        if not high >= low >= 0:
            raise ValueError(f"high ({high!r}) must be >= low ({low!r}) must be >= 0")
        self._low, self._high = low, high

    def pause_reading(self) -> None:
        if not self._paused and not self._gone:
            self._paused = True
            self._modem.credit(self.number, 0)

    def resume_reading(self) -> None:
        if self._paused:
            self._paused = False
            self._loop.call_soon(self._deliver)
            self._modem.credit(self.number, None)

    def close(self) -> None:
        if not self._is_closing and not self._gone:
            self._is_closing = True
            if not self._out and not self._sending:
                self._give_close()

    def abort(self) -> None:
        self._inbox.clear()
        self._inbox_size = 0
        self._force_close(None)

    def _force_close(self, error: BaseException | None) -> None:
        """What `asyncio.sslproto` calls. The module may take its time to close; the protocol is told at once."""
        self._out.clear()
        self._is_closing = True
        if isinstance(error, Exception):
            self._lost = self._lost or error
        if not self._gone and not self._sending:
            self._give_close()
        self._ended(False, self._lost)

    # What the modem tells.

    def renumber(self, number: int) -> None:
        self.number = self._info["link"] = number

    def opened(self) -> None:
        self._is_open = True
        self._protocol.connection_made(self)

    def received(self, event: Received) -> None:
        if self._end is not None or self._is_told:
            return
        self._inbox.append(event.data)
        self._inbox_size += len(event.data)
        if not self._paused:
            self._deliver()
        elif self._inbox_size > self._limit and self._modem.session.is_pushed:
            self._fatal(
                LinkClosed(
                    f"the reader of link {self.number} does not read: {self._inbox_size} bytes wait",
                    hint=f"{self._modem.dialect} cannot hold data back; read faster, or give a larger limit=",
                )
            )

    def _deliver(self) -> None:
        while self._inbox and not self._paused:
            data = self._inbox.popleft()
            self._inbox_size -= len(data)
            _feed(self._protocol, data)
        if self._end is not None and not self._inbox:
            (by_peer, error), self._end = self._end, None
            self._is_told = True
            if by_peer and error is None and isinstance(self._protocol, (asyncio.Protocol, asyncio.BufferedProtocol)):
                self._protocol.eof_received()
            self._protocol.connection_lost(error)

    def give(self, now: float) -> bool:
        if self._gone or self._sending or not self._out:
            return False
        session = self._modem.session
        piece = bytes(self._out[: session.max_payload])
        try:
            session.send(self.number, piece, now=now)
        except Refused as why:
            if why.reason is Refusal.BUSY:
                raise
            hint = "encode the data, for example with base64" if why.reason is Refusal.UNSENDABLE else ""
            self._fatal(self._modem.explain(LinkClosed(f"link {self.number} cannot send: {why.message}", hint=hint)))
            return False
        self._sending = len(piece)
        return True

    def sent(self, event: Sent) -> None:
        size, self._sending = self._sending, 0
        if self._gone:
            return
        match event.outcome:
            case Outcome.DELIVERED | Outcome.ACCEPTED if event.size is None or event.size >= size:
                del self._out[:size]
                self._tries = 0
            case Outcome.NOT_SENT if self._tries < _TRIES:
                self._tries += 1
                self._loop.call_later(_PAUSE, self._queue)
                return
            case Outcome.NOT_SENT:
                self._fatal(self._modem.explain(LinkClosed(f"link {self.number} sends nothing", hint="connect again")))
                return
            case _:
                text = f"of {size} bytes on link {self.number} it is not known how many were sent"
                self._fatal(self._modem.explain(LinkClosed(text, hint="connect again")))
                return
        if self._protocol_paused and len(self._out) <= self._low:
            self._protocol_paused = False
            self._protocol.resume_writing()
        if self._out:
            self._queue()
        elif self._is_closing:
            self._give_close()

    def lost(self, event: Lost) -> None:
        what = "of a payload never came" if event.what == "payload" else "were dropped unread"
        error = ProtocolError(f"{event.size} bytes of link {self.number} {what}")
        if not self._is_closing:
            self._fatal(self._modem.explain(error))

    def closed(self, event: Closed | None, error: Exception | None) -> None:
        if self._gone:
            return
        self._gone, self._is_closing = True, True
        if event is not None:
            error = why_closed(event, self._modem, self.number)
        if self._out and error is None and event is not None and event.why is Closing.PEER:
            _LOG.debug("link %d: the peer closed, %d bytes are not sent", self.number, len(self._out))
        self._out.clear()
        self._ended(event is not None and event.why is Closing.PEER, self._lost or error)

    # Inner parts.

    def _ended(self, by_peer: bool, error: Exception | None) -> None:
        if self._is_open and self._end is None and not self._is_told:
            self._end = (by_peer, error)
            self._loop.call_soon(self._deliver)

    def _queue(self) -> None:
        if self._out and not self._gone:
            self._modem.queue_send(self)

    def _give_close(self) -> None:
        if self._is_open and not self._close_given and not self._gone:
            self._close_given = True
            self._modem.queue_close(self.number)

    def _fatal(self, error: Exception) -> None:
        _LOG.debug("link %d: %s", self.number, error)
        self._force_close(error)


def _feed(protocol: asyncio.BaseProtocol, data: bytes) -> None:
    if isinstance(protocol, asyncio.BufferedProtocol):
        view = memoryview(data)
        while view:
            buffer = memoryview(protocol.get_buffer(len(view))).cast("B")
            size = min(len(buffer), len(view))
            buffer[:size] = view[:size]
            protocol.buffer_updated(size)
            view = view[size:]
    elif isinstance(protocol, asyncio.Protocol):
        protocol.data_received(data)


class Datagrams(Link):
    """A UDP link: `await link.send(data)`, `data, peer = await link.receive()`.

    Datagrams that nobody takes are kept up to a number; then the oldest are dropped, as in any UDP stack.
    """

    def __init__(self, modem: Engine, number: int, peer: Address, keep: int) -> None:
        super().__init__(modem, number)
        self.peer = peer
        self._inbox: deque[tuple[bytes, Address | None]] = deque(maxlen=keep)
        self._part = bytearray()
        self._news = asyncio.Event()
        self._out: deque[tuple[bytes, Address | None, asyncio.Future[None]]] = deque()
        self._sending: asyncio.Future[None] | None = None
        self._error: Exception | None = None
        self._is_open = False
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        #: Datagrams that were dropped because nobody took them.
        self.dropped = 0

    async def __aenter__(self) -> Datagrams:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    async def send(self, data: bytes | bytearray | memoryview[Any], to: Address | None = None) -> None:
        """Sends one datagram; `to`: where the dialect takes a destination with each."""
        if self._error is not None:
            raise self._error
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._out.append((bytes(memoryview(data)), to, future))
        self._modem.queue_send(self)
        await future

    async def receive(self) -> tuple[bytes, Address | None]:
        """The next datagram and its sender, where the module says so."""
        while not self._inbox:
            if self._error is not None:
                raise self._error
            self._news.clear()
            await self._news.wait()
        return self._inbox.popleft()

    async def close(self) -> None:
        """Closes the link."""
        if self._error is None:
            self._error = LinkClosed("the link is closed")
            self._modem.queue_close(self.number)
        await asyncio.shield(self._done)

    def abort(self) -> None:
        if self._error is None:
            self._error = LinkClosed("the link is closed")
            self._modem.queue_close(self.number)

    def is_closing(self) -> bool:
        return self._error is not None

    def opened(self) -> None:
        self._is_open = True

    def received(self, event: Received) -> None:
        self._part += event.data
        if event.left == 0:
            if len(self._inbox) == self._inbox.maxlen:
                self.dropped += 1
            self._inbox.append((bytes(self._part), event.peer))
            self._part.clear()
            self._news.set()

    def give(self, now: float) -> bool:
        while self._out and self._sending is None:
            data, to, future = self._out[0]
            if not future.done():
                try:
                    self._modem.session.send(self.number, data, to=to, now=now)
                except Refused as why:
                    if why.reason is Refusal.BUSY:
                        raise
                    future.set_exception(why)
                else:
                    self._sending = future
                    self._out.popleft()
                    return True
            self._out.popleft()
        return False

    def sent(self, event: Sent) -> None:
        future, self._sending = self._sending, None
        if future is not None and not future.done():
            if event.outcome in (Outcome.DELIVERED, Outcome.ACCEPTED):
                future.set_result(None)
            else:
                error = LinkClosed(f"the datagram on link {self.number}: {event.outcome}")
                future.set_exception(self._modem.explain(error))
        if self._out:
            self._modem.queue_send(self)

    def lost(self, event: Lost) -> None:
        self._part.clear()

    def closed(self, event: Closed | None, error: Exception | None) -> None:
        if event is not None:
            error = why_closed(event, self._modem, self.number)
        self._error = error or self._error or LinkClosed(f"link {self.number} is closed")
        for _, _, future in self._out:
            if not future.done():
                future.set_exception(self._error)
        self._out.clear()
        if self._sending is not None and not self._sending.done():
            self._sending.set_exception(self._error)
        self._news.set()
        if not self._done.done():
            self._done.set_result(None)


class LinkServer:
    """A server in the module."""

    def __init__(
        self, modem: Engine, number: int, port: int, accept: Callable[[], asyncio.BaseProtocol], limit: int
    ) -> None:
        self._modem = modem
        self.number = number
        self.port = port
        self.accept = accept
        self.limit = limit
        self._closed = False

    async def __aenter__(self) -> LinkServer:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    @property
    def is_serving(self) -> bool:
        """Whether it listens."""
        return not self._closed and self._modem.servers.get(self.number) is self

    async def close(self) -> None:
        """Stops listening; links that were accepted stay."""
        if not self._closed:
            self._closed = True
            await self._modem.stop_server(self)
