// `SerialTransport` on a port made of streams: what no pty can do (framing errors, another object for the same adapter).
import assert from "node:assert/strict";
import { test } from "node:test";
import { SerialTransport } from "simcom-at";

/** A port as Web Serial has it: `readable` is another stream behind an error that is not the end. */
class Port extends EventTarget {
  readable = null;
  writable = null;
  written = [];
  options = undefined;
  signals = [];
  #input;

  constructor(info = {}) {
    super();
    this.info = info;
  }

  getInfo() {
    return this.info;
  }

  async open(options) {
    if (this.readable) throw new DOMException("open already", "InvalidStateError");
    this.options = options;
    this.#next();
    this.writable = new WritableStream({ write: (bytes) => void this.written.push(...bytes) });
  }

  #next() {
    this.readable = new ReadableStream({ start: (input) => (this.#input = input) });
  }

  async close() {
    this.readable = this.writable = null;
  }

  async setSignals(signals) {
    this.signals.push(signals);
  }

  /** Bytes come in. */
  say(...bytes) {
    this.#input.enqueue(Uint8Array.from(bytes));
  }

  /** An error that costs the stream, not the port. */
  disturb(name) {
    const input = this.#input;
    this.#next();
    input.error(new DOMException(name, name));
  }

  /** The adapter is pulled out. */
  pull() {
    const input = this.#input;
    this.readable = null;
    input.error(new DOMException("gone", "NetworkError"));
  }
}

/** What the transport told, in order, and a way to wait for one. */
function listener() {
  const seen = [];
  const waiting = new Map();
  const tell = (what) => {
    seen.push(what);
    waiting.get(what)?.();
  };
  const on = {
    receive: (bytes) => tell([...bytes].join()),
    problem: (error) => tell(error.name),
    lost: () => tell("lost"),
    back: () => tell("back"),
  };
  const until = (what) => (seen.includes(what) ? Promise.resolve() : new Promise((done) => waiting.set(what, done)));
  return { seen, on, until };
}

/** Gives this process the globals of a page for one test. */
function pretend(t, values) {
  for (const [name, value] of Object.entries(values)) {
    const was = Object.getOwnPropertyDescriptor(globalThis, name);
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    t.after(() => (was ? Object.defineProperty(globalThis, name, was) : delete globalThis[name]));
  }
}

test("framing errors, breaks and overruns cost a stream, not the port", async () => {
  const [port, { seen, on, until }] = [new Port(), listener()];
  const transport = new SerialTransport(port);
  await transport.open(on);
  port.say(1, 2);
  await until("1,2");
  for (const [at, name] of ["FramingError", "BreakError", "BufferOverrunError", "ParityError"].entries()) {
    port.disturb(name);
    await until(name);
    port.say(10 + at);
    await until(String(10 + at));
  }
  assert.deepEqual(seen, ["1,2", "FramingError", "10", "BreakError", "11", "BufferOverrunError", "12", "ParityError", "13"]);
  await transport.write(Uint8Array.of(7, 8));
  assert.deepEqual(port.written, [7, 8]);
  await transport.setDtr(false);
  assert.deepEqual(port.signals, [{ dataTerminalReady: false }]);
  await transport.close();
  assert.equal(port.readable, null);
});

test("the buffer has 16 KiB at least, and flow control is passed on", async () => {
  for (const [given, opened] of [
    [{}, { baudRate: 115_200, bufferSize: 65_536, flowControl: "none" }],
    [{ baudRate: 9_600, bufferSize: 255, flowControl: "hardware" }, { baudRate: 9_600, bufferSize: 16_384, flowControl: "hardware" }],
  ]) {
    const port = new Port();
    const transport = new SerialTransport(port, given);
    await transport.open(listener().on);
    assert.deepEqual(port.options, opened);
    await transport.close();
  }
});

test("an adapter that is plugged in again is found, also as another object; another adapter is not", async (t) => {
  const serial = new EventTarget();
  pretend(t, { navigator: { serial } });
  const id = { usbVendorId: 0x1e0e, usbProductId: 0x9001 };
  const [port, stranger, again] = [new Port(id), new Port({ usbVendorId: 1, usbProductId: 2 }), new Port(id)];
  const plug = (one) => serial.dispatchEvent(Object.defineProperty(new Event("connect"), "target", { value: one }));
  const { seen, on, until } = listener();
  const transport = new SerialTransport(port, { baudRate: 57_600 });
  await transport.open(on);
  plug(again);
  assert.equal(again.options, undefined, "nothing is lost yet");
  port.pull();
  await until("lost");
  plug(stranger);
  plug(again);
  await until("back");
  assert.equal(transport.port, again);
  assert.deepEqual([stranger.options, again.options.baudRate], [undefined, 57_600]);
  again.say(5);
  await until("5");
  assert.deepEqual(seen, ["lost", "back", "5"]);
  await transport.close();
});

test("the port is closed when the page goes", async (t) => {
  const page = new EventTarget();
  pretend(t, { addEventListener: page.addEventListener.bind(page), removeEventListener: page.removeEventListener.bind(page) });
  const port = new Port();
  const transport = new SerialTransport(port);
  await transport.open(listener().on);
  const closed = new Promise((done) => (port.close = async () => done("closed")));
  page.dispatchEvent(new Event("pagehide"));
  assert.equal(await closed, "closed");
});
