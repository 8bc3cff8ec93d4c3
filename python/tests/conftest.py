"""What several tests need."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import simcom_at
from simcom_at import Event, Session, VirtualModem

VECTORS = Path(__file__).resolve().parents[2] / "crates" / "vectors" / "data"
SPOKEN = ["sim800", "sim800e", "sim7000", "kingcom", "a7600", "rda8955"]


class Bench:
    """A session and a virtual modem, joined by hand, under virtual time."""

    def __init__(self, dialect: str, modem: VirtualModem | None = None, **settings: Any) -> None:
        self.now = 0.0
        self.modem = modem or VirtualModem(dialect)
        self.session = Session(dialect, **settings)
        self.events: list[Event] = []

    def step(self) -> list[Event]:
        """All that can be done without time going on."""
        events: list[Event] = []
        while True:
            out = self.session.data_to_send(now=self.now)
            if out:
                self.modem.receive_data(out, self.now)
            back = self.modem.data_to_send(self.now)
            if back:
                events += self.session.receive_data(back, self.now)
            if not out and not back:
                break
        events += self.session.handle_timeout(self.now)
        self.events += events
        return events

    def until(self, wanted: type[Event] | Callable[[Event], bool], limit: float = 1000.0) -> list[Event]:
        """Lets time go on until such an event has come; gives all events on the way."""
        hit = (lambda event: isinstance(event, wanted)) if isinstance(wanted, type) else wanted
        end, events = self.now + limit, []
        while True:
            new = self.step()
            events += new
            if any(hit(event) for event in new):
                return events
            times = [t for t in (self.session.next_timeout(), self.modem.next_timeout()) if t is not None]
            assert times and self.now < end, f"nothing more happens: {events}"
            self.now = max(self.now, min(times))

    def up(self) -> None:
        self.session.probe()
        self.until(simcom_at.Ready)
        self.session.attach("internet")
        self.until(simcom_at.Ready)

    def open(self, link: int = 0, host: str = "echo.test", port: int = 7, **words: int) -> None:
        self.session.open(link, host, port, **words)
        self.until(simcom_at.Opened)
        if not self.session.is_ready:
            self.until(simcom_at.Ready)


@pytest.fixture(params=SPOKEN)
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if os.environ.get("REQUIRE_ALL") == "1" and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("REQUIRE_ALL=1: nothing may be skipped", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter is not None and reporter.stats.get("skipped")
    if os.environ.get("REQUIRE_ALL") == "1" and skipped and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
