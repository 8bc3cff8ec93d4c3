"""The asyncio layer, over real sockets behind virtual modems."""

from __future__ import annotations

import asyncio
import io
import logging
import socket
import threading
from collections.abc import Callable

import pytest
import simcom_at
from simcom_at import (
    CommandError,
    LinkClosed,
    ModemRestarted,
    ModemServer,
    ModemTimeout,
    PortError,
    ProtocolError,
    Refused,
    SimcomError,
    Transcript,
    VirtualModem,
    open_modem,
)

from .servers import echo, free_port, payload, run, run_virtual, serving


def memory(dialect: str = "sim7000", **words: object) -> VirtualModem:
    return VirtualModem(dialect, **words)  # type: ignore[arg-type]


async def exchange(modem: simcom_at.AsyncModem, host: str, port: int, data: bytes) -> bytes:
    reader, writer = await modem.open_connection(host, port)
    writer.write(data)
    back = await reader.readexactly(len(data))
    writer.close()
    await writer.wait_closed()
    return back


def test_ten_lines_talk_tcp(dialect: str) -> None:
    async def main() -> None:
        async with serving() as port, open_modem(f"virtual://{dialect}") as modem:
            assert modem.dialect == dialect
            address = await modem.attach("internet")
            assert address == (None if dialect == "kingcom" else "10.0.0.2")
            data = payload(20_000)
            assert await exchange(modem, "127.0.0.1", port, data) == data
            assert (await modem.signal()).rssi > 0
            assert await modem.registration() == 1 and await modem.sim()
            assert await modem.command("AT+CSQ")
            assert len(await modem.status()) >= 1

    run(main())


def test_settings_are_set_and_asked_for(dialect: str) -> None:
    async def main() -> None:
        async with open_modem(memory(dialect)) as modem:
            await modem.set(simcom_at.Setting.CREG, 2)
            assert (await modem.ask("creg"))[0].startswith("+CREG: 2,1")
            assert (await modem.ranges("cmee")) == ["+CMEE: (0-2)"]
            with pytest.raises(ValueError, match="no such setting"):
                await modem.ask("cipnothing")
            if dialect == "kingcom":
                with pytest.raises(simcom_at.Refused):
                    await modem.set_dns("8.8.4.4")
            else:
                await modem.set_dns("8.8.4.4", "9.9.9.9")
                assert "9.9.9.9" in " ".join(await modem.ask("cdnscfg"))
            if dialect == "a7600":
                await modem.set("ciptimeout", None, None, 30_000)
                assert await modem.ask("ciptimeout") == ["+CIPTIMEOUT: 120000,120000,30000"]

    run_virtual(main())


@pytest.mark.parametrize("dialect", ["sim800", "sim7000", "a7600"])
def test_names_are_resolved(dialect: str) -> None:
    async def main() -> None:
        async with open_modem(memory(dialect)) as modem:
            await modem.attach("internet")
            assert await modem.resolve("echo.test")
            with pytest.raises(CommandError):
                await modem.resolve("nowhere.invalid")

    run_virtual(main())


