/** What a transport tells. */
export interface TransportEvents {
  /** Bytes of the module have come. */
  receive(bytes: Uint8Array): void;
  /** Something went wrong, such as a framing error; the transport goes on. */
  problem(error: Error): void;
  /** The module is gone: it was unplugged. */
  lost(): void;
  /** It is there again; it may be another module. */
  back(): void;
}

/** The way to a module: a serial port, a virtual modem, or anything else that carries bytes both ways. */
export interface Transport {
  /** Opens it. */
  open(on: TransportEvents): Promise<void>;
  /** Writes; resolves when the bytes are taken, so that not more of them pile up. */
  write(bytes: Uint8Array): Promise<void>;
  /** Closes it; nothing is told any more. */
  close(): Promise<void>;
  /** Switches DTR, where it is wired. */
  setDtr?(on: boolean): Promise<void>;
}
