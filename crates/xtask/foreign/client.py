#!/usr/bin/env python3
"""A host program written from the vendors' manuals, with pyserial only.

usage: client.py DIALECT PORT      (PORT: a serial device, or socket://HOST:PORT)

Opens a TCP connection through the module on PORT to an echo server of its own on 127.0.0.1, sends messages and
expects each back, byte for byte; closes. Exit 0 when all came back.
"""
import re
import socket
import sys
import threading

import serial

BINARY = bytes(byte for byte in range(256) if byte not in (0x1A, 0x1B))
MESSAGES = [b"hello", b"\r\nOK\r\n\r\n> \r\nCLOSED\r\n", b"\r\n+RECEIVE,1,9:\r\n+IPD,9:", BINARY, bytes(range(32, 127)) * 10]


def echo_server():
    """Serves one client and gives the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        client, _ = listener.accept()
        with client:
            while data := client.recv(4096):
                client.sendall(data)

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


class Module:
    """The serial line: commands out, expected texts in, payload counted."""

    def __init__(self, port):
        self.line = serial.serial_for_url(port, baudrate=115200, timeout=20)

    def read(self, count):
        data = self.line.read(count)
        if len(data) < count:
            raise SystemExit(f"timeout: wanted {count} bytes, got {data!r}")
        return data

    def until(self, pattern):
        """Reads until the pattern stands at the end of what came; gives the match."""
        seen = b""
        while True:
            seen += self.read(1)
            found = re.search(pattern + rb"\Z", seen, re.S)
            if found:
                return found
            if seen.endswith((b"ERROR\r\n", b"FAIL\r\n")):
                raise SystemExit(f"wanted {pattern!r}, got {seen!r}")

    def command(self, text, *answers):
        self.line.write(text.encode() + b"\r")
        for answer in answers or (rb"\r\nOK\r\n",):
            self.until(answer)

    def pushed(self, header, result, total):
        """The result of a send and payload behind headers, in any order; the header's first group is its length."""
        data, sent = b"", False
        while len(data) < total or not sent:
            found = self.until(rb"(?:" + header + rb"|" + result + rb")")
            if found[1]:
                data += self.read(int(found[1]))
            else:
                sent = True
        return data

    def asked(self, form, header, result, total):
        """The result of a send and a notice, in any order; then payload, read on request."""
        notice = rb"(\+CIPRXGET: 1,0\r\n)"
        data, sent, noticed = b"", False, False
        while len(data) < total:
            while not (sent and noticed):
                found = self.until(rb"(?:" + notice + rb"|" + result + rb")")
                sent, noticed = sent or not found[1], noticed or bool(found[1])
            self.line.write(form.encode() + b"\r")
            found = self.until(header)
            data += self.read(int(found[1]))
            around = found.string + self.until(rb"\r\nOK\r\n").string
            noticed = int(found[2]) > 0 or bool(re.search(notice, around))
        return data


def bring_up(module, dialect):
    module.command("ATE0")
    if dialect in ("sim800", "sim7000"):
        module.command("AT+CIPMUX=1")
        if dialect == "sim7000":
            module.command("AT+CIPRXGET=1")
        module.command('AT+CSTT="internet"')
        module.command("AT+CIICR")
        module.command("AT+CIFSR", rb"\r\n\d+\.\d+\.\d+\.\d+\r\n")
    elif dialect == "sim800e":
        module.command("AT+CIPHEAD=1")
    elif dialect == "rda8955":
        for text in ("AT+CIPMUX=1", "AT+CIPHEAD=1", 'AT+CSTT="internet"', "AT+CIICR", "AT+CIFSR"):
            module.command(text)
    elif dialect == "kingcom":
        for text in ("AT+CGATT=1", 'AT+CGDCONT=1,"IP","internet"', "AT+CGACT=1,1", "AT+CIPHEAD=1"):
            module.command(text)
    else:
        module.command('AT+CGDCONT=1,"IP","internet"')
        module.command("AT+CIPRXGET=1")
        module.command("AT+NETOPEN", rb"\r\nOK\r\n", rb"\+NETOPEN: 0\r\n")


