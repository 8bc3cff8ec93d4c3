"""The blocking twin, and virtual modems that other programs reach."""

from __future__ import annotations

import os
import select
import socket
import threading
import time

import pytest
import simcom_at
from simcom_at import CommandError, LinkClosed, Modem, ModemRestarted, ModemServer, ModemTimeout, PortError, VirtualModem

from .servers import free_port, payload


def memory(dialect: str = "sim7000", **words: object) -> VirtualModem:
    return VirtualModem(dialect, **words)  # type: ignore[arg-type]


def read_exactly(sock: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = sock.recv(size - len(data))
        assert piece, f"{len(data)} of {size} bytes"
        data += piece
    return data


def test_a_link_is_a_socket() -> None:
    with Modem(memory()) as modem:
        assert modem.attach("internet") == "10.0.0.2"
        with modem.create_connection(("echo.test", 7), 10) as sock:
            assert isinstance(sock, socket.socket) and sock.getpeername() == ("echo.test", 7) and sock.link == 0
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.sendall(b"hello")
            assert select.select([sock], [], [], 10)[0]
            assert sock.recv(100) == b"hello"
            sock.settimeout(0.05)
            with pytest.raises(TimeoutError):
                sock.recv(1)
        assert modem.signal().rssi == 20 and modem.registration() == 1 and modem.sim()
        assert modem.resolve("echo.test") and modem.address() == "10.0.0.2"
        assert modem.command("ATI") == ["SIM7000 R1351"]
        assert modem.dialect == "sim7000" and "AT+CIPSTART" in modem.transcript().to_text()
        modem.detach()


def test_shutting_one_direction_sends_all_and_closes() -> None:
    virtual = memory("sim800")
    with Modem(virtual) as modem:
        modem.attach("internet")
        with modem.create_connection(("sink.test", 9)) as sock:
            sock.sendall(payload(10_000))
            sock.shutdown(socket.SHUT_WR)
            assert sock.recv(1) == b"" and sock.error is None
        peer = virtual.peers()[-1]
        assert peer.received == payload(10_000)


def test_a_slow_reader_loses_nothing() -> None:
    virtual = memory("sim800")
    virtual.serve(1234, "burst", size=300_000)
    with Modem(virtual) as modem:
        modem.attach("internet")
        with modem.create_connection(("burst.test", 1234)) as sock:
            time.sleep(0.5)
            assert read_exactly(sock, 300_000) == simcom_at._core.pattern(300_000)
            assert sock.recv(1) == b""


def test_datagrams_and_servers() -> None:
    virtual = VirtualModem("sim7000", network="sockets", poll_ms=1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer, Modem(virtual) as modem:
        peer.bind(("127.0.0.1", 0))
        modem.attach("internet")
        with modem.open_datagram(*peer.getsockname()) as link:
            link.send(b"ping")
            data, address = peer.recvfrom(100)
            assert data == b"ping"
            peer.sendto(b"pong", address)
            assert link.receive(10)[0] == b"pong"
            with pytest.raises(ModemTimeout):
                link.receive(0.05)
        with modem.listen(free_port()) as listener:
            address = virtual.server_address()
            assert address is not None
            with socket.create_connection(address) as client:
                sock, _ = listener.accept(10)
                client.sendall(payload(3000))
                assert read_exactly(sock, 3000) == payload(3000)
                sock.sendall(b"back")
                assert read_exactly(client, 4) == b"back"
                sock.close()
            with pytest.raises(ModemTimeout):
                listener.accept(0.05)


def test_errors() -> None:
    virtual = memory()
    with Modem(virtual) as modem:
        modem.attach("internet")
        with pytest.raises(CommandError, match="CONNECT FAIL"):
            modem.create_connection(("echo.test", 4))
        with modem.create_connection(("echo.test", 7)) as sock:
            virtual.notify("restart")
            assert sock.recv(1) == b""
            assert isinstance(sock.error, ConnectionError) and "restarted" in str(sock.error)
        modem.timeout = 0.2
        virtual.fault("hang", ms=1000)
        with pytest.raises(ModemTimeout, match="0.2 s"):
            modem.command("AT+CSQ")
        modem.timeout = None
    with pytest.raises(LinkClosed):
        modem.signal()
    modem.close()
    with pytest.raises(PortError):
        Modem("socket://127.0.0.1:1")


def test_a_module_is_switched_off_and_on() -> None:
    virtual = memory("sim800", knobs={"boot_ms": 100})
    where: list[threading.Thread] = []

    def power_cycle() -> None:
        where.append(threading.current_thread())
        virtual.notify("restart")

    with Modem(virtual, power_cycle=power_cycle) as modem:
        modem.attach("internet")
        with modem.create_connection(("echo.test", 7)) as sock:
            modem.restart()
            assert sock.recv(1) == b"" and isinstance(sock.error, ModemRestarted)
        assert "SIM800 R14.18" in modem.probe() and modem.attach("internet") == "10.0.0.2"
    # A function that blocks does not block the event loop.
    assert len(where) == 1 and where[0].name != "simcom_at.Modem"


def test_many_threads_share_a_modem() -> None:
    with Modem(memory("a7600")) as modem:
        modem.attach("internet")
        wrong: list[int] = []

        def work(number: int) -> None:
            with modem.create_connection(("echo.test", 7)) as sock:
                sock.sendall(payload(5000, number))
                if read_exactly(sock, 5000) != payload(5000, number):
                    wrong.append(number)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert not wrong and not any(thread.is_alive() for thread in threads)


# Virtual modems that other programs reach.


def talk(fd: int, line: bytes, end: bytes = b"OK\r\n") -> bytes:
    os.write(fd, line)
    data = b""
    while not data.endswith(end):
        assert select.select([fd], [], [], 5)[0], data
        data += os.read(fd, 4096)
    return data


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no ptys on this system")
def test_a_pty_for_the_program_under_test(tmp_path: object) -> None:
    link = tmp_path / "modem"  # type: ignore[operator]
    with ModemServer("sim800", pty=True, link=link, network="loopback") as server:
        assert server.path == str(link) and link.is_symlink()
        for _ in range(2):
            fd = os.open(server.path, os.O_RDWR | os.O_NOCTTY)
            assert b"SIM800" in talk(fd, b"ATI\r")
            server.modem.fault("refuse", command="+CSQ", code=100)
            assert b"ERROR" in talk(fd, b"AT+CMEE=1;+CSQ\r", b"100\r\n")
            server.modem.notify("ring")
            assert talk(fd, b"", b"RING\r\n") == b"\r\nRING\r\n"
            os.close(fd)
        assert "ATI" in server.transcript.to_text()
    assert not link.exists()


def test_a_tcp_port_serves_one_client_after_the_other() -> None:
    with ModemServer("a7600", network="loopback") as server:
        for _ in range(3):
            with socket.create_connection(server.address) as client:
                assert b"A7600C" in talk(client.fileno(), b"ATI\r")
        with pytest.raises(PortError, match="cannot listen"):
            ModemServer("a7600", address=server.address).start()


def test_a_server_stops_twice_and_a_port_is_free_then() -> None:
    server = ModemServer("sim7000").start()
    server.stop()
    server.stop()
    with ModemServer("sim7000", address=server.address):
        pass
