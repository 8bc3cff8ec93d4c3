"""The pytest plugin: its fixtures here, its report in a run of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from simcom_at import Modem, ModemServer, VirtualModem


def test_a_modem_talks_to_a_server(modem: Modem, echo_server: tuple[str, int]) -> None:
    modem.attach("internet")
    with modem.create_connection(echo_server) as sock:
        sock.sendall(b"hello")
        assert sock.recv(5) == b"hello"


@pytest.mark.simcom("a7600", network="loopback", knobs={"identity": ["A7670E"]})
def test_a_marker_says_what_modem_it_is(modem: Modem, virtual_modem: VirtualModem) -> None:
    assert modem.dialect == "a7600" and virtual_modem.network == "loopback"
    assert modem.command("ATI") == ["A7670E"]


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no ptys on this system")
def test_a_pty(modem_pty: ModemServer) -> None:
    fd = os.open(modem_pty.path, os.O_RDWR | os.O_NOCTTY)
    os.write(fd, b"AT\r")
    assert os.read(fd, 1)
    os.close(fd)


FAILING = """
import pytest

def test_fails(modem):
    modem.attach("internet")
    assert modem.signal().rssi == 0

def test_passes(modem):
    assert modem.dialect == "kingcom"

@pytest.mark.simcom(dialect="a7600")
def test_marker_wins(virtual_modem):
    assert virtual_modem.dialect == "a7600"
"""


def test_a_failing_test_shows_its_transcript(tmp_path: Path) -> None:
    (tmp_path / "test_bench.py").write_text(FAILING)
    words = ["--simcom-dialect=kingcom", "--simcom-seed=5", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, str(tmp_path)], capture_output=True, text=True, cwd=tmp_path
    )
    assert "1 failed, 2 passed" in done.stdout, done.stdout
    assert "simcom transcript" in done.stdout and "AT+CGDCONT" in done.stdout and "Signal{rssi=20" in done.stdout


ON_A_PORT = """
def test_talks(modem):
    assert modem.attach("internet") == "10.0.0.2"
    with modem.create_connection(("echo.test", 7)) as sock:
        sock.sendall(b"hello")
        assert sock.recv(5) == b"hello"

def test_fails(modem):
    assert modem.signal().rssi == 0
"""


@pytest.mark.parametrize("words", [[], ["--simcom-dialect=a7600"]])
def test_the_modem_may_be_one_on_a_port(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "test_bench.py").write_text(ON_A_PORT)
    with ModemServer("a7600", network="loopback") as server:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", f"--simcom-port={server.url}", *words, "-p", "no:cacheprovider", str(tmp_path)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
        )
        assert "1 failed, 1 passed" in done.stdout, done.stdout
        assert "simcom transcript" in done.stdout and "Signal{rssi=23" in done.stdout
        assert b"AT+CIPOPEN" in server.transcript.host_bytes()


def test_a_port_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "test_bench.py").write_text(ON_A_PORT)
    words = ["--simcom-port=socket://127.0.0.1:1", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words, str(tmp_path)], capture_output=True, text=True, cwd=tmp_path
    )
    assert "2 errors" in done.stdout and "does a modem or its emulator listen there?" in done.stdout, done.stdout


def test_the_plugin_does_not_import_the_package() -> None:
    code = "import sys, simcom_at_pytest; sys.exit('simcom_at' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
