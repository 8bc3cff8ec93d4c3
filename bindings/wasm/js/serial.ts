import type { Transport, TransportEvents } from "./transport.js";

/** As much of Web Serial's `SerialPort` as is used here. */
export interface SerialPortLike {
  readonly readable: ReadableStream<Uint8Array> | null;
  readonly writable: WritableStream<Uint8Array> | null;
  open(options: { baudRate: number; bufferSize?: number; flowControl?: "none" | "hardware" }): Promise<void>;
  close(): Promise<void>;
  getInfo(): { usbVendorId?: number; usbProductId?: number };
  setSignals?(signals: { dataTerminalReady?: boolean; requestToSend?: boolean }): Promise<void>;
}

interface SerialLike extends EventTarget {
  getPorts(): Promise<SerialPortLike[]>;
}

/** How a serial port is opened. */
export interface SerialOptions {
  /** Bits per second; 115,200 unless told. */
  baudRate?: number;
  /** RTS and CTS are wired. */
  flowControl?: "none" | "hardware";
  /** Bytes that the browser keeps in each direction; 65,536 unless told, 16,384 at least. */
  bufferSize?: number;
}

/** How often a port that was plugged in again is tried, and how long in between. */
const TRIES = 10;
const PAUSE_MS = 300;

/** A module on a port of Web Serial. Works in a window and in a dedicated worker. */
export class SerialTransport implements Transport {
  #port: SerialPortLike;
  readonly #options: { baudRate: number; bufferSize: number; flowControl: "none" | "hardware" };
  #on: TransportEvents | undefined;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #reading: Promise<void> | undefined;
  #isLost = false;

  /** @param port From `navigator.serial.requestPort()` or `getPorts()`. */
  constructor(port: SerialPortLike, options: SerialOptions = {}) {
    this.#port = port;
    this.#options = {
      baudRate: options.baudRate ?? 115_200,
      bufferSize: Math.max(options.bufferSize ?? 65_536, 16_384),
      flowControl: options.flowControl ?? "none",
    };
  }

  /** The port; another object when it was plugged in again. */
  get port(): SerialPortLike {
    return this.#port;
  }

  async open(on: TransportEvents): Promise<void> {
    await this.#port.open(this.#options);
    this.#on = on;
    serial()?.addEventListener("connect", this.#plugged);
    globalThis.addEventListener?.("pagehide", this.#hidden);
    this.#reading = this.#read();
  }

  async write(bytes: Uint8Array): Promise<void> {
    const writable = this.#port.writable;
    if (!writable || this.#isLost) return;
    const writer = writable.getWriter();
    try {
      await writer.write(bytes);
    } finally {
      writer.releaseLock();
    }
  }

  async setDtr(on: boolean): Promise<void> {
    await this.#port.setSignals?.({ dataTerminalReady: on });
  }

  async close(): Promise<void> {
    serial()?.removeEventListener("connect", this.#plugged);
    globalThis.removeEventListener?.("pagehide", this.#hidden);
    const wasOpen = this.#on !== undefined;
    this.#on = undefined;
    await this.#reader?.cancel().catch(() => undefined);
    await this.#reading;
    if (wasOpen && !this.#isLost) await this.#port.close().catch(() => undefined);
  }

  /** Reads until the port is closed or gone. A framing error, a break or an overrun costs one stream, not the port. */
  async #read(): Promise<void> {
    while (this.#on && this.#port.readable) {
      const reader = this.#port.readable.getReader();
      this.#reader = reader;
      try {
        for (;;) {
          const { value, done } = await reader.read();
          if (done) break;
          this.#on?.receive(value);
        }
        break;
      } catch (error) {
        if (this.#port.readable) this.#on?.problem(asError(error));
      } finally {
        this.#reader = undefined;
        reader.releaseLock();
      }
    }
    if (!this.#on) return;
    this.#isLost = true;
    await this.#port.close().catch(() => undefined);
    this.#on?.lost();
  }

  readonly #hidden = (): void => {
    void this.close();
  };

  readonly #plugged = (event: Event): void => {
    const port = event.target as unknown as SerialPortLike;
    if (this.#isLost && (port === this.#port || isSame(port, this.#port))) void this.#again(port);
  };

  async #again(port: SerialPortLike): Promise<void> {
    for (let tries = 0; tries < TRIES && this.#on && this.#isLost; tries++) {
      try {
        await port.open(this.#options);
        this.#port = port;
        this.#isLost = false;
        this.#reading = this.#read();
        this.#on?.back();
        return;
      } catch {
        await new Promise((done) => setTimeout(done, PAUSE_MS));
      }
    }
  }
}

function isSame(one: SerialPortLike, other: SerialPortLike): boolean {
  const [left, right] = [one.getInfo(), other.getInfo()];
  return (
    left.usbVendorId !== undefined &&
    left.usbVendorId === right.usbVendorId &&
    left.usbProductId === right.usbProductId
  );
}

function serial(): SerialLike | undefined {
  return (globalThis.navigator as { serial?: SerialLike } | undefined)?.serial;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
