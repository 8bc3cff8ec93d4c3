"""Calls that are cancelled, at every moment: the modem stays usable, and nothing is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from simcom_at import AsyncModem, VirtualModem, open_modem

from .servers import echo, payload, run_virtual


async def use_a_link(modem: AsyncModem) -> None:
    reader, writer = await modem.open_connection("echo.test", 7)
    try:
        writer.write(payload(3000))
        await writer.drain()
        assert await reader.readexactly(3000) == payload(3000)
    finally:
        writer.close()
    await writer.wait_closed()


async def use_datagrams(modem: AsyncModem) -> None:
    async with await modem.open_datagram("198.51.100.7", 7) as link:
        await link.send(b"hello")
        assert (await link.receive())[0] == b"hello"


async def use_a_server(modem: AsyncModem) -> None:
    async with await modem.start_server(echo, 5555):
        await asyncio.sleep(0.05)


async def ask(modem: AsyncModem) -> None:
    assert await modem.sim() and await modem.registration() == 1 and (await modem.signal()).rssi
    assert await modem.command("AT+CSQ") and await modem.status()
    if modem.dialect not in ("kingcom", "sim800e"):
        assert await modem.resolve("echo.test")


async def bring_up(modem: AsyncModem) -> None:
    await modem.probe()
    await modem.attach("internet")


async def take_down(modem: AsyncModem) -> None:
    await modem.shut()
    await modem.detach()


async def restart(modem: AsyncModem) -> None:
    await modem.restart()


WORK = [use_a_link, use_datagrams, use_a_server, ask, bring_up, take_down, restart]


@pytest.mark.parametrize("work", WORK, ids=lambda work: work.__name__)
def test_after_a_call_that_was_cancelled_everything_works(
    work: Callable[[AsyncModem], Awaitable[None]], dialect: str
) -> None:
    if dialect == "kingcom" and work in (use_datagrams, use_a_server):
        return  # it has neither

    async def main(when: float) -> bool:
        modem = VirtualModem(dialect, loopback={"latency_ms": 20})
        async with open_modem(modem, dialect) as it:
            await it.attach("internet")
            task = asyncio.create_task(work(it))  # type: ignore[arg-type]
            await asyncio.sleep(when)
            if task.done():
                task.result()
                return True
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            if work in (bring_up, take_down, restart):
                # What was begun may be half done. A module that restarts says so for a while.
                await asyncio.sleep(5.0 if work is restart else 0.0)
                await bring_up(it)
            await use_a_link(it)
            await asyncio.sleep(1.0)
            assert not it._links and not it._waiting and not it._jobs and not it._orphans
            assert not [peer for peer in modem.peers() if peer.state == "open" and not peer.udp]
        return False

    for step in range(2000):
        if run_virtual(main(step * 0.004)):
            break
    else:
        pytest.fail("it never ends")
    assert step > 2

