/// <reference lib="esnext.disposable" preserve="true" />
/**
 * The TCP/IP AT commands of SIMCom-type cellular modules.
 *
 * `Modem` is a module on a transport (`SerialTransport` over Web Serial, `VirtualTransport`). `Session`, `VirtualModem`,
 * `Observer` and `Transcript` do no input or output of their own; `await load()` before using them directly, or only
 * `loadHost()` or `loadVirtual()`: the host's side and the virtual modem are two WebAssembly modules.
 */
export { load, loadHost, loadVirtual } from "./load.js";
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
  commands,
  escape,
  mismatch,
  notices,
  unescape,
  version,
} from "./wasm/simcom_at.js";
export { VirtualModem } from "./wasm/virtual_modem.js";
export type {
  Action,
  CommandForm,
  Dialect,
  Event,
  Modes,
  NoticeForm,
  Peer,
  RefusedError,
  RefusedReason,
  Remedy,
  Report,
  Row,
  Settings,
  Step,
  Value,
  Why,
} from "./wasm/simcom_at.js";
export type {
  Fault,
  Line,
  LineStatistics,
  LoopbackNetwork,
  Notify,
  Service,
  VirtualModemOptions,
  VirtualPeer,
} from "./wasm/virtual_modem.js";
