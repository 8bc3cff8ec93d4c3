"""The ways to a module: serial ports, TCP, a virtual modem, any object with `read` and `write`."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import importlib
import os
import re
import socket
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol
from urllib.parse import parse_qsl, urlsplit

from ._core import VirtualModem
from ._enums import Dialect
from ._errors import PortError

Received = Callable[[bytes], None]
Gone = Callable[[Exception | None], None]


class Pins(NamedTuple):
    """The levels of the modem lines that the module drives."""

    dcd: bool
    ri: bool
    cts: bool
    dsr: bool


class Line(Protocol):
    """A full-duplex line to a module. It calls back in the event loop's thread."""

    name: str

    def start(self, received: Received, gone: Gone) -> None:
        """Begins to read; called again, others are called back from then on."""

    def write(self, data: bytes) -> None:
        """Takes all of it."""

    def close(self) -> None:
        """Ends it; nothing is called back afterwards."""

    def pins(self) -> Pins | None:
        """The modem lines; `None`: there are none."""

    def set_dtr(self, on: bool) -> None:
        """Switches DTR, where there are modem lines."""


async def open_line(target: object, baud: int, flow_control: bool = False) -> Line:
    """A line to what `target` names; `flow_control`: by RTS and CTS, where it is a serial port."""
    if isinstance(target, VirtualModem):
        return VirtualLine(target)
    if isinstance(target, os.PathLike):
        target = os.fspath(target)
    if isinstance(target, str):
        return await _open_url(target, baud, flow_control)
    if isinstance(target, tuple) and len(target) == 2 and isinstance(target[0], asyncio.StreamReader):
        return StreamLine(target[0], target[1], "streams")
    if isinstance(target, socket.socket):
        reader, writer = await asyncio.open_connection(sock=target)
        return StreamLine(reader, writer, "socket")
    if hasattr(target, "read") and hasattr(target, "write"):
        return ThreadLine(target)
    raise TypeError(
        "a module is named by a serial port, socket://host:port, virtual://dialect, or is an object with read and write, "
        f"not {type(target).__name__}"
    )


async def _open_url(url: str, baud: int, flow_control: bool) -> Line:
    scheme, separator, _ = url.partition("://")
    if not separator:
        return _open_serial(url, baud, flow_control)
    if scheme == "virtual":
        return VirtualLine(virtual_modem(url))
    if scheme == "socket":
        return await _open_socket(url)
    raise PortError(
        f"unknown URL {url!r}",
        hint="use a serial port such as /dev/ttyUSB0 or COM3, socket://host:port, or virtual://sim7000",
    )


def virtual_modem(url: str) -> VirtualModem:
    """The virtual modem that `virtual://sim7000?baud=115200&seed=1` names; it has the host's sockets unless told."""
    parts = urlsplit(url)
    words: dict[str, Any] = {"network": "sockets", "poll_ms": 1}
    for key, value in parse_qsl(parts.query, keep_blank_values=True):
        if key in ("seed", "baud", "poll_ms"):
            if not value.isdecimal():
                raise PortError(f"{key} in {url!r} is no number", hint=f"write {key}=1")
            words[key] = int(value)
        elif key in ("network", "bind"):
            words[key] = value
        else:
            raise PortError(f"unknown word {key!r} in {url!r}", hint="there are seed, baud, network, bind and poll_ms")
    dialect = parts.netloc or "sim7000"
    if dialect not in list(Dialect):
        raise PortError(f"unknown dialect in {url!r}", hint=f"use one of {', '.join(Dialect)}")
    try:
        return VirtualModem(dialect, **words)
    except (ValueError, OverflowError) as error:
        raise PortError(f"no virtual modem is like {url!r}: {error}") from error


async def _open_socket(url: str) -> Line:
    parts = urlsplit(url)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if host is None or port is None:
        raise PortError(f"{url!r} names no host and port", hint="write socket://host:port")
    try:
        reader, writer = await asyncio.open_connection(host, port)
    except OSError as error:
        raise PortError(
            f"cannot connect to {host}:{port}: {error.strerror or error}", hint="does a modem or its emulator listen there?"
        ) from error
    sock = writer.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return StreamLine(reader, writer, url)


