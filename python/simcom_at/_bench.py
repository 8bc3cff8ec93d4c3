"""A virtual modem that other programs reach: on a pty or a TCP port, in real time."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
import time
from typing import Any, Self

from ._core import VirtualModem
from ._errors import PortError
from ._transcript import Transcript

_BUSY, _QUIET, _BUSY_TIME = 0.001, 0.01, 0.5


class RecordedModem(VirtualModem):
    """A virtual modem that keeps what goes over its line in `transcript`."""

    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__()
        self.transcript = Transcript(str(self.dialect))

    def receive_data(self, data: Any, now: float | None = None) -> int:
        """As `VirtualModem.receive_data`."""
        if data:
            self.transcript.add_host(data)
        return super().receive_data(data, now)

    def data_to_send(self, now: float | None = None) -> bytes:
        """As `VirtualModem.data_to_send`."""
        data = super().data_to_send(now)
        if data:
            self.transcript.add_module(data)
        return data


class ModemServer:
    """Serves a virtual modem to a program under test, in a thread of its own.

    >>> from simcom_at import ModemServer, VirtualModem
    >>> with ModemServer(VirtualModem("sim800")) as server:
    ...     _ = server.url            # socket://127.0.0.1:…, for the program under test
    ...     server.modem.fault("send_fail")

    `pty=True`: a pty; `path` is its name, `link` a symbolic link to it with a stable name. Otherwise a TCP port, one
    client at a time. `transcript` gets all that goes over the line.
    """

    def __init__(
        self,
        modem: VirtualModem | str = "sim7000",
        *,
        pty: bool = False,
        address: tuple[str, int] = ("127.0.0.1", 0),
        link: str | os.PathLike[str] | None = None,
        **words: Any,
    ) -> None:
        defaults: dict[str, Any] = {"network": "sockets", "poll_ms": 1}
        #: The virtual modem; tell it what you like, from any thread.
        self.modem = modem if isinstance(modem, VirtualModem) else VirtualModem(modem, **defaults | words)
        self.transcript = Transcript(str(self.modem.dialect))
        self._pty = pty
        self._wanted = address
        self._link = os.fspath(link) if link is not None else None
        self._thread: threading.Thread | None = None
        self._stop, self._stopped = os.pipe() if os.name == "posix" else (-1, -1)
        self._running = False
        #: The path of the pty, or of the link to it; empty with TCP.
        self.path = ""
        #: The address of the TCP port; `("", 0)` with a pty.
        self.address: tuple[str, int] = ("", 0)

    @property
    def url(self) -> str:
        """What `open_modem` takes."""
        return self.path or f"socket://{self.address[0]}:{self.address[1]}"

    def start(self) -> Self:
        """Begins to serve."""
        if self._thread is None:
            serve = self._open_pty() if self._pty else self._open_tcp()
            self._running = True
            self._thread = threading.Thread(target=serve, name=f"simcom_at {self.url}", daemon=True)
            self._thread.start()
        return self

    def stop(self) -> None:
        """Ends it."""
        if self._thread is not None:
            self._running = False
            if self._stopped >= 0:
                os.write(self._stopped, b"x")
            self._thread.join()
            self._thread = None
        for fd in (self._stop, self._stopped):
            if fd >= 0:
                os.close(fd)
        self._stop = self._stopped = -1
        if self._link is not None and self._pty:
            with contextlib.suppress(OSError):
                os.unlink(self._link)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<ModemServer {self.modem.dialect} {self.url if self._thread else 'not started'}>"

    def _open_pty(self) -> Any:
        try:
            import tty

            host, client = os.openpty()
        except (ImportError, AttributeError, OSError) as error:
            raise PortError(f"cannot make a pty: {error}", hint="use a TCP port: pty=False") from error
        # Raw before anybody can open it; and kept open, so that a client that closes it does not end it.
        tty.setraw(client)
        os.set_blocking(host, False)
        name = os.ttyname(client)
        if self._link is not None:
            try:
                if os.path.islink(self._link):
                    os.unlink(self._link)
                os.symlink(name, self._link)
            except OSError as error:
                os.close(host)
                os.close(client)
                raise PortError(
                    f"cannot make the link {self._link}: {error.strerror}", hint="only a symbolic link is replaced"
                ) from error
        self.path = self._link or name

        def serve() -> None:
            line = _Fd(host)
            try:
                while self._running:
                    self._serve(line, None)
            finally:
                os.close(host)
                os.close(client)

        return serve

    def _open_tcp(self) -> Any:
        try:
            listener = socket.create_server(self._wanted)
        except OSError as error:
            raise PortError(
                f"cannot listen on {self._wanted[0]}:{self._wanted[1]}: {error.strerror or error}",
                hint="port 0 takes a free one",
            ) from error
        listener.setblocking(False)
        self.address = listener.getsockname()[:2]

        def serve() -> None:
            with listener:
                client: socket.socket | None = None
                try:
                    while self._running:
                        gone = self._serve(None if client is None else _Socket(client), listener if client is None else None)
                        if client is not None and gone:
                            client.close()
                            client = None
                        elif client is None:
                            with contextlib.suppress(BlockingIOError):
                                client, _ = listener.accept()
                                client.setblocking(False)
                                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                finally:
                    if client is not None:
                        client.close()

        return serve

    def _serve(self, line: _Fd | _Socket | None, listener: socket.socket | None) -> bool:
        """Serves until the client has gone or one wants to come; whether the client has gone."""
        modem, offset = self.modem, self.modem.now - time.monotonic()
        pending = bytearray()
        traffic = time.monotonic()
        with selectors.DefaultSelector() as selector:
            if self._stop >= 0:
                selector.register(self._stop, selectors.EVENT_READ)
            for readable in (line, listener):
                if readable is not None:
                    selector.register(readable, selectors.EVENT_READ)
            wants = selectors.EVENT_READ
            while self._running:
                now = time.monotonic()
                data = modem.data_to_send(now + offset)
                if data:
                    traffic = now
                    if line is not None:
                        self.transcript.add_module(data)
                        # A client that does not read loses bytes, as on a UART.
                        pending += data[: 65536 - len(pending)]
                if pending and line is not None:
                    try:
                        del pending[: line.write(pending)]
                    except BlockingIOError:
                        pass
                    except OSError:
                        return True
                if line is not None:
                    needs = selectors.EVENT_READ | (selectors.EVENT_WRITE if pending else 0)
                    if needs != wants:
                        selector.modify(line, needs)
                        wants = needs
                due = modem.next_timeout()
                # The modem may be told something by another thread at any time.
                wait = 0.05 if due is None else min(max(0.0, due - offset - time.monotonic()), 0.05)
                if modem.network == "sockets":
                    wait = max(wait, _BUSY if now - traffic < _BUSY_TIME else _QUIET)
                for key, mask in selector.select(wait):
                    if listener is not None and key.fileobj is listener:
                        return False
                    if line is not None and key.fileobj is line and mask & selectors.EVENT_READ:
                        try:
                            data = line.read()
                        except BlockingIOError:
                            continue
                        except OSError:
                            return True
                        if not data:
                            return True
                        traffic = time.monotonic()
                        self.transcript.add_host(data)
                        modem.receive_data(data, traffic + offset)
        return False


class _Fd:
    def __init__(self, fd: int) -> None:
        self._fd = fd

    def fileno(self) -> int:
        return self._fd

    def read(self) -> bytes:
        return os.read(self._fd, 65536)

    def write(self, data: bytearray) -> int:
        return os.write(self._fd, data)


class _Socket:
    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def fileno(self) -> int:
        return self._sock.fileno()

    def read(self) -> bytes:
        return self._sock.recv(65536)

    def write(self, data: bytearray) -> int:
        return self._sock.send(data)
