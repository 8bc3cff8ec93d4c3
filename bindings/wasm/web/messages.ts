/** What the page and its worker say to each other. */
import type { Dialect, Fault, Notify } from "simcom-at";
import type { Lit } from "./states.js";

/** One row of the transcript. `text` is escaped as in transcripts. */
export interface LogRow {
  /** Milliseconds since the start. */
  at: number;
  mark: ">" | "<" | "!";
  text: string;
  /** Said of it in words. */
  meaning: string;
  /** The report's name and text; empty for the host. */
  kind: string;
  report: string;
  link: string;
  /** From the host's line to its final result. */
  latency?: number;
}

export interface LinkRow {
  link: number;
  protocol: "TCP" | "UDP";
  peer: string;
  state: "opening" | "open" | "closed" | "failed";
  received: number;
  sent: number;
  /** Bytes that wait in the module, as it said last. */
  unread: number;
  since: number;
  error: string;
}

export interface State {
  source: string;
  dialect: Dialect;
  isConnected: boolean;
  isDataMode: boolean;
  identity: string;
  address: string;
  registration: number | undefined;
  rssi: number | undefined;
  network: "unknown" | "down" | "up";
  listening: number | undefined;
  faults: number;
  links: LinkRow[];
  /** Where the module is in the diagram of its states. */
  lit: Lit | undefined;
}

/** Which of the ports that the user granted: the worker sees the same list. */
export interface PortChoice {
  index: number;
  usbVendorId?: number;
  usbProductId?: number;
}

export type Request =
  | { op: "virtual"; dialect: Dialect; transparent: boolean }
  | { op: "serial"; dialect: Dialect; transparent: boolean; port: PortChoice; baudRate: number; flowControl: boolean }
  | { op: "disconnect" }
  | { op: "attach"; apn: string }
  | { op: "open"; host: string; port: number; udp: boolean }
  | { op: "send"; link: number; bytes: Uint8Array }
  | { op: "close"; link: number }
  | { op: "listen"; port: number }
  | { op: "unlisten" }
  | { op: "client"; port: number }
  | { op: "signal" }
  | { op: "leave" }
  | { op: "enter" }
  | { op: "raw"; line: string }
  | { op: "fault"; fault: Fault }
  | { op: "notify"; notify: Notify }
  | { op: "drop"; link: number }
  | { op: "noise"; ppm: number; delayMs: number }
  | { op: "decode"; bytes: Uint8Array; name: string; dialect: Dialect }
  | { op: "commands"; dialect: Dialect }
  /** The transcript as text, with what the module says in it. */
  | { op: "recording" };

export type Reply =
  | { type: "done"; id: number; value: unknown }
  | { type: "failed"; id: number; error: string }
  | { type: "rows"; rows: LogRow[]; reset: boolean }
  | { type: "state"; state: State };
