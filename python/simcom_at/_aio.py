"""A module in an asyncio event loop: `open_modem` and `AsyncModem`."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import ssl as ssl_module
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar, cast

from . import _core
from ._core import Session, Signal
from ._enums import Action, Dialect, Refusal, Remedy, ReportKind, Why
from ._errors import (
    CommandError,
    LinkClosed,
    ModemRestarted,
    ModemTimeout,
    PortError,
    Refused,
    SimcomError,
)
from ._events import Event
from ._lines import Line, Pins, Stranger, dialect_of, open_line
from ._links import Address, Datagrams, Link, LinkServer, LinkTransport
from ._log import Log
from ._transcript import Transcript

_LOG = logging.getLogger("simcom_at.modem")
_EVENT = logging.getLogger("simcom_at.event")

_T = TypeVar("_T")
_E = TypeVar("_E", bound=SimcomError)

#: What is no answer's line, and ends one.
_FINALS = {ReportKind.OK, ReportKind.ERROR, ReportKind.CME_ERROR, ReportKind.CMS_ERROR}
#: What may be a line of an answer; everything else comes by itself.
_ANSWERS = {
    *(ReportKind.LINE, ReportKind.SIGNAL, ReportKind.REGISTRATION, ReportKind.SIM, ReportKind.ATTACH, ReportKind.LOCAL_IP),
    *(ReportKind.STATE, ReportKind.LINK_STATE, ReportKind.SERVER_STATE, ReportKind.LINK_VECTOR, ReportKind.NET_STATE),
    *(ReportKind.RX_AVAIL, ReportKind.ACK, ReportKind.DNS),
}

#: What works only with a context that is up.
_NEEDS_CONTEXT = {Action.OPEN, Action.LISTEN, Action.RESOLVE, Action.ADDRESS}

#: How often `reconnect` applies remedies to one call.
_ATTEMPTS = 4
#: How often DCD is looked at, in seconds.
_LOOK = 0.02
#: How long a module that restarts may take until it says so, and until it answers, in seconds.
_SAYS_SO, _BOOTS = 3.0, 60.0

#: Switches a module off and on: a coroutine function, or a plain one, which is called in a thread.
PowerCycle = Callable[[], Awaitable[object] | object]


@contextlib.asynccontextmanager
async def open_modem(
    target: object,
    dialect: str = "auto",
    *,
    baud: int = 115200,
    reconnect: bool = False,
    record: Transcript | None = None,
    keep: int = 400,
    probe: bool = True,
    power_cycle: PowerCycle | None = None,
    **settings: Any,
) -> AsyncIterator[AsyncModem]:
    """A module, for `async with`.

    `target`: a serial port (`/dev/ttyUSB0`, `COM3`), `socket://host:port`, `virtual://sim7000`, a `VirtualModem`, or any
    object with `read` and `write`. `dialect="auto"` asks the module. `reconnect`: a failure is treated with the remedy
    that comes with it; where that is a restart, with `power_cycle`, a function that switches the module off and on, or else
    with `AT+CFUN=1,1`. `record` gets all that goes over the line. `settings` are those of `Session`.
    """
    modem = await AsyncModem.connect(
        target,
        dialect,
        baud=baud,
        reconnect=reconnect,
        record=record,
        keep=keep,
        probe=probe,
        power_cycle=power_cycle,
        **settings,
    )
    try:
        yield modem
    finally:
        await modem.close()


class _Job:
    """A command that waits for the line, then for its result."""

    def __init__(self, key: tuple[str, int | None], give: Callable[[float], bool]) -> None:
        self.key = key
        self.give = give
        self.future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.lines: list[bytes] = []
        self.rows: list[_core.LinkStatus] = []
        #: What it is called in errors, if not by its action.
        self.name = ""
        #: Reads along, where the answer is wanted as it was printed.
        self.observer: _core.Observer | None = None
        self.answer: list[str] = []

    def read(self, reports: list[_core.Report]) -> None:
        """What the module has said while it was on the line."""
        for report in reports:
            if report.kind in _FINALS:
                self.observer = None
                return
            if report.kind in _ANSWERS:
                self.answer.append(_text(report.line) if report.line else str(report.get("text", "")))


class AsyncModem:
    """A module in the running event loop. `open_modem` makes one."""

    def __init__(
        self, line: Line, session: Session, log: Log, reconnect: bool, power_cycle: PowerCycle | None = None
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._line = line
        #: The session; its commands are this class's business, its properties are not.
        self.session = session
        self._log = log
        self._is_single = False
        #: What DCD and DTR were last; `None`: modem lines are not used.
        self._dcd: bool | None = None
        self._dtr = True
        self._looking: asyncio.TimerHandle | None = None
        self._reconnect = reconnect
        self._power_cycle = power_cycle
        self._jobs: deque[_Job | Link] = deque()
        self._waiting: dict[tuple[str, int | None], _Job] = {}
        self._on_line: _Job | None = None
        self._links: dict[int, Link] = {}
        #: A link's number has become free.
        self._freed = asyncio.Event()
        #: Links whose `open` was given up by the caller, and is still going on.
        self._orphans: set[int] = set()
        #: The servers, by their number in the module.
        self.servers: dict[int, LinkServer] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._soon: asyncio.Handle | None = None
        self._going = False
        self._gone: Exception | None = None
        self._attached: tuple[str, str, str] | None = None
        self._needs: set[str] = set()
        #: The module said that it has started anew.
        self._restarted = asyncio.Event()
        self._meeting = asyncio.Lock()
        self._heard = bytearray()
        self._part = b""
        self._tasks: set[asyncio.Task[None]] = set()
        #: Called with each event of the session, after the modem has dealt with it.
        self.on_event: Callable[[Event], object] | None = None

    # Making one.

    @classmethod
    async def connect(
        cls,
        target: object,
        dialect: str = "auto",
        *,
        baud: int = 115200,
        reconnect: bool = False,
        record: Transcript | None = None,
        keep: int = 400,
        probe: bool = True,
        power_cycle: PowerCycle | None = None,
        **settings: Any,
    ) -> AsyncModem:
        """As `open_modem`, without the context manager: `close` it."""
        if dialect != "auto":
            Session(dialect, **settings)  # bad words, before anything is opened
        line = await open_line(target, baud, bool(settings.get("flow_control")))
        log = Log(keep, record)
        try:
            if dialect == "auto":
                dialect = await _dialect(line, log)
            log.dialect = str(dialect)
            if record is not None and not record.dialect:
                record.add_header("dialect", str(dialect))
            session = Session(dialect, now=asyncio.get_running_loop().time(), **settings)
            modem = cls(line, session, log, reconnect, power_cycle)
            modem._is_single = bool(settings.get("single")) or session.links == 1
            if settings.get("modem_lines"):
                modem._use_modem_lines()
            line.start(modem._received, modem._line_gone)
            if probe:
                _check_identity(await modem.probe(), modem.dialect)
        except BaseException:
            line.close()
            raise
        return modem

    async def __aenter__(self) -> AsyncModem:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Closes every link, then the line; it never raises because of the module."""
        if self._gone is None and self._links:
            for link in list(self._links.values()):
                link.abort()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(5.0):
                    while self._links and self._gone is None:
                        await asyncio.sleep(0.01)
        if self._gone is None:
            self._end(LinkClosed("the modem is closed"))
        self._line.close()
        await asyncio.sleep(0)

    @property
    def dialect(self) -> Dialect:
        """The dialect."""
        return Dialect(self.session.dialect)

    @property
    def is_closed(self) -> bool:
        """Whether it was closed, or its line is gone."""
        return self._gone is not None

    def transcript(self) -> Transcript:
        """The end of what went over the line."""
        return self._log.transcript()

    @property
    def pins(self) -> Pins | None:
        """The levels of the lines that the module drives, DCD, RI, CTS and DSR; `None`: this line has none."""
        return None if self._gone is not None else self._line.pins()

    # The commands.

    async def probe(self) -> list[str]:
        """Finds the module and makes its line ready; gives its identity."""
        job = await self._run((Action.PROBE, None), lambda now: self.session.probe(now=now))
        self._needs.discard("probe")
        return _texts(job.lines)

    async def restart(self) -> None:
        """Restarts the module, with `power_cycle` or `AT+CFUN=1,1`, and finds it again. Every link ends; attach anew."""
        async with self._meeting:
            await self._restart()

    async def sim(self, pin: str | None = None) -> bool:
        """Whether the SIM is ready; gives the PIN if one is due. A PIN is given once and never again."""
        job = await self._run((Action.SIM, None), lambda now: self.session.sim(pin, now=now))
        return bool(job.future.result())

    async def signal(self) -> Signal:
        """The signal's strength."""
        job = await self._run((Action.SIGNAL, None), lambda now: self.session.signal(now=now))
        signal = job.future.result()
        assert isinstance(signal, Signal)
        return signal

    async def registration(self) -> int:
        """The registration: 1 home, 5 roaming."""
        job = await self._run((Action.REGISTRATION, None), lambda now: self.session.registration(now=now))
        return int(job.future.result())

    async def attach(self, apn: str, user: str = "", password: str = "") -> str | None:
        """Brings the context up; gives the local address (`None` on `kingcom`, which has one only with a link)."""

        async def once() -> str | None:
            job = await self._run(
                (Action.ATTACH, None), lambda now: self.session.attach(apn, user, password, now=now)
            )
            self._attached = (apn, user, password)
            self._needs.discard("attach")
            address: str | None = job.future.result()
            return address

        return await self._with_remedies(once)

    async def detach(self) -> None:
        """Shuts the context and detaches; every link is closed."""
        await self._run((Action.DETACH, None), lambda now: self.session.detach(now=now))
        self._attached = None

    async def shut(self) -> None:
        """Shuts the context; every link is closed."""
        await self._run((Action.SHUT, None), lambda now: self.session.shut(now=now))

    async def address(self) -> str | None:
        """The local address."""
        job = await self._run((Action.ADDRESS, None), lambda now: self.session.address(now=now))
        address: str | None = job.future.result()
        return address

    async def resolve(self, host: str) -> list[str]:
        """The addresses of a name."""

        async def once() -> list[str]:
            job = await self._run((Action.RESOLVE, None), lambda now: self.session.resolve(host, now=now))
            return list(job.future.result())

        return await self._with_remedies(once)

    async def status(self) -> list[_core.LinkStatus]:
        """The state of the links, as the module prints it."""
        job = await self._run((Action.STATUS, None), lambda now: self.session.status(now=now))
        return job.rows

    async def command(self, line: str, *, timeout: float = 9.0) -> list[str]:
        """Sends a command line as it is; gives the lines of the answer, up to the result. `timeout`: the module's, in seconds.

        What a module prints behind the result is not part of it, such as the rows of `AT+CIPSTATUS`: `status` waits for them.
        """
        milliseconds = max(1, int(timeout * 1000))
        job = await self._run(
            (Action.RAW, None), lambda now: self.session.raw(line, timeout_ms=milliseconds, now=now), line
        )
        return job.answer

    async def set(self, setting: str, *values: int | str | None) -> None:
        """Changes a setting: its values in the order of the manual; `None` leaves one out."""
        await self._run((Action.SET, None), lambda now: self.session.set(setting, *values, now=now))

    async def ask(self, setting: str) -> list[str]:
        """Asks for a setting; gives the lines of the answer."""
        job = await self._run((Action.ASK, None), lambda now: self.session.ask(setting, now=now))
        return _texts(job.lines)

    async def ranges(self, setting: str) -> list[str]:
        """Asks what a setting may be; gives the lines of the answer."""
        job = await self._run((Action.ASK, None), lambda now: self.session.ranges(setting, now=now))
        return _texts(job.lines)

    async def set_dns(self, first: str, second: str | None = None) -> None:
        """Gives the module its name servers."""
        await self._run((Action.SET, None), lambda now: self.session.set_dns(first, second, now=now))

    async def acknowledged(self, link: int) -> _core.Ack:
        """How many bytes of this link were sent, and acknowledged by the peer."""
        job = await self._run(
            (Action.ACKNOWLEDGED, link), lambda now: self.session.acknowledged(link, now=now)
        )
        ack = job.future.result()
        assert isinstance(ack, _core.Ack)
        return ack

    async def leave_data(self) -> None:
        """Leaves the data mode of a transparent link (`transparent=True`); it stays open."""
        await self._run((Action.LEAVE_DATA, None), lambda now: self.session.leave_data(now=now))

    async def enter_data(self) -> None:
        """Goes back to data mode."""
        await self._run((Action.ENTER_DATA, None), lambda now: self.session.enter_data(now=now))

    # Links.

    async def create_connection(
        self,
        protocol_factory: Callable[[], asyncio.BaseProtocol],
        host: str,
        port: int,
        *,
        ssl: ssl_module.SSLContext | bool | None = None,
        server_hostname: str | None = None,
        local_port: int = 0,
        limit: int = 64 * 1024,
    ) -> tuple[asyncio.Transport, asyncio.BaseProtocol]:
        """A TCP link, as `loop.create_connection` has it."""
        name = _place(host, port)

        async def once() -> LinkTransport:
            number = await self._free_link()
            protocol = protocol_factory()
            transport = LinkTransport(self, number, (host, port), protocol, limit)
            await self._open(
                transport,
                lambda number, now: self.session.open(number, name, port, local_port=local_port, now=now),
            )
            return transport

        transport = await self._with_remedies(lambda: self._not_taken(once))
        protocol = transport.get_protocol()
        if not ssl:
            return transport, protocol
        context = ssl_module.create_default_context() if ssl is True else ssl
        try:
            secure = await self._loop.start_tls(
                transport, protocol, context, server_hostname=server_hostname or host
            )
        except BaseException:
            transport.abort()
            raise
        if secure is None:
            raise LinkClosed(f"link {transport.number} was closed during the TLS handshake")
        return secure, protocol

    async def open_connection(
        self,
        host: str,
        port: int,
        *,
        ssl: ssl_module.SSLContext | bool | None = None,
        server_hostname: str | None = None,
        local_port: int = 0,
        limit: int = 64 * 1024,
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A TCP link as streams, as `asyncio.open_connection` has it.

        A reader that does not read stops the module, where that can receive on request; elsewhere `limit` bytes are kept
        besides those of the reader, then the link is given up.
        """
        reader = asyncio.StreamReader(limit=limit, loop=self._loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=self._loop)
        transport, _ = await self.create_connection(
            lambda: protocol, host, port, local_port=local_port, limit=limit
        )
        writer = asyncio.StreamWriter(transport, protocol, reader, self._loop)
        if ssl:
            context = ssl_module.create_default_context() if ssl is True else ssl
            try:
                await writer.start_tls(context, server_hostname=server_hostname or host)
            except BaseException:
                transport.abort()
                raise
        return reader, writer

    async def open_datagram(self, host: str, port: int, *, local_port: int = 0, keep: int = 256) -> Datagrams:
        """A UDP link. `keep`: how many datagrams are kept that nobody has taken yet."""
        name = _place(host, port)

        async def once() -> Datagrams:
            number = await self._free_link()
            link = Datagrams(self, number, (host, port), keep)
            await self._open(
                link,
                lambda number, now: self.session.open(
                    number, name, port, udp=True, local_port=local_port, now=now
                ),
            )
            return link

        return await self._with_remedies(lambda: self._not_taken(once))

    async def start_server(
        self,
        client_connected: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None] | None],
        port: int,
        *,
        backlog: int = 3,
        limit: int = 64 * 1024,
    ) -> LinkServer:
        """A server in the module, as `asyncio.start_server` has it."""
        _place("", port)
        number = 0
        while number in self.servers:
            number += 1

        def accept() -> asyncio.BaseProtocol:
            reader = asyncio.StreamReader(limit=limit, loop=self._loop)
            return asyncio.StreamReaderProtocol(reader, client_connected, loop=self._loop)

        server = LinkServer(self, number, port, accept, limit)
        try:
            await self._run(
                (Action.LISTEN, None),
                lambda now: self.session.listen(port, server=number, backlog=backlog, now=now),
            )
        except Refused as why:
            if number and why.reason is Refusal.NO_SUCH_LINK:
                raise LinkClosed(f"all {number} servers are in use", hint="close one first") from None
            raise
        self.servers[number] = server
        return server

    async def stop_server(self, server: LinkServer) -> None:
        """What `LinkServer.close` does."""
        if self.servers.get(server.number) is server:
            del self.servers[server.number]
            if self._gone is None:
                await self._run(
                    (Action.UNLISTEN, None), lambda now: self.session.unlisten(server.number, now=now)
                )

    async def _open(self, link: Link, give: Callable[[int, float], None]) -> None:
        self._links[link.number] = link

        def given(now: float) -> bool:
            try:
                give(link.number, now)
            except Refused as why:
                # A client of our server has it, or its end is not told yet.
                if why.reason is not Refusal.LINK_IN_USE or not self._renumber(link):
                    raise
                give(link.number, now)
            job.key = (Action.OPEN, link.number)
            return True

        job = _Job((Action.OPEN, None), given)
        try:
            await self._wait(job)
        except asyncio.CancelledError:
            # It may be under way: then it is closed as soon as it is open.
            if self._waiting.get((Action.OPEN, link.number)) is job:
                self._orphans.add(link.number)
            elif self._links.get(link.number) is link:
                if job.future.cancelled():
                    self._forget(link.number)
                else:
                    link.abort()
            raise
        except BaseException:
            if self._links.get(link.number) is link:
                self._forget(link.number)
            raise

    async def _not_taken(self, once: Callable[[], Awaitable[_T]]) -> _T:
        """Opens a link again whose number a client of our server has taken meanwhile."""
        for _ in range(self.session.links):
            try:
                return await once()
            except ModemRestarted:
                if self._needs or not self.servers:
                    raise
        return await once()

    def _renumber(self, link: Link) -> bool:
        """Takes another number for a link that is not open yet; whether there is one."""
        number = next((number for number in range(self.session.links) if number not in self._links), None)
        if number is None:
            return False
        if self._links.get(link.number) is link:
            del self._links[link.number]
        link.renumber(number)
        self._links[number] = link
        return True

    async def _free_link(self) -> int:
        """A number for a link; one that is being closed is waited for."""
        while True:
            self._check()
            numbers = range(self.session.links)
            number = next((number for number in numbers if number not in self._links), None)
            if number is not None:
                return number
            if not any(link.is_closing() or number in self._orphans for number, link in self._links.items()):
                raise LinkClosed(f"all {len(numbers)} links are in use", hint="close one first")
            self._freed.clear()
            await self._freed.wait()

    def _forget(self, number: int) -> Link | None:
        """The number is free."""
        self._freed.set()
        return self._links.pop(number, None)

    # What links ask for.

    def queue_send(self, link: Link) -> None:
        """The link has something to send; links have their turn one after the other."""
        if not link.is_queued:
            link.is_queued = True
            self._jobs.append(link)
        self._go_soon()

    def queue_close(self, number: int) -> None:
        """The link is to be closed; a transparent one leaves data mode before."""

        def leave(now: float) -> bool:
            if self.session.is_data_mode:
                self.session.leave_data(now=now)
                return True
            return False

        def close(now: float) -> bool:
            try:
                self.session.close(number, now=now)
            except Refused as why:
                if why.reason is Refusal.BUSY:
                    raise
                link = self._links.get(number)
                if why.reason is Refusal.STATE and link is not None:
                    self._forget(number)
                    link.closed(None, LinkClosed(f"link {number} could not be closed: {why.message}"))
                return False
            return True

        for key, give in (((Action.LEAVE_DATA, None), leave), ((Action.CLOSE, number), close)):
            job = _Job(key, give)
            job.future.add_done_callback(lambda future: future.cancelled() or future.exception())
            self._jobs.append(job)
        self._go_soon()

    def credit(self, number: int, credit: int | None) -> None:
        """The reader of a link is paused (0) or not (`None`)."""
        if not self.session.is_pushed:
            with contextlib.suppress(Refused):
                self.session.receive(number, credit)
            self._go_soon()

    def keep(self, tasks: list[asyncio.Task[None]]) -> None:
        """Holds tasks until they are done; the event loop itself would forget them."""
        for task in tasks:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def explain(self, error: _E) -> _E:
        """The error with the end of what went over the line."""
        error.transcript = self._log.annotated()
        return error

    # The engine.

    def _check(self) -> None:
        if self._gone is not None:
            raise type(self._gone)(*self._gone.args) if not isinstance(self._gone, SimcomError) else self._gone

    async def _run(
        self, key: tuple[str, int | None], give: Callable[[float], None], command: str | None = None
    ) -> _Job:
        """Gives a command when it is its turn, and waits for its result."""

        def given(now: float) -> bool:
            give(now)
            return True

        job = _Job(key, given)
        if command is not None:
            job.name = command
            job.observer = _core.Observer(self.session.dialect, mux="single" if self._is_single else "multi")
        await self._wait(job)
        return job

    async def _wait(self, job: _Job) -> None:
        self._check()
        self._jobs.append(job)
        self._go_soon()
        try:
            await job.future
        finally:
            if job in self._jobs:
                self._jobs.remove(job)

    async def _with_remedies(self, once: Callable[[], Awaitable[_T]]) -> _T:
        """Does it; with `reconnect`, does what the failure asks for and does it again."""
        if not self._reconnect:
            return await once()
        for attempt in range(_ATTEMPTS):
            try:
                await self._meet_needs()
                return await once()
            except (CommandError, ModemTimeout, ModemRestarted) as error:
                remedy = getattr(error, "remedy", Remedy.RETRY)
                if isinstance(error, ModemRestarted):
                    self._needs |= {"probe", "attach"}
                if remedy is Remedy.NONE or attempt + 1 == _ATTEMPTS or self._gone is not None:
                    raise
                _LOG.info("%s: trying again (%s)", error, remedy)
                await asyncio.sleep(0.2 * 2**attempt)
                if remedy is Remedy.SHUT:
                    if self._links:
                        # It would end the other links, which may be well.
                        raise
                    with contextlib.suppress(SimcomError):
                        await self.shut()
                    self._needs.add("attach")
                elif remedy is Remedy.RESTART:
                    if self._links and not isinstance(error, ModemTimeout):
                        raise
                    self._needs.add("restart")
        raise AssertionError

    async def _meet_needs(self) -> None:
        async with self._meeting:
            if "restart" in self._needs:
                await self._restart()
            if "probe" in self._needs:
                try:
                    await self.probe()
                except ModemTimeout:
                    if self._power_cycle is not None:
                        self._needs.add("restart")
                    raise
            if "attach" in self._needs and self._attached is not None:
                apn, user, password = self._attached
                await self._run(
                    (Action.ATTACH, None), lambda now: self.session.attach(apn, user, password, now=now)
                )
                self._needs.discard("attach")

    async def _restart(self) -> None:
        self._check()
        self._forget_all(ModemRestarted("the module is restarted", hint="attach and connect again"))
        self._needs |= {"probe", "attach"}
        self._restarted.clear()
        _LOG.warning("the module is restarted")
        if self._power_cycle is None:
            # The first brings the line in step, and out of data mode.
            for step in (self.probe, lambda: self.command("AT+CFUN=1,1")):
                with contextlib.suppress(SimcomError):
                    await step()
        else:
            cycled = self._power_cycle() if _is_async(self._power_cycle) else asyncio.to_thread(self._power_cycle)
            await cast(Awaitable[object], cycled)
        end = self._loop.time() + _BOOTS
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SAYS_SO):
                await self._restarted.wait()
        while True:
            try:
                await self.probe()
            except (CommandError, ModemTimeout, ModemRestarted):
                if self._loop.time() > end:
                    raise
            else:
                self._needs.discard("restart")
                return

    def _forget_all(self, error: SimcomError) -> None:
        """As if the module had just been found: whoever waits is told, and every link has ended."""
        waiting = [*self._waiting.values(), *(job for job in self._jobs if isinstance(job, _Job))]
        self._waiting.clear()
        self._jobs.clear()
        self._on_line = None
        self._orphans.clear()
        self.servers.clear()
        for job in waiting:
            if not job.future.done():
                job.future.set_exception(error)
        links, self._links = self._links, {}
        self._freed.set()
        for link in links.values():
            link.closed(None, error)
        self.session.reset(self._loop.time())

    def _go_soon(self) -> None:
        if self._soon is None and self._gone is None:
            self._soon = self._loop.call_soon(self._go)

    def _go(self) -> None:
        """Gives what can be given, sends what is to be sent, sets the timer."""
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        if self._going:
            return
        self._going = True
        try:
            while self._gone is None:
                now = self._loop.time()
                self._give(now)
                data = self.session.data_to_send(now=now)
                events = self.session.handle_timeout(now)
                for event in events:
                    self._dispatch(event)
                if data:
                    self._log.seen(">", data)
                    if self._on_line is not None and self._on_line.observer is not None:
                        self._on_line.read(self._on_line.observer.receive_host_data(data))
                    self._line.write(data)
                if self._dcd is not None and self._dtr != self.session.dtr:
                    self._dtr = self.session.dtr
                    self._line.set_dtr(self._dtr)
                if not data and not events:
                    break
        finally:
            self._going = False
        if self._gone is None:
            self._set_timer()

    def _set_timer(self) -> None:
        due = self.session.next_timeout()
        if self._timer is not None:
            if due is not None and self._timer.when() == due and not self._timer.cancelled():
                return
            self._timer.cancel()
            self._timer = None
        if due is not None:
            self._timer = self._loop.call_at(due, self._due)

    def _due(self) -> None:
        self._timer = None
        self._go()

    def _give(self, now: float) -> None:
        """The next job that can be given; one whose own earlier result is still due waits."""
        for _ in range(len(self._jobs)):
            if not self.session.is_ready:
                return
            job = self._jobs.popleft()
            if isinstance(job, Link):
                job.is_queued = False
                try:
                    job.give(now)
                except Refused:
                    job.is_queued = True
                    self._jobs.append(job)
                continue
            if job.future.done():
                continue
            try:
                if not job.give(now):
                    job.future.cancel()
                    continue
            except Refused as why:
                if why.reason in (Refusal.BUSY, Refusal.LINK_IN_USE):
                    self._jobs.append(job)
                else:
                    job.future.set_exception(self.explain(why))
                continue
            except (TypeError, ValueError, OverflowError) as error:
                job.future.set_exception(error)
                continue
            self._waiting[job.key] = job
            self._on_line = job

    def _use_modem_lines(self) -> None:
        """DCD tells the end of a transparent link, DTR leaves data mode."""
        pins = self._line.pins()
        if pins is None:
            raise PortError(
                f"{self._line.name} has no modem lines", hint="a pty and a TCP port have none; leave modem_lines out"
            )
        self._dcd = not pins.dcd
        self._line.set_dtr(self._dtr)
        self._look_again()

    def _look_again(self) -> None:
        self._look()
        if self._gone is None:
            self._looking = self._loop.call_later(_LOOK, self._look_again)

    def _look(self) -> None:
        """DCD, as it is now."""
        pins = self._line.pins() if self._dcd is not None else None
        if pins is not None and pins.dcd != self._dcd:
            self._dcd = pins.dcd
            self.session.set_dcd(pins.dcd, self._loop.time())
            self._go_soon()

    def _received(self, data: bytes) -> None:
        if self._gone is not None:
            return
        self._look()
        self._log.seen("<", data)
        if len(self._heard) < 4096:
            self._heard += data
        if self._on_line is not None and self._on_line.observer is not None:
            self._on_line.read(self._on_line.observer.receive_data(data))
        for event in self.session.receive_data(data, self._loop.time()):
            self._dispatch(event)
        self._go()

    def _dispatch(self, event: Event) -> None:
        match event:
            case _core.Received(link, _, _, left):
                self._log.inside(left > 0)
                self._tell(self._payload_link(link), lambda it: it.received(event))
            case _core.Sent(link):
                self._tell(link, lambda it: it.sent(event))
            case _core.Ready():
                self._on_line = None
            case _core.Done(action, link, value):
                self._resolve((action, link), value, None)
            case _core.Failed(action, link):
                self._failed(event, action, link)
            case _core.Opened(link):
                self._opened(link)
            case _core.Accepted(link, peer):
                self._accepted(link, peer)
            case _core.Closed(link):
                self._closed(link, event)
            case _core.Lost(_, link):
                self._log.inside(False)
                self._tell(link, lambda it: it.lost(event))
            case _core.LinkStatus():
                if self._on_line is not None:
                    self._on_line.rows.append(event)
            case _core.Line(text, more):
                self._line_text(text, more)
            case _core.Restarted():
                _LOG.warning("the module restarted")
                self._needs |= {"probe", "attach"}
                self._restarted.set()
                self.servers.clear()
            case _core.NetworkDown():
                _LOG.warning("the network is gone")
                self._needs.add("attach")
            case _core.Power(down):
                _LOG.warning("power: %s", "the module switches off" if down else "voltage warning")
            case _:
                pass
        if _EVENT.isEnabledFor(logging.DEBUG):
            _EVENT.debug("%r", event)
        if self.on_event is not None:
            self.on_event(event)

    def _tell(self, number: int | None, what: Callable[[Link], None]) -> None:
        link = None if number is None else self._links.get(number)
        if link is not None and number not in self._orphans:
            what(link)

    def _payload_link(self, number: int | None) -> int | None:
        """Payload that no link is named for belongs to the only one."""
        return next(iter(self._links)) if number is None and len(self._links) == 1 else number

    def _line_text(self, text: bytes, more: bool) -> None:
        self._part += text
        if not more:
            text, self._part = self._part, b""
            if self._on_line is not None:
                self._on_line.lines.append(text)
            else:
                logging.getLogger("simcom_at.notice").info("%s", _core.escape(text))

    def _resolve(self, key: tuple[str, int | None], value: object, error: Exception | None) -> None:
        if key not in self._waiting:
            # The event says more, or less, than the command did.
            key = next((other for other in self._waiting if other[0] == key[0] and None in (other[1], key[1])), key)
        job = self._waiting.pop(key, None)
        if job is None or job.future.done():
            return
        if error is None:
            job.future.set_result(value)
        else:
            job.future.set_exception(error)

    def _failed(self, event: _core.Failed, action: str, link: int | None) -> None:
        error = self._failure(event)
        if action == Action.OPEN and link is not None and (action, link) in self._waiting:
            self._orphans.discard(link)
            self._forget(link)
        elif action == Action.CLOSE and link is not None:
            gone = self._forget(link)
            if gone is not None:
                gone.closed(None, error)
        self._resolve((action, link), None, error)

    def _opened(self, number: int) -> None:
        link = self._links.get(number)
        if number in self._orphans or link is None:
            self._waiting.pop((Action.OPEN, number), None)
            self.queue_close(number)
            return
        link.opened()
        self._resolve((Action.OPEN, number), None, None)

    def _accepted(self, number: int, peer: Address) -> None:
        server = next(reversed(self.servers.values()), None)
        if server is None:
            self.queue_close(number)
            return
        waiting = self._links.get(number)
        transport = LinkTransport(self, number, peer, server.accept(), server.limit)
        if waiting is not None:
            # It has not been opened yet, and the module has taken its number.
            self._renumber(waiting)
        self._links[number] = transport
        transport.opened()

    def _closed(self, number: int, event: _core.Closed) -> None:
        self._orphans.discard(number)
        link = self._forget(number)
        if link is not None:
            link.closed(event, None)

    def _failure(self, event: _core.Failed) -> SimcomError:
        job = self._waiting.get((event.action, event.link))
        name = job.name if job is not None else ""
        what = name or (event.action if event.link is None else f"{event.action} of link {event.link}")
        text = _core.escape(event.text) if event.text else ""
        said = f": the module says `{text}`" if text and event.why is not Why.TIMEOUT else ""
        hint = self._hint(event)
        match event.why:
            case Why.TIMEOUT:
                error: SimcomError = ModemTimeout(f"{what} failed: no answer in time", hint=hint)
                error.remedy = event.remedy  # type: ignore[attr-defined]
            case Why.INTERRUPTED:
                error = ModemRestarted(f"{what} failed: the module restarted, or lost its network", hint=hint)
            case _:
                error = CommandError(
                    f"{what} failed{said or f' ({event.why})'}",
                    command=name or str(event.action),
                    why=event.why,
                    code=event.code,
                    remedy=event.remedy,
                    text=event.text,
                    hint=hint,
                )
        return self.explain(error)

    def _hint(self, event: _core.Failed) -> str:
        if event.action == Action.PROBE:
            return silence_hint(bytes(self._heard))
        if event.why is Why.CME and event.code in (10, 13, 14, "SIM not inserted", "SIM failure", "SIM busy"):
            return "no SIM, or it is not ready"
        if event.why is Why.CME and event.code in (11, 12, 17, 18):
            return "the SIM waits for its PIN: await modem.sim(pin)"
        if event.action == Action.ATTACH:
            return "check the APN, the antenna, and the registration (await modem.registration())"
        if self._attached is None and event.action in _NEEDS_CONTEXT:
            return "attach first: await modem.attach(apn)"
        if event.why is Why.CONNECT_FAIL:
            return "does the server listen, and can it be reached from the mobile network?"
        if event.why is Why.TIMEOUT and not self._heard:
            return silence_hint(b"")
        return {
            Remedy.RETRY: "try again",
            Remedy.REOPEN: "connect again",
            Remedy.SHUT: "shut the context, attach and connect again; reconnect=True does so",
            Remedy.RESTART: "restart the module: await modem.restart(); reconnect=True does so",
        }.get(event.remedy, "")

    def _line_gone(self, error: Exception | None) -> None:
        self._end(PortError(f"{self._line.name} is gone: {error or 'the other side closed it'}"))

    def _end(self, error: SimcomError) -> None:
        """Nothing more will come: everybody who waits is told."""
        if self._gone is not None:
            return
        self._gone = error
        for handle in (self._timer, self._soon, self._looking):
            if handle is not None:
                handle.cancel()
        error.transcript = self._log.annotated() if isinstance(error, PortError) else ""
        waiting = [*self._waiting.values(), *(job for job in self._jobs if isinstance(job, _Job))]
        self._waiting.clear()
        self._jobs.clear()
        for job in waiting:
            if not job.future.done():
                job.future.set_exception(error)
        links, self._links = self._links, {}
        self._freed.set()
        is_ours = isinstance(error, LinkClosed)
        for link in links.values():
            link.closed(None, LinkClosed(error.message) if is_ours else error)


async def _dialect(line: Line, log: Log) -> str:
    stranger = Stranger(line, log.seen)
    line.start(stranger.received, stranger.gone)
    if not await stranger.answers():
        error = ModemTimeout(f"nobody answers on {line.name}", hint=silence_hint(bytes(stranger.heard)))
        error.transcript = log.annotated()
        raise error
    dialect = await stranger.identify()
    if dialect is None:
        error_unknown = SimcomError(
            "the module answers, but knows none of the TCP/IP commands", hint='give its dialect: dialect="sim800"'
        )
        error_unknown.transcript = log.annotated()
        raise error_unknown
    return dialect


def silence_hint(heard: bytes) -> str:
    """Why a module that was asked `AT` may not answer, by what came instead."""
    if not heard:
        return "is it the right port, is the module switched on, and are RX and TX not swapped?"
    words = heard.replace(b"\r", b"").replace(b"\n", b"")
    if not words.replace(b"ATE0", b"").replace(b"ATI", b"").replace(b"AT", b""):
        return "only the echo comes back: are RX and TX joined, or is the module in data mode?"
    odd = sum(byte >= 0x80 or byte < 0x09 for byte in heard)
    if odd * 4 > len(heard):
        return "what comes back is no text: try another baud rate"
    return "answers came to questions that were not asked: does another program use the port?"


def _is_async(function: Callable[..., object]) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(getattr(function, "__call__", None))


def _check_identity(identity: list[str], dialect: Dialect) -> None:
    """A module that names itself as one of another dialect may still do; people should know."""
    names = {line: dialect_of(line) for line in identity}
    for line, other in names.items():
        if other is not None and dialect not in names.values():
            _LOG.warning("the module says it is %s, whose dialect is %s, not %s", line, other, dialect)


def _place(host: str, port: int) -> str:
    """The host as it goes over the line; a port that cannot be is told."""
    if isinstance(port, int) and not 0 < port < 65536:
        raise OverflowError(f"port must be 1-65535, not {port}")
    return host if not isinstance(host, str) or host.isascii() else host.encode("idna").decode()


def _text(line: bytes) -> str:
    return line.decode("utf-8", "backslashreplace")


def _texts(lines: list[bytes]) -> list[str]:
    return [_text(line) for line in lines]
