"""`python -m simcom_at`: demo, decode, emulate, probe."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

import simcom_at
from simcom_at import Dialect, ModemServer, SimcomError, Transcript, VirtualModem


def main(arguments: list[str] | None = None) -> int:
    """Runs the program; gives its exit code."""
    parser = argparse.ArgumentParser(prog="python -m simcom_at", description="SIMCom-type cellular modules")
    parser.add_argument("--version", action="version", version=simcom_at.__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="the whole job against virtual modems with real sockets, every byte checked")
    demo.add_argument("--dialect", choices=[str(dialect) for dialect in Dialect], help="which (default: all)")
    demo.add_argument("--bytes", type=size, default=20_000, help="how many go there and back (default: 20000)")
    demo.set_defaults(run=run_demo)

    decode = commands.add_parser("decode", help="explains a transcript, or the raw bytes of a module")
    decode.add_argument("file", help="a transcript, or - for standard input")
    decode.add_argument("--dialect", choices=[str(dialect) for dialect in Dialect], help="the dialect, where the transcript does not say it")
    decode.add_argument("--raw", action="store_true", help="the file is what the module sent, byte by byte")
    shape = decode.add_mutually_exclusive_group()
    shape.add_argument("--reports", action="store_true", help="one report a line, and nothing else")
    shape.add_argument("--json", action="store_true", help="one JSON object a report")
    decode.set_defaults(run=run_decode)

    emulate = commands.add_parser("emulate", help="serves a virtual modem with real sockets until Ctrl-C")
    emulate.add_argument("--dialect", choices=[str(dialect) for dialect in Dialect], default="sim7000")
    place = emulate.add_mutually_exclusive_group()
    place.add_argument("--tcp", metavar="HOST:PORT", help="on a TCP port, one client at a time; port 0 takes a free one")
    place.add_argument("--link", metavar="PATH", help="a symbolic link to the pty")
    emulate.add_argument("--baud", type=int, default=0, help="the pace of the line (default: none)")
    emulate.add_argument("--seed", type=int, default=0)
    emulate.set_defaults(run=run_emulate)

    probe = commands.add_parser("probe", help="asks a module who it is")
    probe.add_argument("target", help="a serial port, socket://host:port or virtual://sim7000")
    probe.add_argument("--baud", type=int, default=115200)
    probe.set_defaults(run=run_probe)

    options = parser.parse_args(arguments)
    try:
        options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Who reads our output has seen enough; the interpreter is not to complain about it on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        return 130
    except SimcomError as error:
        if error.transcript:
            print(error.transcript, file=sys.stderr)
        print(f"error: {error}", file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def size(text: str) -> int:
    """How many bytes: none or more."""
    number = int(text)
    if number < 0:
        raise ValueError
    return number


def run_demo(options: argparse.Namespace) -> None:
    """`demo`."""
    asyncio.run(_demo([Dialect(options.dialect)] if options.dialect else list(Dialect), options.bytes))


async def _demo(dialects: list[Dialect], size: int) -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(4096):
            writer.write(data)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    # No Ctrl-Z and no ESC: kingcom cannot send them.
    payload = bytes(range(0x20, 0x100)) * (size // 224 + 1)
    payload = payload[:size]
    for dialect in dialects:
        begun = time.perf_counter()
        async with simcom_at.open_modem(f"virtual://{dialect}") as modem:
            address = await modem.attach("internet")
            reader, writer = await modem.open_connection(host, port)
            writer.write(payload)
            back = await reader.readexactly(size)
            writer.close()
            await writer.wait_closed()
        verdict = "ok" if back == payload else "WRONG BYTES"
        took = time.perf_counter() - begun
        print(f"{modem.dialect:8} {address or '-':10} {size} bytes there and back  {took:5.1f} s  {verdict}", flush=True)
        if back != payload:
            raise SimcomError(f"{dialect}: other bytes came back")
    server.close()


def run_decode(options: argparse.Namespace) -> None:
    """`decode`."""
    data = sys.stdin.buffer.read() if options.file == "-" else Path(options.file).read_bytes()
    if options.raw:
        transcript = Transcript(options.dialect or Dialect.SIM800)
        transcript.add_module(data)
    else:
        transcript = Transcript.parse(data, options.file)
    if options.reports or options.json:
        for report in transcript.reports(options.dialect):
            print(report.to_json() if options.json else report)
    else:
        print(transcript.annotated(options.dialect))


def run_emulate(options: argparse.Namespace) -> None:
    """`emulate`."""
    modem = VirtualModem(options.dialect, network="sockets", baud=options.baud, seed=options.seed, poll_ms=1)
    address = ("127.0.0.1", 0)
    if options.tcp:
        host, separator, port = options.tcp.rpartition(":")
        if not separator or not port.isdigit():
            raise ValueError(f"{options.tcp!r} is no HOST:PORT")
        address = (host, int(port))
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with ModemServer(modem, pty=not options.tcp, address=address, link=options.link) as server:
        print(server.path or f"{server.address[0]}:{server.address[1]}", flush=True)
        stop.wait()


def run_probe(options: argparse.Namespace) -> None:
    """`probe`."""

    async def probe() -> None:
        modem = await simcom_at.AsyncModem.connect(options.target, baud=options.baud, probe=False)
        try:
            identity = await modem.probe()
            said = {
                "dialect": str(modem.dialect),
                "identity": identity,
                "sim": await modem.sim(),
                "signal": (await modem.signal()).rssi,
                "registration": await modem.registration(),
            }
        finally:
            await modem.close()
        print(json.dumps(said, indent=2))

    asyncio.run(probe())


if __name__ == "__main__":
    sys.exit(main())