def connect(module, dialect, port):
    if dialect in ("sim800", "sim7000"):
        module.command(f'AT+CIPSTART=0,"TCP","127.0.0.1","{port}"', rb"OK\r\n", rb"0, CONNECT OK\r\n")
    elif dialect == "rda8955":
        module.command(f'AT+CIPSTART=0,"TCP","127.0.0.1",{port}', rb"OK\r\n", rb"0,CONNECT OK\r\n")
    elif dialect == "sim800e":
        module.command(f'AT+CIPSTART="TCP","127.0.0.1","{port}"', rb"OK\r\n", rb"CONNECT OK\r\n")
    elif dialect == "kingcom":
        module.command(f'AT+CIPSTART="TCP","127.0.0.1",{port}', rb"OK\r\n", rb"CONNECT OK\r\n")
    else:
        module.command(f'AT+CIPOPEN=0,"TCP","127.0.0.1",{port}', rb"OK\r\n", rb"\+CIPOPEN: 0,0\r\n")


def exchange(module, dialect, message):
    """Sends a message and gives what came back."""
    size = len(message)
    single = {"sim800e": f"AT+CIPSEND={size}", "kingcom": "AT+CIPSEND"}
    module.command(single.get(dialect, f"AT+CIPSEND=0,{size}"), rb"\r\n>")
    module.line.write(message + (b"\x1a" if dialect == "kingcom" else b""))
    if dialect == "sim800":
        return module.pushed(rb"\r\n\+RECEIVE,0,(\d+):\r\n", rb"0, SEND OK\r\n", size)
    if dialect == "rda8955":
        return module.pushed(rb"\+RECEIVE,0,(\d+):", rb"0,SEND OK\r\n", size)
    if dialect == "sim800e":
        return module.pushed(rb"\+IPD,(\d+):", rb"SEND OK\r\n", size)
    if dialect == "kingcom":
        return module.pushed(rb"\+IPD:(\d+)\r\n", rb"\r\nOK\r\n", size)
    result = rb"0, SEND OK\r\n" if dialect == "sim7000" else rb"\+CIPSEND: 0,%d,%d\r\n" % (size, size)
    return module.asked("AT+CIPRXGET=2,0,1460", rb"\r\n\+CIPRXGET: 2,0,(\d+),(\d+)\r\n", result, size)


def close(module, dialect):
    if dialect in ("sim800", "sim7000"):
        module.command("AT+CIPCLOSE=0", rb"0, CLOSE OK\r\n")
        module.command("AT+CIPSHUT", rb"SHUT OK\r\n")
    elif dialect == "rda8955":
        module.command("AT+CIPCLOSE=0,1", rb"0,CLOSE OK\r\n")
        module.command("AT+CIPSHUT", rb"SHUT OK\r\n")
    elif dialect == "sim800e":
        module.command("AT+CIPCLOSE", rb"CLOSE OK\r\n")
        module.command("AT+CIPSHUT", rb"SHUT OK\r\n")
    elif dialect == "kingcom":
        module.command("AT+CIPCLOSE")
    else:
        module.command("AT+CIPCLOSE=0", rb"OK\r\n", rb"\+CIPCLOSE: 0,0\r\n")
        module.command("AT+NETCLOSE", rb"OK\r\n", rb"\+NETCLOSE: 0\r\n")


def main():
    dialect, port = sys.argv[1:]
    module = Module(port)
    bring_up(module, dialect)
    connect(module, dialect, echo_server())
    for message in MESSAGES:
        back = exchange(module, dialect, message)
        if back != message:
            raise SystemExit(f"{dialect}: sent {message!r}, got back {back!r}")
    close(module, dialect)
    print(f"{dialect}: {len(MESSAGES)} messages, {sum(map(len, MESSAGES))} bytes there and back")


if __name__ == "__main__":
    main()
