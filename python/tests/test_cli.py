"""`python -m simcom_at`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest


def program(*words: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "simcom_at", *words], input=stdin, capture_output=True, timeout=60)


TRANSCRIPT = b"# dialect: sim800\n> AT+CSQ\\r\n< \\r\\n+CSQ: 20,0\\r\\n\\r\\nOK\\r\\n\n"


def test_demo() -> None:
    done = program("demo", "--bytes", "3000")
    assert done.returncode == 0 and done.stdout.count(b"  ok") == 6, done
    assert program("demo", "--dialect", "a7600").stdout.count(b"ok") == 1


def test_decode(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(TRANSCRIPT)
    assert program("decode", "--reports", str(path)).stdout.split() == [b"Signal{rssi=20,ber=0}", b"Ok"]
    lines = program("decode", "--json", "-", stdin=TRANSCRIPT).stdout.splitlines()
    assert json.loads(lines[0])["rssi"] == 20
    assert b"> AT+CSQ" in program("decode", str(path)).stdout
    raw = program("decode", "--raw", "--reports", "-", stdin=b"\r\nRDY\r\n")
    assert raw.stdout == b'Boot{"RDY"}\n'


@pytest.mark.skipif(os.name != "posix", reason="pipes and signals")
def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(TRANSCRIPT + b"> AT\\r\n< \\r\\nOK\\r\\n\n" * 20_000)
    words = [sys.executable, "-m", "simcom_at", "decode", "--reports", str(path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout is not None and program.stderr is not None
        assert program.stdout.readline() == b"Signal{rssi=20,ber=0}\n"
        program.stdout.close()
        assert program.stderr.read() == b"" and program.wait(60) == 141


@pytest.mark.skipif(os.name != "posix", reason="pipes and signals")
def test_an_interrupt_ends_it_without_words() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "simcom_at", "demo"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdout is not None and program.stderr is not None
        # The first dialect is through; five more take their time.
        assert b"ok" in program.stdout.readline()
        program.send_signal(signal.SIGINT)
        assert program.wait(60) == 130 and program.stderr.read() == b""


def test_probe() -> None:
    said = json.loads(program("probe", "virtual://a7600").stdout)
    assert said["dialect"] == "a7600" and said["sim"] is True


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["probe", "/dev/nonsense"], b"error: "),
        (["probe", "socket://127.0.0.1:1"], b"cannot connect"),
        (["decode", "/nonsense"], b"No such file"),
        (["emulate", "--tcp", "nonsense"], b"no HOST:PORT"),
        (["emulate", "--link", "/nonsense/link"], b"cannot make the link /nonsense/link: No such file"),
        (["emulate", "--link", __file__], b"only a symbolic link is replaced"),
        (["probe", "127.0.0.1:5000"], b"written socket://127.0.0.1:5000"),
        (["demo", "--dialect", "x"], b"invalid choice"),
        (["demo", "--bytes", "-5"], b"invalid size value: '-5'"),
        ([], b"COMMAND"),
    ],
)
def test_wrong_input_is_said_in_one_line(words: list[str], said: bytes) -> None:
    done = program(*words)
    assert done.returncode and said in done.stderr and b"Traceback" not in done.stderr, done


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("words", [["--tcp", "127.0.0.1:0"], []])
def test_emulate_serves_until_it_is_ended(words: list[str]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "simcom_at", "emulate", "--dialect", "sim800", *words], stdout=subprocess.PIPE
    ) as server:
        assert server.stdout is not None
        place = server.stdout.readline().decode().strip()
        if words:
            done = program("probe", f"socket://{place}")
            assert json.loads(done.stdout)["dialect"] == "sim800"
        else:
            assert place.startswith("/dev/")
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0