def _open_serial(path: str, baud: int, flow_control: bool) -> Line:
    try:
        serial: Any = importlib.import_module("serial")
    except ImportError:
        raise PortError(
            f"{path} is a serial port, and pyserial is not installed", hint="pip install simcom-at[serial]"
        ) from None
    try:
        exclusive = True if os.name == "posix" else None
        port = serial.Serial(path, baud, timeout=0, rtscts=flow_control, exclusive=exclusive)
    except (OSError, ValueError) as error:
        raise _port_error(path, error) from error
    if flow_control and _pins(port) is None:
        port.close()
        raise PortError(f"{path} has no RTS and CTS lines", hint="a pty has none; leave flow_control out")
    if os.name == "posix":
        return FdLine(port, port.fileno(), path)
    port.timeout = 0.1
    return ThreadLine(port, path)


def _port_error(path: str, error: Exception) -> PortError:
    number = getattr(error, "errno", None)
    text = str(error)
    if re.fullmatch(r"[^/]+:\d+", path):
        return PortError(f"there is no port {path}", hint=f"a TCP port is written socket://{path}")
    if "Inappropriate ioctl" in text or number in (errno.EISDIR, errno.ENOTTY):
        return PortError(f"{path} is no serial port", hint=_ports_there())
    if number == errno.ENOENT or "FileNotFoundError" in text:
        return PortError(f"there is no port {path}", hint=_ports_there())
    if number in (errno.EACCES, errno.EPERM) or "PermissionError" in text:
        if os.name == "posix":
            return PortError(
                f"no permission for {path}", hint=f"add yourself to the group of the port: see `ls -l {path}`"
            )
        return PortError(f"{path} is in use or may not be opened", hint="close the other program")
    if number in (errno.EBUSY, errno.EAGAIN) or "lock" in text:
        return PortError(f"{path} is in use by another program", hint="close it (ModemManager, minicom, a debugger …)")
    return PortError(f"cannot open {path}: {text}", hint=_ports_there())


def _ports_there() -> str:
    try:
        list_ports: Any = importlib.import_module("serial.tools.list_ports")
    except ImportError:
        return ""
    names = [port.device for port in list_ports.comports()]
    return f"there are {', '.join(names)}" if names else "no serial port was found at all"


def _pins(port: Any) -> Pins | None:
    """The modem lines of a port as pyserial has it."""
    try:
        return Pins(bool(port.cd), bool(port.ri), bool(port.cts), bool(port.dsr))
    except (AttributeError, OSError):
        return None


def _set_dtr(port: Any, on: bool) -> None:
    with contextlib.suppress(AttributeError, OSError):
        port.dtr = on


class FdLine:
    """A serial port whose file descriptor the event loop waits for."""

    def __init__(self, port: Any, fd: int, name: str) -> None:
        self.name = name
        self._port, self._fd = port, fd
        self._loop = asyncio.get_running_loop()
        self._pending = bytearray()
        self._gone: Gone | None = None

    def start(self, received: Received, gone: Gone) -> None:
        self._gone = gone
        self._loop.add_reader(self._fd, self._read, received)

    def _read(self, received: Received) -> None:
        try:
            data = os.read(self._fd, 65536)
        except BlockingIOError:
            return
        except OSError as error:
            self._fail(error)
            return
        if data:
            received(data)
        else:
            self._fail(None)

    def _fail(self, error: Exception | None) -> None:
        gone = self._gone
        self.close()
        if gone is not None:
            gone(error)

    def write(self, data: bytes) -> None:
        if self._port is None:
            return
        if not self._pending:
            self._loop.add_writer(self._fd, self._flush)
        self._pending += data
        self._flush()

    def _flush(self) -> None:
        try:
            taken = os.write(self._fd, self._pending)
        except BlockingIOError:
            return
        except OSError as error:
            self._fail(error)
            return
        del self._pending[:taken]
        if not self._pending:
            self._loop.remove_writer(self._fd)

    def pins(self) -> Pins | None:
        return _pins(self._port)

    def set_dtr(self, on: bool) -> None:
        _set_dtr(self._port, on)

    def close(self) -> None:
        if self._port is not None:
            self._loop.remove_reader(self._fd)
            self._loop.remove_writer(self._fd)
            self._port.close()
            self._port, self._gone = None, None


