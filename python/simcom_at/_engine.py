"""What drives a session in an asyncio event loop: commands and links have their turn, bytes move, events are told."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from . import _core
from ._core import Session
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
from ._lines import Line
from ._links import Address, Link, LinkServer, LinkTransport
from ._log import Log

_LOG = logging.getLogger("simcom_at.modem")
_EVENT = logging.getLogger("simcom_at.event")

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

#: How often DCD is looked at, in seconds.
_LOOK = 0.02

#: Switches a module off and on: a coroutine function, or a plain one, which is called in a thread.
PowerCycle = Callable[[], Awaitable[object] | object]


class Job:
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


class Engine:
    """Gives commands to the session when it is their turn, moves its bytes, and tells its events to whom they are about."""

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
        self._jobs: deque[Job | Link] = deque()
        self._waiting: dict[tuple[str, int | None], Job] = {}
        self._on_line: Job | None = None
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

    @property
    def dialect(self) -> Dialect:
        """The dialect."""
        return Dialect(self.session.dialect)

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
            job = Job(key, give)
            job.future.add_done_callback(lambda future: future.cancelled() or future.exception())
            self._jobs.append(job)
        self._go_soon()

    async def stop_server(self, server: LinkServer) -> None:
        """What `LinkServer.close` does."""
        if self.servers.get(server.number) is server:
            del self.servers[server.number]
            if self._gone is None:
                await self._run(
                    (Action.UNLISTEN, None), lambda now: self.session.unlisten(server.number, now=now)
                )

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

    def _forget(self, number: int) -> Link | None:
        """The number is free."""
        self._freed.set()
        return self._links.pop(number, None)

    # Its turns.

    def _check(self) -> None:
        if self._gone is not None:
            raise type(self._gone)(*self._gone.args) if not isinstance(self._gone, SimcomError) else self._gone

    async def _run(
        self, key: tuple[str, int | None], give: Callable[[float], None], command: str | None = None
    ) -> Job:
        """Gives a command when it is its turn, and waits for its result."""

        def given(now: float) -> bool:
            give(now)
            return True

        job = Job(key, given)
        if command is not None:
            job.name = command
            job.observer = _core.Observer(self.session.dialect, mux="single" if self._is_single else "multi")
        await self._wait(job)
        return job

    async def _wait(self, job: Job) -> None:
        self._check()
        self._jobs.append(job)
        self._go_soon()
        try:
            await job.future
        finally:
            if job in self._jobs:
                self._jobs.remove(job)

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
        self._end_all(error, LinkClosed(error.message) if isinstance(error, LinkClosed) else error)

    def _end_all(self, error: SimcomError, of_links: SimcomError) -> None:
        """Every command ends with the one error, every link with the other."""
        waiting = [*self._waiting.values(), *(job for job in self._jobs if isinstance(job, Job))]
        self._waiting.clear()
        self._jobs.clear()
        for job in waiting:
            if not job.future.done():
                job.future.set_exception(error)
        links, self._links = self._links, {}
        self._freed.set()
        for link in links.values():
            link.closed(None, of_links)


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


def _text(line: bytes) -> str:
    return line.decode("utf-8", "backslashreplace")


def texts(lines: list[bytes]) -> list[str]:
    return [_text(line) for line in lines]
