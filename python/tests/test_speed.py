"""What it costs, as a ratio within one run. Skipped in builds without optimisation."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

import pytest
from simcom_at import Observer, Received

from .conftest import Bench


def best(work: Callable[[], object], times: int = 9) -> float:
    """The shortest time, in seconds."""
    shortest = float("inf")
    for _ in range(times):
        begun = time.perf_counter()
        work()
        shortest = min(shortest, time.perf_counter() - begun)
    return shortest


def workload_a(size: int) -> bytes:
    """`+RECEIVE,n,1460:` and 1460 random bytes, 6 links."""
    numbers, stream = random.Random(1), bytearray()
    while len(stream) < size:
        stream += b"\r\n+RECEIVE,%d,1460:\r\n" % numbers.randrange(6) + numbers.randbytes(1460)
    return bytes(stream)


def test_receive_data_costs_at_most_eight_copies_and_a_microsecond_an_event() -> None:
    stream = workload_a(1 << 20)
    chunks = [stream[start : start + 4096] for start in range(0, len(stream), 4096)]
    views = [memoryview(bytearray(chunk)) for chunk in chunks]
    bench = Bench("sim800", push=True)
    bench.up()
    for link in range(6):
        bench.open(link, port=9)
    session = bench.session
    received = [event for chunk in chunks for event in session.receive_data(chunk)]
    payload = b"".join(event.data for event in received if isinstance(event, Received))
    assert len(payload) % 1460 == 0 and len(payload) > len(stream) * 0.95

    def copy() -> None:
        for view in views:
            bytes(view)

    def receive() -> None:
        count = 0
        for chunk in chunks:
            count += len(session.receive_data(chunk))
        assert count == len(received)

    copied, took = best(copy), best(receive)
    budget = 8 * copied + len(received) * 1e-6
    per = 1e6 / len(chunks)
    print(
        f"\n4096 bytes: bytes() {copied * per:.2f} us, receive_data {took * per:.2f} us, "
        f"{len(received) / len(chunks):.1f} events, budget {budget * per:.2f} us"
    )
    if took > 4 * budget:
        pytest.skip("not an optimised build")
    assert took <= budget


def test_observer_reads_lines_faster_than_a_library_in_python() -> None:
    modem = pytest.importorskip("gsmmodem.serial_comms")
    lines = [b"+CSQ: 20,0", b"+CREG: 1", b"OK", b"0, CONNECT OK", b"+CMTI: \"SM\",3", b"RING", b"0, CLOSED", b"STATE: IP STATUS"]
    numbers = random.Random(2)
    stream = b"".join(b"\r\n" + numbers.choice(lines) + b"\r\n" for _ in range(20_000))
    found = []

    def ours() -> None:
        observer = Observer("sim800", mux="multi")
        found[:] = [observer.receive_data(stream)]

    # Its reading thread's loop, over the same bytes, without its thread and its port: one read(1) a byte, lines by CRLF.
    class Port:
        def __init__(self) -> None:
            self.at = 0

        def read(self, size: int) -> bytes:
            self.at += 1
            return stream[self.at - 1 : self.at]

    def theirs() -> int:
        comms = modem.SerialComms("none")
        comms.serial, count = Port(), 0
        comms.alive = True
        handled = []
        comms._handleLineRead = lambda line, checkForResponseTerm=True: handled.append(line)
        comms.fatalErrorCallback = lambda *_: None
        original = comms.serial.read

        def read(size: int) -> bytes:
            data = original(size)
            if not data:
                comms.alive = False
            return data

        comms.serial.read = read
        comms._readLoop()
        return len(handled) + count

    handled = theirs()
    slow, fast = best(theirs, 2), best(ours, 3)
    total = len(found[0])
    print(f"\nlines a second: Observer {total / fast:,.0f}, python-gsmmodem-new's read loop {handled / slow:,.0f}")
    assert total == 20_000 and handled >= 20_000
    assert fast < slow
