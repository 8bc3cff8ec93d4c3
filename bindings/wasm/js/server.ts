import type { Connection } from "./connection.js";

/** A listening server: `for await (const connection of server)`. */
export class Server implements AsyncIterable<Connection> {
  readonly port: number;
  readonly #stop: () => Promise<void>;
  #waiting: Connection[] = [];
  #wake: (() => void) | undefined;
  #isEnded = false;

  /** @internal */
  constructor(port: number, stop: () => Promise<void>) {
    this.port = port;
    this.#stop = stop;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Connection, void, void> {
    for (;;) {
      for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) yield next;
      if (this.#isEnded) return;
      await new Promise<void>((done) => (this.#wake = done));
    }
  }

  /** The next connection; `undefined`: the server is closed. */
  async accepted(): Promise<Connection | undefined> {
    return (await this[Symbol.asyncIterator]().next()).value ?? undefined;
  }

  /** Stops listening; accepted connections stay. */
  async close(): Promise<void> {
    if (this.#isEnded) return;
    this.end();
    await this.#stop();
  }

  /** @internal */
  accept(connection: Connection): void {
    this.#waiting.push(connection);
    this.#wake?.();
  }

  /** @internal */
  end(): void {
    this.#isEnded = true;
    this.#wake?.();
  }
}
