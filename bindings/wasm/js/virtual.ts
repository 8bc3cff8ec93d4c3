import { loadVirtual } from "./load.js";
import type { Transport, TransportEvents } from "./transport.js";
import { type Dialect, VirtualModem, type VirtualModemOptions } from "./wasm/virtual_modem.js";

/** A virtual modem in real time, as if it were on a port. */
export class VirtualTransport implements Transport {
  readonly #dialect: Dialect;
  readonly #options: VirtualModemOptions;
  #modem: VirtualModem | undefined;
  #on: TransportEvents | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #room: (() => void) | undefined;

  constructor(dialect: Dialect, options: VirtualModemOptions = {}) {
    this.#dialect = dialect;
    this.#options = options;
  }

  /** The virtual modem, from `open` on. Behind a call that makes something happen, call `poll`. */
  get modem(): VirtualModem {
    if (!this.#modem) throw new Error("the virtual modem is not open");
    return this.#modem;
  }

  async open(on: TransportEvents): Promise<void> {
    await loadVirtual();
    this.#modem ??= new VirtualModem(this.#dialect, this.#options, performance.now());
    this.#on = on;
    this.poll();
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let rest = bytes; rest.length > 0 && this.#on; ) {
      rest = rest.subarray(this.modem.receive(rest, performance.now()));
      this.#soon();
      if (rest.length > 0) await new Promise<void>((done) => (this.#room = done));
    }
  }

  async setDtr(on: boolean): Promise<void> {
    this.modem.setDtr(on, performance.now());
    this.#soon();
  }

  async close(): Promise<void> {
    this.#on = undefined;
    clearTimeout(this.#timer);
    this.#room?.();
  }

  /** Does what is due now. */
  poll(): void {
    this.#soon();
  }

  #isDue = false;

  /** Never from within a call of the host: what comes back comes later, as on a line. */
  #soon(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#run();
    });
  }

  #run(): void {
    clearTimeout(this.#timer);
    const modem = this.#modem;
    if (!this.#on || !modem) return;
    const bytes = modem.dataToSend(performance.now());
    const room = this.#room;
    this.#room = undefined;
    room?.();
    if (bytes.length > 0) this.#on.receive(bytes);
    const at = modem.nextTimeout();
    if (at === undefined || !this.#on) return;
    this.#timer = setTimeout(() => this.#run(), Math.max(at - performance.now(), 0));
  }
}
