"""The blocking twin: `Modem`, whose links are real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

from ._aio import AsyncModem
from ._engine import PowerCycle
from ._core import Ack, LinkStatus, Signal
from ._enums import Dialect
from ._errors import LinkClosed, ModemTimeout
from ._lines import Pins
from ._links import Address, Datagrams, LinkServer
from ._transcript import Transcript

_T = TypeVar("_T")


class ModemSocket(socket.socket):
    """One end of a pair of connected sockets; the other end is a link of the module.

    It has a file descriptor, timeouts, `select`, TLS: all that a socket has. `error` tells why the link ended, where the
    socket itself only sees an end.
    """

    #: Why the link ended; `None`: it is open, or ended as it should.
    error: Exception | None = None
    #: The module's number of the link.
    link: int = -1
    #: The peer, as it was named.
    peer: Address = ("", 0)

    def setsockopt(self, level: int, option: int, value: Any, length: Any = None, /) -> None:
        """As any socket's; options of TCP have no effect, because the module keeps its own."""
        if level == socket.IPPROTO_TCP:
            return
        if length is None:
            super().setsockopt(level, option, value)
        else:
            super().setsockopt(level, option, value, length)

    def getpeername(self) -> Address:
        """The peer, as it was named."""
        return self.peer


class Modem:
    """A module for programs that block. An event loop in a thread of its own does the work.

    >>> with Modem("virtual://sim7000?network=loopback") as modem:
    ...     modem.attach("internet")
    ...     with modem.create_connection(("echo.test", 7)) as sock:
    ...         sock.sendall(b"hello")
    ...         sock.recv(5)
    '10.0.0.2'
    b'hello'
    """

    def __init__(
        self,
        target: object,
        dialect: str = "auto",
        *,
        baud: int = 115200,
        reconnect: bool = False,
        record: Transcript | None = None,
        timeout: float | None = None,
        power_cycle: PowerCycle | None = None,
        **words: Any,
    ) -> None:
        #: The longest time that a call may take, in seconds; `None`: as long as the module's own limits.
        self.timeout = timeout
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="simcom_at.Modem", daemon=True)
        self._thread.start()
        self._closed = False
        try:
            self._modem = self._do(
                AsyncModem.connect(
                    target,
                    dialect,
                    baud=baud,
                    reconnect=reconnect,
                    record=record,
                    power_cycle=power_cycle,
                    **words,
                )
            )
        except BaseException:
            self._stop()
            raise

    def _do(self, work: Coroutine[Any, Any, _T], timeout: float | None = None) -> _T:
        timeout = self.timeout if timeout is None else timeout
        if not self._thread.is_alive():
            work.close()
            raise LinkClosed("the modem is closed")
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(timeout)
        except TimeoutError:
            if future.done():
                raise
            future.cancel()
            raise ModemTimeout(f"no result within {timeout} s") from None
        except BaseException:
            future.cancel()
            raise

    def _stop(self) -> None:
        async def rest() -> None:
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        with contextlib.suppress(Exception):
            asyncio.run_coroutine_threadsafe(rest(), self._loop).result(5.0)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def close(self) -> None:
        """Closes every link, then the line."""
        if not self._closed:
            self._closed = True
            try:
                self._do(self._modem.close(), 10.0)
            finally:
                self._stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Modem {self._modem.dialect}{' closed' if self._closed else ''}>"

    @property
    def dialect(self) -> Dialect:
        """The dialect."""
        return self._modem.dialect

    @property
    def asynchronous(self) -> AsyncModem:
        """The twin that does the work; it lives in another thread's event loop."""
        return self._modem

    @property
    def pins(self) -> Pins | None:
        """The levels of the lines that the module drives; `None`: this line has none."""
        return self._modem.pins

    def transcript(self) -> Transcript:
        """The end of what went over the line."""
        return self._modem.transcript()

    def probe(self) -> list[str]:
        """Finds the module again and makes its line ready; gives its identity."""
        return self._do(self._modem.probe())

    def restart(self) -> None:
        """Restarts the module and finds it again. Every link ends; attach anew."""
        self._do(self._modem.restart())

    def sim(self, pin: str | None = None) -> bool:
        """Whether the SIM is ready; gives the PIN if one is due."""
        return self._do(self._modem.sim(pin))

    def signal(self) -> Signal:
        """The signal's strength."""
        return self._do(self._modem.signal())

    def registration(self) -> int:
        """The registration: 1 home, 5 roaming."""
        return self._do(self._modem.registration())

    def attach(self, apn: str, user: str = "", password: str = "") -> str | None:
        """Brings the context up; gives the local address."""
        return self._do(self._modem.attach(apn, user, password))

    def detach(self) -> None:
        """Shuts the context and detaches."""
        self._do(self._modem.detach())

    def shut(self) -> None:
        """Shuts the context; every link is closed."""
        self._do(self._modem.shut())

    def address(self) -> str | None:
        """The local address."""
        return self._do(self._modem.address())

    def resolve(self, host: str) -> list[str]:
        """The addresses of a name."""
        return self._do(self._modem.resolve(host))

    def status(self) -> list[LinkStatus]:
        """The state of the links."""
        return self._do(self._modem.status())

    def command(self, line: str, *, timeout: float = 9.0) -> list[str]:
        """Sends a command line as it is; gives the lines of the answer."""
        return self._do(self._modem.command(line, timeout=timeout))

    def set(self, setting: str, *values: int | str | None) -> None:
        """Changes a setting: its values in the order of the manual; `None` leaves one out."""
        self._do(self._modem.set(setting, *values))

    def ask(self, setting: str) -> list[str]:
        """Asks for a setting; gives the lines of the answer."""
        return self._do(self._modem.ask(setting))

    def ranges(self, setting: str) -> list[str]:
        """Asks what a setting may be; gives the lines of the answer."""
        return self._do(self._modem.ranges(setting))

    def set_dns(self, first: str, second: str | None = None) -> None:
        """Gives the module its name servers."""
        self._do(self._modem.set_dns(first, second))

    def acknowledged(self, link: int) -> Ack:
        """How many bytes of this link were sent, and acknowledged by the peer."""
        return self._do(self._modem.acknowledged(link))

    def leave_data(self) -> None:
        """Leaves the data mode of a transparent link (`transparent=True`); it stays open."""
        self._do(self._modem.leave_data())

    def enter_data(self) -> None:
        """Goes back to data mode."""
        self._do(self._modem.enter_data())

    def create_connection(
        self,
        address: Address,
        timeout: float | None = None,
        source_address: Address | None = None,
    ) -> ModemSocket:
        """A TCP link as a socket, as `socket.create_connection` has it.

        `http.client` takes it: `connection._create_connection = modem.create_connection`.
        """
        host, port = address
        near, far = socket.socketpair()
        sock = ModemSocket(near.family, near.type, near.proto, near.detach())
        sock.peer = (host, port)
        local = source_address[1] if source_address else 0
        limit = timeout if isinstance(timeout, (int, float)) else None
        try:
            self._do(self._join(sock, far, host, port, local), limit)
        except BaseException:
            sock.close()
            far.close()
            raise
        sock.settimeout(limit)
        return sock

    async def _join(self, sock: ModemSocket, far: socket.socket, host: str, port: int, local: int) -> None:
        reader, writer = await self._modem.open_connection(host, port, local_port=local)
        self._pump(sock, far, reader, writer)

    def _pump(
        self, sock: ModemSocket, far: socket.socket, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        sock.link = writer.get_extra_info("link")
        far.setblocking(False)
        tasks = [
            self._loop.create_task(_to_socket(reader, far, sock)),
            self._loop.create_task(_to_link(far, writer, sock)),
        ]
        self._modem.keep(tasks)

    def open_datagram(self, host: str, port: int, *, local_port: int = 0) -> BlockingDatagrams:
        """A UDP link."""
        return BlockingDatagrams(self._do, self._do(self._modem.open_datagram(host, port, local_port=local_port)))

    def listen(self, port: int, *, backlog: int = 3) -> ModemListener:
        """A server in the module: `sock, peer = listener.accept()`."""
        return ModemListener(self, port, backlog)


async def _to_socket(reader: asyncio.StreamReader, far: socket.socket, sock: ModemSocket) -> None:
    loop = asyncio.get_running_loop()
    try:
        while data := await reader.read(65536):
            await loop.sock_sendall(far, data)
    except OSError as error:
        # The application closed its end, or the link was lost.
        if isinstance(error, LinkClosed) or not isinstance(error, (BrokenPipeError, ConnectionResetError)):
            sock.error = error
    except Exception as error:  # noqa: BLE001  it is told by the socket
        sock.error = error
    with contextlib.suppress(OSError):
        far.shutdown(socket.SHUT_WR)


async def _to_link(far: socket.socket, writer: asyncio.StreamWriter, sock: ModemSocket) -> None:
    loop = asyncio.get_running_loop()
    try:
        while data := await loop.sock_recv(far, 65536):
            writer.write(data)
            await writer.drain()
    except Exception as error:  # noqa: BLE001
        if sock.error is None and not isinstance(error, (BrokenPipeError, ConnectionResetError)):
            sock.error = error
    finally:
        # The application has shut its end: what it wrote is sent, then the link is closed; the modules know no half-close.
        writer.close()
        with contextlib.suppress(Exception):
            await writer.wait_closed()
        far.close()


class BlockingDatagrams:
    """A UDP link of a `Modem`."""

    def __init__(self, do: Callable[..., Any], link: Datagrams) -> None:
        self._do = do
        self._link = link

    def send(self, data: bytes, to: Address | None = None) -> None:
        """Sends one datagram."""
        self._do(self._link.send(data, to))

    def receive(self, timeout: float | None = None) -> tuple[bytes, Address | None]:
        """The next datagram and its sender, where the module says so."""
        received: tuple[bytes, Address | None] = self._do(self._link.receive(), timeout)
        return received

    def close(self) -> None:
        """Closes the link."""
        self._do(self._link.close())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


class ModemListener:
    """A server in the module of a `Modem`."""

    def __init__(self, modem: Modem, port: int, backlog: int) -> None:
        self._modem = modem
        self.port = port

        async def start() -> tuple[LinkServer, asyncio.Queue[ModemSocket]]:
            clients: asyncio.Queue[ModemSocket] = asyncio.Queue()

            def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                near, far = socket.socketpair()
                sock = ModemSocket(near.family, near.type, near.proto, near.detach())
                sock.peer = writer.get_extra_info("peername")
                modem._pump(sock, far, reader, writer)
                clients.put_nowait(sock)

            return await modem._modem.start_server(connected, port, backlog=backlog), clients

        self._server, self._clients = modem._do(start())

    def accept(self, timeout: float | None = None) -> tuple[ModemSocket, Address]:
        """Waits for a client."""
        sock = self._modem._do(self._clients.get(), timeout)
        return sock, sock.peer

    def close(self) -> None:
        """Stops listening; links that were accepted stay."""
        self._modem._do(self._server.close())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
