"""The pytest plugin of `simcom_at`. It imports the package only when a fixture is used."""

from __future__ import annotations

import socket
import threading
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from simcom_at import Modem, ModemServer, Transcript
    from simcom_at._bench import RecordedModem

_TRANSCRIPTS = pytest.StashKey["list[Transcript]"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("simcom", "modules and virtual modems")
    group.addoption("--simcom-port", metavar="PORT", help="the module behind `modem`: a serial port or a URL (default: virtual)")
    group.addoption("--simcom-dialect", metavar="NAME", help="its dialect (default: asked; of virtual modems sim7000)")
    group.addoption("--simcom-seed", metavar="N", type=int, default=0, help="the seed of virtual modems (default: 0)")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "simcom(dialect=…, **words): how VirtualModem is made for the fixture virtual_modem"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        for transcript in item.stash.get(_TRANSCRIPTS, []):
            if len(transcript):
                report.sections.append(("simcom transcript", transcript.annotated(last=60)))
    return report


def _attach(request: pytest.FixtureRequest, transcript: Transcript) -> None:
    request.node.stash.setdefault(_TRANSCRIPTS, []).append(transcript)


@pytest.fixture
def virtual_modem(request: pytest.FixtureRequest) -> RecordedModem:
    """A virtual modem with the host's own sockets; `@pytest.mark.simcom(dialect="a7600", …)` says more."""
    from simcom_at._bench import RecordedModem

    words: dict[str, Any] = {"network": "sockets", "poll_ms": 1, "seed": request.config.getoption("--simcom-seed")}
    dialect = request.config.getoption("--simcom-dialect") or "sim7000"
    marker = request.node.get_closest_marker("simcom")
    if marker is not None:
        given = dict(marker.kwargs)
        dialect = given.pop("dialect", marker.args[0] if marker.args else dialect)
        words |= given
    modem = RecordedModem(dialect, **words)
    _attach(request, modem.transcript)
    return modem


@pytest.fixture
def modem(request: pytest.FixtureRequest) -> Iterator[Modem]:
    """A module to talk through: that of `--simcom-port`, otherwise `virtual_modem`."""
    from simcom_at import Modem, Transcript

    port = request.config.getoption("--simcom-port")
    dialect = request.config.getoption("--simcom-dialect")
    if port is None:
        virtual = request.getfixturevalue("virtual_modem")
        with Modem(virtual, str(virtual.dialect)) as modem:
            yield modem
        return
    record = Transcript()
    _attach(request, record)
    with Modem(port, dialect or "auto", record=record) as modem:
        yield modem


@pytest.fixture
def modem_pty(virtual_modem: RecordedModem) -> Iterator[ModemServer]:
    """`virtual_modem` on a pty: `modem_pty.path` is for the program under test."""
    from simcom_at import ModemServer

    with ModemServer(virtual_modem, pty=True) as server:
        yield server


@pytest.fixture
def echo_server() -> Iterator[tuple[str, int]]:
    """A TCP server on this machine that sends back what it gets: its host and port."""
    listener = socket.create_server(("127.0.0.1", 0))
    clients: list[socket.socket] = []

    def serve(client: socket.socket) -> None:
        with client:
            try:
                while data := client.recv(65536):
                    client.sendall(data)
            except OSError:
                pass

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            clients.append(client)
            threading.Thread(target=serve, args=(client,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    address = listener.getsockname()
    yield address[0], address[1]
    # Wakes the thread up, so that the port is free when the test is over.
    for sock in (listener, *clients):
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        sock.close()
