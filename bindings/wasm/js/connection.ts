import { ConnectionClosed, SendFailed } from "./errors.js";
import type { Event, Peer } from "./wasm/simcom_at.js";

/** What a connection needs of its modem. */
export interface ConnectionHost {
  send(link: number, bytes: Uint8Array): Promise<Extract<Event, { type: "Sent" }>>;
  close(link: number, quick: boolean): Promise<void>;
  credit(link: number, bytes: number): void;
  maxPayload(): number;
}

/** How a connection ended. */
export interface Closing {
  why: Extract<Event, { type: "Closed" }>["why"];
  /** False when it was only inferred. */
  certain: boolean;
}

/** Bytes that wait unread before the module is told to stop, and bytes that wait to be sent. */
const UNREAD = 32_768;
const UNSENT = 16_384;

/**
 * A connection as two byte streams. What is not read stays in the module, where the dialect can hold it back; `write`
 * waits until the module has taken the bytes. On UDP each chunk is a datagram.
 */
export class Connection {
  /** The module's number for it. */
  readonly link: number;
  /** The other end, as it was asked for or as the module told it. */
  readonly peer: Peer;
  readonly isUdp: boolean;
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
  /** When and how it ended. */
  readonly closed: Promise<Closing>;

  readonly #host: ConnectionHost;
  #input!: ReadableStreamDefaultController<Uint8Array>;
  #output!: WritableStreamDefaultController;
  #parts: Uint8Array[] = [];
  #isEnded = false;
  #isReadable = true;
  #end!: (closing: Closing) => void;
  #failed!: (error: Error) => void;

  /** @internal */
  constructor(host: ConnectionHost, link: number, udp: boolean, peer: Peer) {
    this.#host = host;
    this.link = link;
    this.isUdp = udp;
    this.peer = peer;
    this.closed = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#failed = reject;
    });
    this.closed.catch(() => undefined);
    const size = (chunk: Uint8Array | undefined) => chunk?.byteLength ?? 0;
    this.readable = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#input = controller;
        },
        pull: () => this.#credit(),
        cancel: () => {
          this.#isReadable = false;
          return this.close();
        },
      },
      { highWaterMark: UNREAD, size },
    );
    this.writable = new WritableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#output = controller;
        },
        write: (chunk) => this.#send(chunk),
        close: () => this.close(),
        abort: () => this.close({ quick: true }),
      },
      { highWaterMark: UNSENT, size },
    );
    this.#credit();
  }

  /** Closes it in both directions; what the module still holds is dropped. */
  async close(options: { quick?: boolean } = {}): Promise<void> {
    if (this.#isEnded) return;
    try {
      await this.#host.close(this.link, options.quick ?? false);
    } catch (error) {
      if (!this.#isEnded) throw error;
    }
  }

  /**
   * Sends bytes past `writable`: a failure is this call's alone, while it ends a stream for good. Do not use both at the
   * same time.
   *
   * @throws {SendFailed} The module refused them, or nobody knows whether they were sent.
   */
  async send(bytes: Uint8Array): Promise<void> {
    if (this.#isEnded) throw new ConnectionClosed("the connection is closed");
    await this.#send(bytes);
  }

  /** @internal */
  receive(bytes: Uint8Array, left: number, _from?: Peer): void {
    if (!this.#isReadable) return;
    if (!this.isUdp) {
      this.#input.enqueue(bytes);
      return;
    }
    this.#parts.push(bytes);
    if (left > 0) return;
    this.#input.enqueue(this.#parts.length === 1 ? bytes : joined(this.#parts));
    this.#parts = [];
  }

  /** @internal */
  end(closing: Closing): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (this.#isReadable) this.#input.close();
    this.#output.error(new ConnectionClosed(`the connection is closed (${closing.why})`));
    this.#end({ why: closing.why, certain: closing.certain });
  }

  /** @internal */
  fail(error: Error): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (this.#isReadable) this.#input.error(error);
    this.#output.error(error);
    this.#failed(error);
  }

  #credit(): void {
    if (!this.#isEnded) this.#host.credit(this.link, Math.max(this.#input.desiredSize ?? 0, 0));
  }

  async #send(chunk: Uint8Array): Promise<void> {
    const most = this.isUdp ? Math.max(chunk.length, 1) : this.#host.maxPayload();
    for (let at = 0; at < chunk.length; at += most) {
      const piece = chunk.subarray(at, at + most);
      const sent = await this.#host.send(this.link, piece);
      const isWhole = sent.outcome === "delivered" || (sent.outcome === "accepted" && sent.bytes === piece.length);
      if (!isWhole) throw new SendFailed(sent);
    }
  }
}

function joined(parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
