"""Programs that other people wrote, over our links: driver → serial line → virtual modem → real socket."""

from __future__ import annotations

import asyncio
import hashlib
import http.client
import http.server
import importlib.util
import socket
import ssl
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from simcom_at import Modem, ModemServer, open_modem

from .servers import echo, payload, run, serving

BODY = payload(30_000)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.answer(BODY)

    def do_POST(self) -> None:
        self.answer(self.rfile.read(int(self.headers["Content-Length"])))

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def web() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    trustme = pytest.importorskip("trustme")
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return server, client


@pytest.mark.parametrize("dialect", ["sim800", "sim7000", "a7600"])
def test_http_client(dialect: str, web: int) -> None:
    with Modem(f"virtual://{dialect}?baud=921600") as modem:
        modem.attach("internet")
        connection = http.client.HTTPConnection("127.0.0.1", web, timeout=60)
        connection._create_connection = modem.create_connection  # type: ignore[attr-defined]
        for method, body in (("GET", None), ("POST", payload(9000)), ("GET", None)):
            connection.request(method, "/", body)
            response = connection.getresponse()
            assert response.status == 200 and response.read() == (body or BODY)
        connection.close()


def test_http_client_through_a_pty_and_pyserial(web: int) -> None:
    pytest.importorskip("serial")
    with ModemServer("sim7000", pty=True) as server, Modem(server.path) as modem:
        modem.attach("internet")
        connection = http.client.HTTPConnection("127.0.0.1", web, timeout=60)
        connection._create_connection = modem.create_connection  # type: ignore[attr-defined]
        connection.request("GET", "/")
        assert connection.getresponse().read() == BODY
        connection.close()


@pytest.mark.parametrize("dialect", ["sim7000", "a7600", "sim800e"])
def test_streams_with_tls(dialect: str, certificates: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, client = certificates

    async def main() -> None:
        async with serving(ssl=server) as port, open_modem(f"virtual://{dialect}") as modem:
            await modem.attach("internet")
            reader, writer = await modem.open_connection("127.0.0.1", port)
            await writer.start_tls(client, server_hostname="localhost")
            writer.write(BODY)
            assert await reader.readexactly(len(BODY)) == BODY
            writer.close()
            await writer.wait_closed()
            # In one step, with a check of the name.
            reader, writer = await modem.open_connection("127.0.0.1", port, ssl=client, server_hostname="localhost")
            writer.write(b"hello")
            assert await reader.readexactly(5) == b"hello"
            with pytest.raises(ssl.SSLCertVerificationError):
                await modem.open_connection("127.0.0.1", port, ssl=client, server_hostname="example.com")

    run(main())


def test_a_blocking_socket_with_tls(certificates: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    server, client = certificates
    started: list[int] = []
    ready, stop = threading.Event(), threading.Event()

    def serve() -> None:
        async def main() -> None:
            async with serving(ssl=server) as port:
                started.append(port)
                ready.set()
                while not stop.is_set():
                    await asyncio.sleep(0.02)

        asyncio.run(main())

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    ready.wait(10)
    with Modem("virtual://sim7000") as modem:
        modem.attach("internet")
        sock = modem.create_connection(("127.0.0.1", started[0]), 30)
        with client.wrap_socket(sock, server_hostname="localhost") as secure:
            secure.sendall(BODY)
            back = b""
            while len(back) < len(BODY):
                back += secure.recv(65536)
            assert back == BODY
    stop.set()
    thread.join()


def test_httpx(web: int) -> None:
    httpx = pytest.importorskip("httpx")
    httpcore = pytest.importorskip("httpcore")

    class Stream(httpcore.AsyncNetworkStream):  # type: ignore[misc,name-defined]
        def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.reader, self.writer = reader, writer

        async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
            return await self.reader.read(max_bytes)

        async def write(self, buffer: bytes, timeout: float | None = None) -> None:
            self.writer.write(buffer)
            await self.writer.drain()

        async def aclose(self) -> None:
            self.writer.close()

        def get_extra_info(self, info: str) -> Any:
            return None

    async def main() -> None:
        async with open_modem("virtual://sim7000") as modem:
            await modem.attach("internet")

            class Backend(httpcore.AsyncNetworkBackend):  # type: ignore[misc,name-defined]
                async def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> Stream:
                    return Stream(*await modem.open_connection(host, port))

            transport = httpx.AsyncHTTPTransport()
            transport._pool = httpcore.AsyncConnectionPool(network_backend=Backend())
            async with httpx.AsyncClient(transport=transport, timeout=60) as client:
                gets = [client.get(f"http://127.0.0.1:{web}/{number}") for number in range(3)]
                assert [response.content for response in await asyncio.gather(*gets)] == [BODY] * 3
                posted = await client.post(f"http://127.0.0.1:{web}/", content=payload(20_000))
                assert posted.content == payload(20_000)

    run(main(), 120)


def test_aiohttp(web: int) -> None:
    aiohttp = pytest.importorskip("aiohttp")

    async def main() -> None:
        async with open_modem("virtual://a7600") as modem:
            await modem.attach("internet")

            class Connector(aiohttp.BaseConnector):  # type: ignore[misc,name-defined]
                async def _create_connection(self, request: Any, traces: Any, timeout: Any) -> Any:
                    _, protocol = await modem.create_connection(
                        self._factory, request.url.host, request.url.port or 80
                    )
                    return protocol

            async with aiohttp.ClientSession(connector=Connector()) as session:
                async with session.get(f"http://127.0.0.1:{web}/") as response:
                    assert await response.read() == BODY
                async with session.post(f"http://127.0.0.1:{web}/", data=payload(20_000)) as response:
                    assert await response.read() == payload(20_000)

    run(main(), 120)


def test_mqtt() -> None:
    mqtt = pytest.importorskip("paho.mqtt.client")
    if importlib.util.find_spec("amqtt") is None:
        pytest.skip("amqtt, the broker, is not installed")
    from amqtt.broker import Broker

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    up, stop = threading.Event(), threading.Event()

    def serve() -> None:
        async def main() -> None:
            broker = Broker(
                {
                    "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
                    "plugins": {"amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}},
                }
            )
            await broker.start()
            up.set()
            while not stop.is_set():
                await asyncio.sleep(0.02)
            await broker.shutdown()

        asyncio.run(main())

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert up.wait(20)
    got: list[bytes] = []
    done = threading.Event()
    messages = [payload(size, size) for size in (1, 100, 3000, 20_000)]
    with Modem("virtual://sim800") as modem:
        modem.attach("internet")

        class Client(mqtt.Client):  # type: ignore[misc,name-defined]
            def _create_socket_connection(self) -> socket.socket:
                return modem.create_connection((self._host, self._port), 30)

        client = Client(mqtt.CallbackAPIVersion.VERSION2, client_id="bench")

        def on_connect(*_: Any) -> None:
            client.subscribe("bench/#", qos=1)

        def on_subscribe(*_: Any) -> None:
            for message in messages:
                client.publish("bench/x", message, qos=1)

        def on_message(_: Any, __: Any, message: Any) -> None:
            got.append(message.payload)
            if len(got) == len(messages):
                done.set()

        client.on_connect, client.on_subscribe, client.on_message = on_connect, on_subscribe, on_message
        client.connect("127.0.0.1", port)
        client.loop_start()
        assert done.wait(60)
        client.disconnect()
        client.loop_stop()
    stop.set()
    thread.join()
    digests = [hashlib.sha256(message).hexdigest() for message in got]
    assert sorted(digests) == sorted(hashlib.sha256(message).hexdigest() for message in messages)
