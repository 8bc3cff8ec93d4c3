"""A module in an asyncio event loop: `open_modem` and `AsyncModem`."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
import ssl as ssl_module
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar, cast

from . import _core
from ._core import Session, Signal
from ._engine import Engine, Job, PowerCycle, silence_hint, texts
from ._enums import Action, Dialect, Refusal, Remedy
from ._errors import (
    CommandError,
    LinkClosed,
    ModemRestarted,
    ModemTimeout,
    Refused,
    SimcomError,
)
from ._lines import Line, Pins, Stranger, dialect_of, open_line
from ._links import Datagrams, Link, LinkServer, LinkTransport
from ._log import Log
from ._transcript import Transcript

_LOG = logging.getLogger("simcom_at.modem")

_T = TypeVar("_T")

#: How often `reconnect` applies remedies to one call.
_ATTEMPTS = 4
#: How long a module that restarts may take until it says so, and until it answers, in seconds.
_SAYS_SO, _BOOTS = 3.0, 60.0


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


class AsyncModem(Engine):
    """A module in the running event loop. `open_modem` makes one."""

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
        return texts(job.lines)

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
        return texts(job.lines)

    async def ranges(self, setting: str) -> list[str]:
        """Asks what a setting may be; gives the lines of the answer."""
        job = await self._run((Action.ASK, None), lambda now: self.session.ranges(setting, now=now))
        return texts(job.lines)

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

        job = Job((Action.OPEN, None), given)
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

    # Recovery.

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
        self._on_line = None
        self._orphans.clear()
        self.servers.clear()
        self._end_all(error, error)
        self.session.reset(self._loop.time())


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
