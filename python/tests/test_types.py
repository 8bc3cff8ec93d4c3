"""The types: mypy over the package and its users, the stubs against the module."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mypy")

USER = """
import asyncio
import simcom_at
from typing import assert_type

async def main() -> None:
    async with simcom_at.open_modem("virtual://sim7000") as modem:
        assert_type(await modem.attach("internet"), str | None)
        reader, writer = await modem.open_connection("example.com", 80)
        assert_type(reader, asyncio.StreamReader)

def events(session: simcom_at.Session) -> None:
    for event in session.receive_data(b""):
        match event:
            case simcom_at.Received(link, data):
                assert_type(link, int | None)
                assert_type(data, bytes)
            case simcom_at.Closed():
                assert_type(event.why, simcom_at.Closing)
"""


def test_the_stubs_are_those_of_the_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", "simcom_at", "simcom_at_pytest"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_package_and_its_users_are_typed(tmp_path: Path) -> None:
    user = tmp_path / "user.py"
    user.write_text(USER)
    for words in (["-p", "simcom_at", "-p", "simcom_at_pytest"], [str(user)]):
        done = subprocess.run([sys.executable, "-m", "mypy", "--strict", *words], capture_output=True, text=True, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