class StreamLine:
    """Streams, such as those of a TCP connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str) -> None:
        self.name = name
        self._reader, self._writer = reader, writer
        self._task: asyncio.Task[None] | None = None
        self._to: tuple[Received, Gone] | None = None

    def start(self, received: Received, gone: Gone) -> None:
        self._to = (received, gone)
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._read())

    async def _read(self) -> None:
        error: Exception | None = None
        try:
            while data := await self._reader.read(65536):
                if self._to is not None:
                    self._to[0](data)
        except OSError as why:
            error = why
        if self._to is not None:
            self._to[1](error)

    def write(self, data: bytes) -> None:
        self._writer.write(data)

    def pins(self) -> Pins | None:
        return None

    def set_dtr(self, on: bool) -> None:
        """There is none."""

    def close(self) -> None:
        self._to = None
        if self._task is not None:
            self._task.cancel()
        self._writer.close()


class ThreadLine:
    """Any object with `read` and `write`: a thread of its own reads."""

    def __init__(self, port: Any, name: str | None = None) -> None:
        self.name = name or str(getattr(port, "name", None) or getattr(port, "port", None) or type(port).__name__)
        self._port = port
        self._loop = asyncio.get_running_loop()
        self._open = True
        self._to: tuple[Received, Gone] | None = None
        self._writes: list[bytes] = []
        self._wanted = threading.Condition()

    def start(self, received: Received, gone: Gone) -> None:
        started, self._to = self._to is not None, (received, gone)
        if started:
            return

        def told(which: int, argument: Any) -> None:
            if self._open and self._to is not None:
                self._to[which](argument)

        def tell(which: int, argument: object) -> None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(told, which, argument)

        def read() -> None:
            error: Exception | None = None
            try:
                while self._open:
                    data = self._read_some()
                    if data:
                        tell(0, bytes(data))
                    elif data is not None and not self._may_time_out():
                        break
                    else:
                        time.sleep(0.001)
            except Exception as why:  # noqa: BLE001  whatever the object raises, the line is gone
                error = why
            tell(1, error)

        def write() -> None:
            try:
                while True:
                    with self._wanted:
                        while not self._writes and self._open:
                            self._wanted.wait()
                        data = b"".join(self._writes)
                        self._writes.clear()
                        if not data:
                            return
                    view = memoryview(data)
                    while view:
                        taken = self._port.write(view)
                        view = view[len(view) if taken is None else taken :]
            except Exception as why:  # noqa: BLE001
                tell(1, why)

        for work in (read, write):
            threading.Thread(target=work, name=f"simcom_at {self.name}", daemon=True).start()

    def _may_time_out(self) -> bool:
        return getattr(self._port, "timeout", None) is not None

    def _read_some(self) -> bytes | None:
        port = self._port
        if hasattr(port, "in_waiting"):
            return port.read(max(1, port.in_waiting))  # type: ignore[no-any-return]
        if hasattr(port, "read1"):
            return port.read1(65536)  # type: ignore[no-any-return]
        return port.read(1 if not hasattr(port, "readinto") else 65536)  # type: ignore[no-any-return]

    def write(self, data: bytes) -> None:
        with self._wanted:
            self._writes.append(data)
            self._wanted.notify()

    def pins(self) -> Pins | None:
        return _pins(self._port)

    def set_dtr(self, on: bool) -> None:
        _set_dtr(self._port, on)

    def close(self) -> None:
        self._open = False
        with self._wanted:
            self._wanted.notify()


#: How often a virtual modem looks at real sockets: while there is traffic, and when all is quiet.
_BUSY, _QUIET, _BUSY_TIME = 0.001, 0.02, 0.5
#: How often a virtual modem is looked at in any case.
_HEARTBEAT = 0.05


class VirtualLine:
    """A virtual modem in the same event loop."""

    def __init__(self, modem: VirtualModem) -> None:
        self.name = f"virtual://{modem.dialect}"
        self.modem = modem
        self._loop = asyncio.get_running_loop()
        self._offset = modem.now - self._loop.time()
        self._sockets = modem.network == "sockets"
        self._received: Received | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._traffic = 0.0

    def start(self, received: Received, gone: Gone) -> None:
        self._received = received
        self.turn()

    def write(self, data: bytes) -> None:
        if self._received is not None:
            self.modem.receive_data(data, self._loop.time() + self._offset)
            self._traffic = self._loop.time()
            self._again(0.0)

    def turn(self) -> None:
        """Does what is due."""
        if self._received is None:
            return
        now = self._loop.time()
        data = self.modem.data_to_send(now + self._offset)
        if data:
            self._traffic = now
            self._received(data)
            if self._received is None:
                return
        due = self.modem.next_timeout()
        # A test may tell the modem something at any time, from any thread.
        wait = _HEARTBEAT if due is None else min(due - self._offset - self._loop.time(), _HEARTBEAT)
        if self._sockets and due is not None:
            wait = max(wait, _BUSY if now - self._traffic < _BUSY_TIME else _QUIET)
        self._again(max(wait, 0.0))

    def _again(self, wait: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(wait, self.turn)

    def pins(self) -> Pins | None:
        dcd, ri = self.modem.pins
        return Pins(dcd, ri, True, True)

    def set_dtr(self, on: bool) -> None:
        self.modem.set_dtr(on, self._loop.time() + self._offset)
        self._again(0.0)

    def close(self) -> None:
        self._received = None
        if self._timer is not None:
            self._timer.cancel()


_NAMES = (
    (re.compile(r"KINGCOM"), Dialect.KINGCOM),
    (re.compile(r"RDA8955"), Dialect.RDA8955),
    (re.compile(r"(SIMCOM[_ ])?A76\d\d(?!\d)"), Dialect.A7600),
    (re.compile(r"(SIMCOM[_ ])?SIM800E"), Dialect.SIM800E),
    (re.compile(r"(SIMCOM[_ ])?SIM(80|84|86|90)\d(?!\d)"), Dialect.SIM800),
    (re.compile(r"(SIMCOM[_ ])?SIM70\d\d(?!\d)"), Dialect.SIM7000),
    (re.compile(r"(SIMCOM[_ ])?SIM(52|53|71|75|76|78)\d\d(?!\d)"), Dialect.A7600),
)

#: Test commands that only some dialects know; they change nothing.
_BEHAVIOUR = (
    ("AT+CIPOPEN=?", Dialect.A7600),
    ("AT+CIFSREX=?", Dialect.SIM7000),
    ("AT+CIPSENDHEX=?", Dialect.SIM7000),
    ("AT+CIPRXGET=?", Dialect.SIM800),
    ("AT+CIPMUX=?", Dialect.SIM800E),
    ("AT+CIPSTATUS=?", Dialect.KINGCOM),
)


def dialect_of(line: str) -> Dialect | None:
    """The dialect of a module that names itself so in its answer to `ATI`.

    >>> dialect_of("Model: SIMCOM_SIM7600E-H")
    <Dialect.A7600: 'a7600'>
    """
    name = line.upper().removeprefix("MODEL:").strip()
    return next((dialect for pattern, dialect in _NAMES if pattern.match(name)), None)


class Stranger:
    """A module whose dialect is not known yet."""

    def __init__(self, line: Line, seen: Callable[[str, bytes], None]) -> None:
        self._line = line
        self._seen = seen
        self._bytes = bytearray()
        self._news = asyncio.Event()
        self._error: Exception | None = None
        self.heard = bytearray()

    def received(self, data: bytes) -> None:
        self._seen("<", data)
        self.heard += data[: 4096 - len(self.heard)]
        self._bytes += data
        self._news.set()

    def gone(self, error: Exception | None) -> None:
        self._error = PortError(f"{self._line.name} is gone: {error or 'closed'}")
        self._news.set()

    async def ask(self, command: str, wait: float) -> tuple[list[str], bool] | None:
        """One command: its lines, and whether it ended in OK; `None`: no final came in time."""
        self._bytes.clear()
        data = command.encode() + b"\r"
        self._seen(">", data)
        self._line.write(data)
        try:
            async with asyncio.timeout(wait):
                while True:
                    self._news.clear()
                    if self._error is not None:
                        raise self._error
                    answer = _answer(bytes(self._bytes), command)
                    if answer is not None:
                        return answer
                    await self._news.wait()
        except TimeoutError:
            return None

    async def answers(self) -> bool:
        """Whether anybody is there. The first `AT` may be lost in a sleeping module, or finds its speed."""
        for _ in range(4):
            answer = await self.ask("AT", 0.5)
            if answer is not None and answer[1]:
                return True
        return False

    async def identify(self) -> Dialect | None:
        """The dialect, by its name or by the commands it knows."""
        answer = await self.ask("ATI", 1.5)
        for line in answer[0] if answer is not None else []:
            dialect = dialect_of(line)
            if dialect is not None:
                return dialect
        for command, dialect in _BEHAVIOUR:
            answer = await self.ask(command, 1.5)
            if answer is not None and answer[1]:
                clone = dialect is Dialect.SIM800 and await self._is_clone()
                return Dialect.RDA8955 if clone else dialect
        return None

    async def _is_clone(self) -> bool:
        """Clones print no blank."""
        answer = await self.ask("AT+CIPMUX?", 1.5)
        return answer is not None and answer[0][:1] in (["+CIPMUX:0"], ["+CIPMUX:1"])


def _answer(data: bytes, command: str) -> tuple[list[str], bool] | None:
    whole, newline, _ = data.rpartition(b"\n")
    lines: list[str] = []
    for line in re.split(r"[\r\n]+", whole.decode("latin-1")) if newline else []:
        if line == "OK" or line == "ERROR" or line.startswith("+CME ERROR"):
            return lines, line == "OK"
        if line and line != command:
            lines.append(line)
    return None