def test_the_peer_closes() -> None:
    async def burst(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(payload(30_000))
        await writer.drain()
        writer.close()

    async def main() -> None:
        async with serving(burst) as port, open_modem("virtual://sim800") as modem:
            await modem.attach("internet")
            reader, writer = await modem.open_connection("127.0.0.1", port)
            assert await reader.read() == payload(30_000)
            assert reader.at_eof()
            writer.close()
            await writer.wait_closed()
            # The number may be used again at once.
            reader, writer = await modem.open_connection("127.0.0.1", port)
            assert await reader.read() == payload(30_000)

    run(main())


@pytest.mark.parametrize(("dialect", "links"), [("sim800", 6), ("sim7000", 8), ("a7600", 10)])
def test_all_links_at_once_with_a_slow_reader_on_one(dialect: str, links: int) -> None:
    size = 12_000

    async def main() -> None:
        async with serving() as port, open_modem(f"virtual://{dialect}") as modem:
            await modem.attach("internet")
            streams = [await modem.open_connection("127.0.0.1", port, limit=2048) for _ in range(links)]
            with pytest.raises(LinkClosed, match="all .* links are in use"):
                await modem.open_connection("127.0.0.1", port)
            others_done = asyncio.Event()

            async def write(number: int) -> None:
                writer = streams[number][1]
                data = payload(size, number)
                for start in range(0, size, 700):
                    writer.write(data[start : start + 700])
                    await writer.drain()

            async def read(number: int) -> bytes:
                if number == 0:
                    # It reads nothing until all others have everything.
                    await others_done.wait()
                return await streams[number][0].readexactly(size)

            writes = [asyncio.create_task(write(number)) for number in range(links)]
            others = await asyncio.gather(*(read(number) for number in range(1, links)))
            others_done.set()
            slow = await read(0)
            await asyncio.gather(*writes)
            for number, back in enumerate([slow, *others]):
                assert back == payload(size, number), number

    run(main(), 120)


def test_a_paused_reader_stops_the_module() -> None:
    modem = memory("sim800")
    modem.serve(1234, "burst", size=100_000)

    async def main() -> None:
        async with open_modem(modem) as it:
            await it.attach("internet")
            reader, _ = await it.open_connection("burst.test", 1234, limit=1000)
            await asyncio.sleep(0.5)
            peer = modem.peer(0)
            # What the reader and the module keep, not all of it.
            assert peer is not None and 0 < peer.delivered < 20_000
            assert await reader.read(-1) == simcom_at._core.pattern(100_000)

    run_virtual(main())


def test_a_pushed_only_module_gives_the_link_up() -> None:
    modem = memory("sim800e")
    modem.serve(1234, "burst", size=400_000)

    async def main() -> None:
        async with open_modem(modem) as it:
            await it.attach("internet")
            reader, _ = await it.open_connection("burst.test", 1234, limit=5000)
            await asyncio.sleep(0.5)
            with pytest.raises(LinkClosed, match="does not read"):
                while await reader.read(1000):
                    await asyncio.sleep(0)

    run_virtual(main())


def test_small_writes_are_put_together() -> None:
    record = Transcript()

    async def main() -> None:
        async with open_modem(memory("sim7000"), record=record) as modem:
            await modem.attach("internet")
            reader, writer = await modem.open_connection("echo.test", 7)
            for byte in range(200):
                writer.write(bytes([byte]))
            assert await reader.readexactly(200) == bytes(range(200))

    run_virtual(main())
    assert record.host_bytes().count(b"AT+CIPSEND=") == 1


def test_cancelled_calls_leave_the_modem_usable() -> None:
    modem = memory("sim7000", loopback={"latency_ms": 200})
    modem.serve(1234, "black_hole")

    async def main() -> None:
        async with open_modem(modem) as it:
            await it.attach("internet")
            # Before the command is given, while it is out, and while its later result is due.
            for wait in (0.0, 0.01, 0.1, 0.3):
                task = asyncio.create_task(it.open_connection("echo.test", 7))
                await asyncio.sleep(wait)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
            task = asyncio.create_task(it.command("AT+CSQ"))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.sleep(1.0)
            assert await exchange(it, "echo.test", 7, b"hello") == b"hello"
            states = [row.state for row in await it.status()]
            assert "connected" not in states

    run_virtual(main())


def test_datagrams() -> None:
    async def main() -> None:
        for dialect in ("sim800", "sim7000", "a7600"):
            async with open_modem(memory(dialect)) as modem:
                await modem.attach("internet")
                async with await modem.open_datagram("198.51.100.7", 7) as link:
                    for size in (1, 100, 1000):
                        await link.send(payload(size))
                        data, _ = await link.receive()
                        assert data == payload(size), dialect
                with pytest.raises(LinkClosed):
                    await link.send(b"x")

    run_virtual(main())


@pytest.mark.parametrize("dialect", ["sim800", "sim800e", "sim7000", "a7600"])
def test_a_server_in_the_module(dialect: str) -> None:
    modem = VirtualModem(dialect, network="sockets", poll_ms=1)

    async def main() -> None:
        async with open_modem(modem) as it:
            await it.attach("internet")
            async with await it.start_server(echo, free_port()) as server:
                assert server.is_serving
                address = modem.server_address()
                assert address is not None
                reader, writer = await asyncio.open_connection(*address)
                writer.write(payload(5000))
                assert await reader.readexactly(5000) == payload(5000)
                writer.close()
                await asyncio.sleep(0.2)
            assert not server.is_serving

    run(main())


def test_links_that_are_opened_and_accepted_share_the_numbers() -> None:
    modem = memory("sim800", loopback={"latency_ms": 50})

    async def main() -> None:
        async with open_modem(modem) as it:
            await it.attach("internet")
            async with await it.start_server(echo, 5555):
                for _ in range(2):
                    token = modem.connect(5555)
                    modem.peer_send(token, b"hello")
                await asyncio.sleep(0.3)
                opening = [exchange(it, "echo.test", 7, payload(3000, number)) for number in range(3)]
                assert await asyncio.gather(*opening) == [payload(3000, number) for number in range(3)]
                served = [peer for peer in modem.peers() if peer.local_port == 5555]
                assert [peer.received for peer in served] == [b"hello"] * 2

    run_virtual(main())


@pytest.mark.parametrize("dialect", ["sim800", "sim800e", "sim7000", "a7600", "rda8955"])
def test_a_client_that_takes_the_number_of_an_open_in_flight_keeps_it(dialect: str) -> None:
    async def main(before: float) -> int:
        modem = memory(dialect, loopback={"latency_ms": 50}, baud=9600)
        failed: list[simcom_at.Failed] = []
        async with open_modem(modem, dialect) as it:
            it.on_event = lambda event: failed.append(event) if isinstance(event, simcom_at.Failed) else None
            await it.attach("internet")
            async with await it.start_server(echo, 5555):
                await asyncio.sleep(0.2)
                token = modem.connect(5555)
                await asyncio.sleep(before)
                assert await exchange(it, "echo.test", 7, payload(100)) == payload(100)
                modem.peer_send(token, b"hello")
                await asyncio.sleep(1.0)
                served = [peer for peer in modem.peers() if peer.local_port == 5555]
                assert [(peer.received, peer.state) for peer in served] == [(b"hello", "open")], before
                assert await exchange(it, "echo.test", 7, b"again") == b"again"
                return len(failed)

    # The client arrives 50 ms after `connect`; the command is on the line for some 35 ms.
    assert sum(run_virtual(main(ms / 1000)) for ms in range(0, 60, 2)) > 0


@pytest.mark.parametrize("dialect", ["sim800", "a7600"])
def test_a_transparent_link(dialect: str) -> None:
    async def main() -> None:
        words = {"transparent": True, "single": dialect != "a7600"}
        async with open_modem(memory(dialect), dialect, **words) as modem:
            await modem.attach("internet")
            reader, writer = await modem.open_connection("echo.test", 7)
            assert modem.session.is_data_mode
            writer.write(payload(9000))
            assert await reader.readexactly(9000) == payload(9000)
            await modem.leave_data()
            assert (await modem.signal()).rssi > 0
            await modem.enter_data()
            writer.write(b"again")
            assert await reader.readexactly(5) == b"again"
            writer.close()
            await writer.wait_closed()

    run_virtual(main())


@pytest.mark.parametrize("dialect", ["sim800", "sim7000", "a7600"])
def test_modem_lines_leave_data_mode_and_tell_its_end(dialect: str) -> None:
    modem = memory(dialect)
    record = Transcript()

    async def main() -> None:
        words = {"transparent": True, "single": dialect != "a7600", "modem_lines": True}
        async with open_modem(modem, dialect, record=record, **words) as it:
            assert it.pins == simcom_at.Pins(dcd=False, ri=False, cts=True, dsr=True)
            ends: list[simcom_at.Closed] = []
            it.on_event = lambda event: ends.append(event) if isinstance(event, simcom_at.Closed) else None
            await it.attach("internet")
            reader, writer = await it.open_connection("echo.test", 7)
            assert it.pins is not None and it.pins.dcd
            # The very text that ends data mode, and silence behind it: with DCD on it is payload.
            writer.write(b"\r\nCLOSED\r\n")
            assert await reader.readexactly(10) == b"\r\nCLOSED\r\n"
            await it.leave_data()
            assert (await it.signal()).rssi > 0
            await it.enter_data()
            writer.write(b"again")
            assert await reader.readexactly(5) == b"again"
            modem.peer_close(modem.peers()[-1].token)
            assert await reader.read() == b""
            assert [(end.why, end.certain) for end in ends] == [("peer", True)]

    run_virtual(main())
    assert b"+++" not in record.host_bytes()


def test_a_line_without_modem_lines_says_so() -> None:
    async def main() -> None:
        with ModemServer("sim800", network="loopback") as server:
            with pytest.raises(PortError, match="no modem lines"):
                async with open_modem(server.url, modem_lines=True):
                    pass

    run(main())


def test_modem_lines_and_flow_control_of_a_serial_port(monkeypatch: pytest.MonkeyPatch) -> None:
    serial = pytest.importorskip("serial")
    given: dict[str, object] = {}

    class Port:
        """A serial port in pyserial's words: its bytes by TCP, its lines by hand."""

        def __init__(self, path: str, baud: int, **words: object) -> None:
            given.update(words)
            self._sock = socket.create_connection(server.address)
            self._sock.setblocking(False)
            self.dtrs: list[bool] = []
            given["port"] = self

        def fileno(self) -> int:
            return self._sock.fileno()

        def close(self) -> None:
            self._sock.close()

        cd = property(lambda self: server.modem.pins[0])
        ri = property(lambda self: server.modem.pins[1])
        cts = dsr = property(lambda self: True)

        def _set_dtr(self, on: bool) -> None:
            self.dtrs.append(on)
            server.modem.set_dtr(on)

        dtr = property(None, _set_dtr)

    async def main() -> None:
        words = {"transparent": True, "single": True, "modem_lines": True, "flow_control": True}
        async with open_modem("/dev/ttyFAKE", "sim800", **words) as it:
            await it.attach("internet")
            reader, writer = await it.open_connection("echo.test", 7)
            writer.write(b"hello")
            assert await reader.readexactly(5) == b"hello" and it.pins is not None and it.pins.dcd
            await it.leave_data()
            assert (await it.signal()).rssi > 0

    with ModemServer("sim800", network="loopback") as server:
        monkeypatch.setattr(serial, "Serial", Port)
        run(main())
        assert given["rtscts"] is True and given["port"].dtrs == [True, False, True]  # type: ignore[attr-defined]
        assert b"AT+IFC=2,2" in server.transcript.host_bytes() and b"+++" not in server.transcript.host_bytes()


def test_a_pty_has_no_flow_control() -> None:
    pytest.importorskip("serial")

    async def main() -> None:
        with ModemServer("sim800", pty=True, network="loopback") as server:
            with pytest.raises(PortError, match="no RTS and CTS"):
                async with open_modem(server.path, "sim800", flow_control=True):
                    pass

    run(main())


def test_two_hundred_modems_in_one_process() -> None:
    async def one(number: int) -> None:
        dialect = ["sim800", "sim7000", "a7600", "sim800e", "kingcom"][number % 5]
        async with open_modem(memory(dialect, seed=number), dialect) as modem:
            await modem.attach("internet")
            data = payload(2000, number)
            assert await exchange(modem, "198.51.100.7", 7, data) == data

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(200):
                group.create_task(one(number))

    run(main(), 120)


def test_links_over_real_sockets_can_be_looked_at(dialect: str) -> None:
    modem = VirtualModem(dialect, network="sockets", poll_ms=1)
    pushed = dialect in ("sim800e", "kingcom")

    async def until(true: Callable[[], object]) -> None:
        while not true():
            await asyncio.sleep(0.005)

    async def two_parts(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(await reader.readexactly(7))
        await reader.read()
        writer.close()

    async def main() -> None:
        async with serving(two_parts) as port, open_modem(modem) as it:
            assert modem.state == simcom_at.VirtualState("command", 1, True, False)
            assert {link.state for link in modem.links()} == {"initial"} and len(modem.links()) == it.session.links
            await it.attach("internet")
            assert modem.state.online
            reader, writer = await it.open_connection("127.0.0.1", port)
            link = modem.link(0)
            assert (link.state, link.udp, link.server, link.received) == ("connected", False, None, 0)
            assert link.peer == ("127.0.0.1", port)
            writer.transport.pause_reading()
            writer.write(b"7 bytes")
            await until(lambda: modem.link(0).received == 7)
            link = modem.link(0)
            assert (link.sent, link.unsent) == (7, 0)
            if not pushed:
                assert link.unread == 7
            writer.transport.resume_reading()
            assert await reader.readexactly(7) == b"7 bytes"
            await until(lambda: modem.link(0).unread == 0)
            writer.close()
            await writer.wait_closed()
            await until(lambda: modem.link(0).state == "closed")
            with pytest.raises(ValueError, match="there is no link 10"):
                modem.link(10)
            modem.fault("hang", ms=60_000)
            await until(lambda: modem.state.mode == "deaf")

    run(main())


def test_a_client_and_unread_bytes_can_be_looked_at() -> None:
    modem = memory("sim800")

    async def main() -> None:
        async with open_modem(modem) as it:
            await it.attach("internet")
            kept: list[object] = []

            def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                writer.transport.pause_reading()
                # A writer that nobody keeps closes its link.
                kept.append(writer)

            async with await it.start_server(connected, 5555):
                token = modem.connect(5555)
                await asyncio.sleep(1)
                modem.peer_send(token, payload(1000))
                modem.peer_close(token)
                await asyncio.sleep(1)
                link = modem.link(0)
                assert (link.state, link.server, link.received) == ("remote_closing", 0, 1000)
                assert link.unread == 1000

    run_virtual(main())


@pytest.mark.parametrize("way", ["pty", "socket", "socketpair", "streams", "object"])
def test_every_way_to_a_module(way: str) -> None:
    if way == "pty":
        pytest.importorskip("serial")

    async def main() -> None:
        with ModemServer("sim7000", pty=way == "pty", network="loopback") as server:
            target: object = server.url
            closing: list[socket.socket] = []
            if way == "socketpair":
                target = socket.create_connection(server.address)
                target.setblocking(False)
            elif way == "streams":
                target = await asyncio.open_connection(*server.address)
            elif way == "object":
                sock = socket.create_connection(server.address)
                closing.append(sock)
                target = sock.makefile("rwb", buffering=0)
            async with open_modem(target) as modem:
                assert modem.dialect == "sim7000"
                await modem.attach("internet")
                assert await exchange(modem, "echo.test", 7, payload(3000)) == payload(3000)
            for sock in closing:
                sock.shutdown(socket.SHUT_RDWR)
                sock.close()

    run(main())


# Errors.


def test_errors_say_what_happened() -> None:
    async def main() -> None:
        async with open_modem(memory("a7600")) as modem:
            await modem.attach("internet")
            with pytest.raises(CommandError) as caught:
                await modem.open_connection("echo.test", 4)
            error = caught.value
            assert error.command == "open" and error.why == "err" and isinstance(error.code, int)
            assert error.text == b"+CIPOPEN: 0,%d" % error.code and "+CIPOPEN" in error.transcript
            with pytest.raises(CommandError) as caught:
                await modem.command("AT+NONSENSE")
            assert caught.value.command == "AT+NONSENSE" and caught.value.name
            with pytest.raises(Refused):
                await modem.command("AT+CIPSEND=0,5")
            with pytest.raises(Refused, match="quote"):
                await modem.attach('"')

    run_virtual(main())


def test_a_command_gives_the_lines_of_its_answer(dialect: str) -> None:
    async def main() -> None:
        async with open_modem(memory(dialect), dialect) as modem:
            await modem.attach("internet")
            rssi = (await modem.signal()).rssi
            # Lines of any kind, also those that are events when they come by themselves.
            creg = "+CREG: 1,1" if dialect == "kingcom" else "+CREG: 0,1"
            assert await modem.command("AT+CREG?") == [creg]
            assert await modem.command("AT+CSQ;+CREG?;+CGATT?") == [f"+CSQ: {rssi},0", creg, "+CGATT: 1"]
            if dialect != "kingcom":
                ask, answer = ("AT+IPADDR", "+IPADDR: 10.0.0.2") if dialect == "a7600" else ("AT+CIFSR", "10.0.0.2")
                assert await modem.command(ask) == [answer]
            # What comes by itself is none of it.
            modem._line.modem.fault("notice", data=b"\r\nRING\r\n")  # type: ignore[attr-defined]
            assert await modem.command("AT+CSQ") == [f"+CSQ: {rssi},0"]
            with pytest.raises(CommandError, match="AT.NONSENSE failed"):
                await modem.command("AT+NONSENSE")
            if dialect in ("sim800", "sim7000", "a7600"):
                reader, writer = await modem.open_connection("echo.test", 7)
                writer.write(b"hello")
                assert await reader.readexactly(5) == b"hello"
                assert (await modem.acknowledged(0)).sent == 5

    run_virtual(main())


def test_calls_that_cannot_be_are_refused_with_words() -> None:
    async def main() -> None:
        async with open_modem(memory("sim800")) as modem:
            with pytest.raises(CommandError, match="attach first"):
                await modem.open_connection("echo.test", 7)
            await modem.attach("internet")
            for port in (0, -1, 65536):
                for call in (modem.open_connection("h", port), modem.open_datagram("h", port)):
                    with pytest.raises(OverflowError, match="port must be 1-65535"):
                        await call
                with pytest.raises(OverflowError, match="port must be 1-65535"):
                    await modem.start_server(echo, port)
            with pytest.raises(TypeError):
                await modem.open_connection(None, 7)  # type: ignore[arg-type]
            with pytest.raises(TypeError):
                await modem.open_connection("h", "7")  # type: ignore[arg-type]
            async with await modem.start_server(echo, 5000):
                with pytest.raises(LinkClosed, match="all 1 servers are in use"):
                    await modem.start_server(echo, 5001)
            async with await modem.open_datagram("198.51.100.7", 7) as link:
                with pytest.raises(TypeError, match="bytes-like"):
                    await link.send("text")  # type: ignore[arg-type]
            # Refusals show what went before.
            with pytest.raises(Refused) as caught:
                await modem.acknowledged(5)
            assert "AT+" in caught.value.transcript

    run_virtual(main())


def test_names_in_other_scripts_are_written_as_on_the_network() -> None:
    modem = memory("sim7000")
    modem.name("xn--echo-epa.test", ["203.0.113.77"])
    record = Transcript()

    async def main() -> None:
        async with open_modem(modem, record=record) as it:
            await it.attach("internet")
            assert await exchange(it, "echo\u00e9.test", 7, b"hello") == b"hello"

    run_virtual(main())
    assert b'"xn--echo-epa.test"' in record.host_bytes()


def test_a_module_of_another_dialect_is_named(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        async with open_modem(memory("sim7000"), "sim800"):
            pass
        async with open_modem(memory("sim7000", knobs={"identity": ["something else"]}), "sim7000"):
            pass

    run_virtual(main())
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        "the module says it is SIM7000 R1351, whose dialect is sim7000, not sim800"
    ]


def test_a_sim_that_is_not_there() -> None:
    async def main() -> None:
        async with open_modem(memory("a7600", knobs={"cmee": 1})) as modem:
            modem._line.modem.fault("refuse", command="+CPIN", code=10)  # type: ignore[attr-defined]
            with pytest.raises(CommandError, match="no SIM"):
                await modem.sim()

    run_virtual(main())


def test_nobody_there() -> None:
    class Silent(io.RawIOBase):
        timeout = 0.1

        def __init__(self, answer: bytes = b"") -> None:
            self.answer, self.wrote = answer, threading.Event()

        def read(self, size: int = -1) -> bytes:  # type: ignore[override]
            if not self.answer or not self.wrote.wait(0.05):
                return b""
            self.wrote.clear()
            return self.answer

        def write(self, data: object) -> int:  # type: ignore[override]
            self.wrote.set()
            return len(data)  # type: ignore[arg-type]

    for answer, hint in [
        (b"", "right port"),
        (b"AT\r", "only the echo"),
        (b"\x80\xf8\x00\xfe" * 5, "another baud rate"),
        (b"\r\nlogin: ", "another program"),
    ]:

        async def main(answer: bytes = answer, hint: str = hint) -> None:
            with pytest.raises(ModemTimeout, match=hint) as caught:
                async with open_modem(Silent(answer)):
                    pass
            assert isinstance(caught.value, TimeoutError) and "AT" in caught.value.transcript

        run(main())


def test_targets_that_cannot_be_opened(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    async def opens(target: object) -> None:
        async with open_modem(target):
            pass

    for target, words in [
        ("ftp://host", "unknown URL"),
        ("virtual://sim900", "use one of"),
        ("virtual://sim800?speed=1", "unknown word"),
        ("virtual://sim800?seed=x", "no number"),
        ("virtual://sim800?network=x", "network must be"),
        ("socket://host", "write socket://host:port"),
        ("socket://127.0.0.1:1", "does a modem"),
    ]:
        with pytest.raises(PortError, match=words):
            run(opens(target))
    with pytest.raises(TypeError, match="a module is named by"):
        run(opens(3))
    with pytest.raises(ValueError, match="must be one of"):

        async def wrong() -> None:
            async with open_modem("virtual://sim800", "sim900"):
                pass

        run(wrong())


def test_serial_ports_that_cannot_be_opened() -> None:
    serial = pytest.importorskip("serial")

    async def opens(target: object) -> None:
        async with open_modem(target, "sim7000"):
            pass

    with pytest.raises(PortError, match="there is no port /dev/nonsense"):
        run(opens("/dev/nonsense"))
    for path in ("/tmp", "/dev/null", "/etc/passwd"):
        with pytest.raises(PortError, match="is no serial port"):
            run(opens(path))
    from simcom_at._lines import _port_error

    assert "no permission" in str(_port_error("/dev/ttyUSB0", PermissionError(13, "Permission denied")))
    assert "another program" in str(_port_error("/dev/ttyUSB0", serial.SerialException("Could not exclusively lock port")))
    with ModemServer("sim7000", pty=True, network="loopback") as server:
        with serial.Serial(server.path, exclusive=True), pytest.raises(PortError, match="in use by another program"):
            run(opens(server.path))


def test_without_pyserial_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "serial", None)

    async def main() -> None:
        async with open_modem("/dev/ttyUSB0"):
            pass

    with pytest.raises(PortError, match=r"pip install simcom-at\[serial\]"):
        run(main())


def test_a_modem_that_is_closed() -> None:
    async def main() -> None:
        async with open_modem(memory()) as modem:
            await modem.attach("internet")
            reader, writer = await modem.open_connection("echo.test", 7)
        assert modem.is_closed
        with pytest.raises(LinkClosed, match="the modem is closed"):
            await modem.signal()
        writer.write(b"x")
        assert await reader.read() == b""

    run_virtual(main())


def test_a_line_that_goes_away() -> None:
    async def main() -> None:
        server = ModemServer("sim7000", network="loopback").start()
        async with open_modem(server.url) as modem:
            await modem.attach("internet")
            reader, _ = await modem.open_connection("echo.test", 7)
            waits = asyncio.create_task(modem.command("AT+COPS=?"))
            await asyncio.sleep(0)
            await asyncio.to_thread(server.stop)
            with pytest.raises(SimcomError):
                await reader.readexactly(1)
            with pytest.raises(SimcomError):
                await waits
                await modem.signal()
            with pytest.raises(PortError, match="is gone"):
                await modem.signal()

    run(main())


def test_a_restart_ends_every_link() -> None:
    modem = memory()

    async def main() -> None:
        async with open_modem(modem, reconnect=True) as it:
            await it.attach("internet")
            reader, _ = await it.open_connection("echo.test", 7)
            modem.notify("restart")
            with pytest.raises(ModemRestarted) as caught:
                await reader.readexactly(1)
            assert "RDY" in caught.value.transcript and caught.value.hint
            # `reconnect`: probe and attach come by themselves.
            assert await exchange(it, "echo.test", 7, b"hello") == b"hello"

    run_virtual(main())


def test_remedies_are_applied_on_request() -> None:
    modem = memory("sim800")

    async def main() -> None:
        async with open_modem(modem, reconnect=True) as it:
            await it.attach("internet")
            modem.fault("refuse", command="+CIPSTART", code=3)
            assert await exchange(it, "echo.test", 7, b"hello") == b"hello"

    run_virtual(main())


def test_a_restart_is_the_last_remedy() -> None:
    modem = memory("sim7000", knobs={"boot_ms": 4000})
    record = Transcript()

    async def main() -> None:
        async with open_modem(modem, reconnect=True, record=record) as it:
            await it.attach("internet")
            modem.fault("refuse", command="+CIPSTART", code=3, always=True)

            def mended(event: simcom_at.Event) -> None:
                if isinstance(event, simcom_at.Restarted):
                    modem.clear_faults()

            it.on_event = mended
            with pytest.raises(CommandError):
                await it.open_connection("echo.test", 7)
            # Reopening and shutting has not helped often enough.
            assert await exchange(it, "echo.test", 7, b"hello") == b"hello"

    run_virtual(main())
    assert record.host_bytes().count(b"AT+CFUN=1,1\r") == 1


def test_without_reconnect_the_caller_restarts() -> None:
    modem = memory("sim800", knobs={"boot_ms": 4000})

    async def main() -> None:
        async with open_modem(modem) as it:
            await it.attach("internet")
            reader, writer = await it.open_connection("echo.test", 7)
            waits = asyncio.create_task(it.open_connection("echo.test", 7))
            await asyncio.sleep(0)
            await it.restart()
            for lost in (reader.read(), waits):
                with pytest.raises(ModemRestarted):
                    await lost
            assert writer.is_closing()
            await it.attach("internet")
            assert await exchange(it, "echo.test", 7, b"hello") == b"hello"

    run_virtual(main())


def test_a_module_that_hangs_is_switched_off_and_on() -> None:
    modem = memory("a7600", knobs={"boot_ms": 2000})
    cycles = 0

    async def power_cycle() -> None:
        nonlocal cycles
        cycles += 1
        modem.notify("restart")

    async def main() -> None:
        async with open_modem(modem, reconnect=True, power_cycle=power_cycle) as it:
            await it.attach("internet")
            reader, _ = await it.open_connection("echo.test", 7)
            modem.fault("hang", ms=10**8)
            assert await exchange(it, "echo.test", 7, b"hello") == b"hello"
            with pytest.raises(LinkClosed):
                await reader.readexactly(1)

    run_virtual(main(), 3600)
    assert cycles == 1


@pytest.mark.parametrize("dialect", ["sim800", "kingcom"])
def test_a_module_that_hangs_and_cannot_be_switched_is_an_error(dialect: str) -> None:
    modem = memory(dialect)

    async def main() -> None:
        async with open_modem(modem, reconnect=True) as it:
            await it.attach("internet")
            modem.fault("hang", ms=10**8)
            with pytest.raises(ModemTimeout):
                await it.open_connection("echo.test", 7)

    run_virtual(main(), 3600)


def test_lost_payload_is_an_error_not_a_gap() -> None:
    modem = memory("sim7000")

    async def main() -> None:
        async with open_modem(modem, gap_ms=100) as it:
            await it.attach("internet")
            reader, writer = await it.open_connection("echo.test", 7)
            # Bytes of a payload are counted: what is behind it fills the gap, and the rest never comes.
            modem.fault("short_payload", size=200)
            writer.write(payload(300))
            begun = asyncio.get_running_loop().time()
            with pytest.raises(ProtocolError, match="never came"):
                await reader.readexactly(300)
            # The module has not given its `OK` yet; the reader need not wait for that.
            assert asyncio.get_running_loop().time() - begun < 1
            # Only then the number of the link is free.
            assert await exchange(it, "echo.test", 7, payload(500)) == payload(500)

    run_virtual(main())


@pytest.mark.parametrize("dialect", ["kingcom", "sim7000"])
def test_a_link_that_is_aborted_ends_at_once_and_makes_room(dialect: str) -> None:
    async def main() -> None:
        async with open_modem(memory(dialect)) as it:
            await it.attach("internet")
            clock = asyncio.get_running_loop()
            streams = [await it.open_connection("echo.test", 7) for _ in range(it.session.links)]
            # The module takes its time to close.
            it._line.modem.fault("late_final", ms=3000)  # type: ignore[attr-defined]
            reader, writer = streams[-1]
            begun = clock.time()
            writer.transport.abort()
            await writer.wait_closed()
            assert await reader.read() == b"" and clock.time() == begun
            # The only number that will be free is waited for.
            assert await exchange(it, "echo.test", 7, payload(500)) == payload(500)
            assert clock.time() - begun > 3
            streams[-1] = await it.open_connection("echo.test", 7)
            with pytest.raises(LinkClosed, match="all .* in use"):
                await it.open_connection("echo.test", 7)

    run_virtual(main())


def test_a_length_that_cannot_be_loses_nothing() -> None:
    modem = memory("sim7000")

    async def main() -> None:
        async with open_modem(modem) as it:
            await it.attach("internet")
            reader, writer = await it.open_connection("echo.test", 7)
            # The session has asked for 5 bytes; an answer of 105 cannot be.
            modem.fault("wrong_length", by=100)
            writer.write(b"hello")
            assert await reader.readexactly(5) == b"hello"
            writer.write(payload(3000))
            assert await reader.readexactly(3000) == payload(3000)

    run_virtual(main())


def test_traffic_and_events_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "simcom_at")

    async def main() -> None:
        async with open_modem(memory()) as modem:
            await modem.attach("internet")

    run_virtual(main())
    names = {record.name for record in caplog.records}
    assert {"simcom_at.line", "simcom_at.event"} <= names
