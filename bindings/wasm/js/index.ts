/// <reference lib="esnext.disposable" preserve="true" />
/**
 * The TCP/IP AT commands of SIMCom-type cellular modules.
 *
 * `Modem` is a module on a transport (`SerialTransport` over Web Serial, `VirtualTransport`). `Session`, `VirtualModem`,
 * `Observer` and `Transcript` do no input or output of their own; `await load()` before using them directly.
 */
export { load } from "./load.js";
export { Connection, type Closing } from "./connection.js";
export { CommandFailed, ConnectionClosed, PortLost, SendFailed, isRefused } from "./errors.js";
export {
  Modem,
  type ConnectOptions,
  type ConnectionOptions,
  type LinkStatus,
  type ModemEvent,
  type Traffic,
} from "./modem.js";
export { SerialTransport, type SerialOptions, type SerialPortLike } from "./serial.js";
export { Server } from "./server.js";
export type { Transport, TransportEvents } from "./transport.js";
export { VirtualTransport } from "./virtual.js";
export {
  Observer,
  Session,
  Transcript,
  VirtualModem,
  commands,
  escape,
  mismatch,
  notices,
  unescape,
  version,
} from "./wasm/simcom_at.js";
export type {
  Action,
  CommandForm,
  Dialect,
  Event,
  Fault,
  Line,
  LineStatistics,
  LoopbackNetwork,
  Modes,
  NoticeForm,
  Notify,
  Peer,
  RefusedError,
  RefusedReason,
  Remedy,
  Report,
  Row,
  Service,
  Settings,
  Step,
  Value,
  VirtualModemOptions,
  VirtualPeer,
  Why,
} from "./wasm/simcom_at.js";
