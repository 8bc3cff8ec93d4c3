/** The port, the protocol and the virtual modem: everything but the page itself. */
import {
  type CommandForm, type Connection, type Dialect, Modem, Observer, type Report, SerialTransport, type Server,
  type Traffic, Transcript, VirtualTransport, commands, escape, loadHost,
} from "simcom-at";
import { commandMeaning, isFinal, meaning } from "./meaning.js";
import type { LinkRow, LogRow, PortChoice, Reply, Request, State } from "./messages.js";
import { States } from "./states.js";

const scope = self as unknown as { postMessage(message: Reply): void; onmessage: ((event: MessageEvent<{ id: number; request: Request }>) => void) | null };

/** How often rows and state go to the page. */
const TICK_MS = 60;
/** Rows in one message. */
const MOST = 20_000;

let modem: Modem | undefined;
let virtual: VirtualTransport | undefined;
let server: Server | undefined;
let reading: Narrator | undefined;
const links = new Map<number, LinkRow & { connection: Connection }>();
let state: State = fresh("none", "sim800");
let rows: LogRow[] = [];
let isReset = false;
let timer: ReturnType<typeof setTimeout> | undefined;

function fresh(source: string, dialect: Dialect): State {
  return {
    source, dialect, isConnected: false, isDataMode: false, identity: "", address: "", registration: undefined,
    rssi: undefined, network: "unknown", listening: undefined, faults: 0, links: [], lit: undefined,
  };
}

function changed(): void {
  timer ??= setTimeout(flush, TICK_MS);
}

function flush(): void {
  timer = undefined;
  while (rows.length > 0 || isReset) {
    scope.postMessage({ type: "rows", rows: rows.splice(0, MOST), reset: isReset });
    isReset = false;
  }
  state.isDataMode = modem?.session.isDataMode ?? false;
  state.faults = virtual && state.isConnected ? virtual.modem.faults : 0;
  state.lit = reading?.states.lit;
  state.links = [...links.values()].map(({ connection: _, ...row }) => row);
  scope.postMessage({ type: "state", state });
}

/** Both sides of the line as rows. */
class Narrator {
  readonly states: States;
  readonly #observer: Observer;
  readonly #forms: CommandForm[];
  #asked: number | undefined;
  #at = 0;

  constructor(dialect: Dialect, isFresh: boolean, modes: Record<string, string> = {}) {
    this.states = new States(dialect, modes.mux === "multi", isFresh);
    this.#observer = new Observer(dialect, modes, true);
    this.#forms = commands(dialect);
  }

  host(bytes: Uint8Array, at: number): void {
    this.#at = at;
    const isPayload = this.#observer.isPrompted;
    this.#say(this.#observer.receiveHost(bytes));
    const text = escape(bytes);
    const said = isPayload ? `${bytes.length} bytes of payload` : this.#meaning(text);
    rows.push({ at, mark: ">", text, meaning: said, kind: "", report: "", link: linkOf(text) });
    if (isPayload) return;
    this.#asked = at;
    this.states.command(text.replace(/(\\[rn])+$/, ""));
  }

  module(bytes: Uint8Array, at: number): void {
    this.#at = at;
    this.#say(this.#observer.receive(bytes));
  }

  readonly #meanings = new Map<string, string>();

  /** A long log has the same line many times. */
  #meaning(line: string): string {
    let found = this.#meanings.get(line);
    if (found === undefined) {
      found = commandMeaning(line.replace(/(\\[rn])+$/, ""), this.#forms);
      if (this.#meanings.size < 10_000) this.#meanings.set(line, found);
    }
    return found;
  }

  silence(ms: number): void {
    this.#say(this.#observer.silence(ms));
  }

  end(): void {
    this.#say(this.#observer.end());
  }

  #say(reports: Report[]): void {
    for (const report of reports) {
      this.states.report(report);
      const data = report.kind === "Data" ? report.bytes : undefined;
      const link = typeof report.link === "number" ? links.get(report.link) : undefined;
      const waits = report.kind === "RxAvail" ? report.len : report.kind === "Data" ? report.rest : undefined;
      if (link && typeof waits === "number") link.unread = waits;
      const row: LogRow = {
        at: this.#at, mark: "<", text: escape(data ?? report.line), meaning: meaning(report), kind: report.kind,
        report: report.text, link: report.link === undefined || report.link === "s" ? "" : String(report.link),
      };
      if (this.#asked !== undefined && isFinal(report.kind)) {
        row.latency = this.#at - this.#asked;
        this.#asked = undefined;
      }
      rows.push(row);
    }
  }
}

/** The link in a command line of the host, where it has one. */
function linkOf(line: string): string {
  return /^AT\+CIP(?:SEND|CLOSE|START|OPEN|ACK)=(\d)\b/.exec(line)?.[1] ?? /^AT\+CIPRXGET=[1-4],(\d)/.exec(line)?.[1] ?? "";
}

function remark(text: string): void {
  rows.push({ at: now(), mark: "!", text, meaning: "", kind: "", report: "", link: "" });
  changed();
}

let recording: Transcript | undefined;
let lastAt = 0;
let begun = performance.now();
const now = (): number => performance.now() - begun;

function observe(traffic: Traffic): void {
  const at = traffic.at - begun;
  if (at - lastAt >= 1000) recording?.addSilence(Math.round(at - lastAt));
  lastAt = at;
  if (traffic.direction === "host") recording?.addHost(traffic.bytes);
  else recording?.addModule(traffic.bytes);
  if (traffic.direction === "host") reading?.host(traffic.bytes, at);
  else reading?.module(traffic.bytes, at);
  changed();
}

async function disconnect(): Promise<void> {
  const [was] = [modem];
  modem = virtual = server = undefined;
  links.clear();
  await was?.disconnect();
  state = fresh("none", state.dialect);
  changed();
}

async function connect(request: Extract<Request, { op: "virtual" | "serial" }>): Promise<void> {
  await disconnect();
  await loadHost();
  const { dialect, transparent } = request;
  begun = performance.now();
  rows = [];
  isReset = true;
  reading = new Narrator(dialect, request.op === "virtual");
  recording = new Transcript(dialect);
  lastAt = 0;
  let transport;
  if (request.op === "virtual") {
    transport = virtual = new VirtualTransport(dialect, { seed: 1, line: { delayMs: 1 }, network: { latencyMs: 20 }, knobs: { attachMs: 300 } });
  } else {
    const port = await choose(request.port);
    const baudRate = request.baudRate > 0 ? request.baudRate : await findBaud(port);
    remark(`port open at ${baudRate} baud`);
    transport = new SerialTransport(port, { baudRate, flowControl: request.flowControl ? "hardware" : "none" });
  }
  state = fresh(request.op, dialect);
  const opened = await Modem.open(transport, { dialect, settings: { transparent }, observe });
  modem = opened;
  state.isConnected = true;
  opened.subscribe((event) => {
    if (event.type === "Registration" && !event.packet) state.registration = event.stat;
    else if (event.type === "NetworkDown") [state.network, state.address] = ["down", ""];
    else if (event.type === "Restarted") {
      [state.network, state.address, state.listening] = ["down", "", undefined];
      reading?.states.restarted();
      remark("the module has started anew");
    } else if (event.type === "Closed") {
      const row = links.get(event.link);
      if (row) [row.state, row.error] = ["closed", event.why === "local" ? "" : `closed: ${event.why}`];
    } else if (event.type === "Lost") remark(`${event.bytes} bytes lost (${event.what})`);
    else if (event.type === "PortProblem") remark(`port: ${event.error.message}`);
    else if (event.type === "PortLost") {
      state.isConnected = false;
      remark("the port is gone");
    } else if (event.type === "PortBack") {
      state.isConnected = true;
      reading?.states.forget();
      [state.network, state.address, state.listening] = ["unknown", "", undefined];
      remark("the port is back");
      greet(opened).catch((error: Error) => remark(error.message));
    }
    changed();
  });
  try {
    await greet(opened);
  } catch (error) {
    // Another module was chosen meanwhile: that is no failure.
    if (modem === opened) throw error;
  }
}

/** Finds the module, and asks what it is. */
async function greet(found: Modem): Promise<void> {
  state.identity = (await found.probe()).join(" ");
  state.registration = await found.registration();
  state.rssi = (await found.signal()).rssi;
  changed();
}

async function choose(wanted: PortChoice): Promise<never> {
  const serial = (navigator as unknown as { serial?: { getPorts(): Promise<{ getInfo(): PortChoice }[]> } }).serial;
  const ports = (await serial?.getPorts()) ?? [];
  const fits = ports.filter((port) => {
    const info = port.getInfo();
    return info.usbVendorId === wanted.usbVendorId && info.usbProductId === wanted.usbProductId;
  });
  const found = fits.length === 1 ? fits[0] : ports[wanted.index];
  if (!found) throw new Error("the port is not there any more");
  return found as never;
}

const BAUDS = [115_200, 9_600, 57_600, 38_400, 19_200, 230_400, 460_800, 921_600];

/** The speed at which the module answers `AT`. */
async function findBaud(port: never): Promise<number> {
  for (const baudRate of BAUDS) {
    const transport = new SerialTransport(port, { baudRate });
    let said = "";
    await transport.open({ receive: (bytes) => (said += new TextDecoder("latin1").decode(bytes)), problem() {}, lost() {}, back() {} });
    try {
      for (let tries = 0; tries < 3 && !/\r\n(OK|ERROR)\r\n/.test(said); tries++) {
        await transport.write(new TextEncoder().encode("AT\r"));
        await new Promise((done) => setTimeout(done, 250));
      }
    } finally {
      await transport.close();
    }
    if (/\r\n(OK|ERROR)\r\n/.test(said)) return baudRate;
  }
  throw new Error(`nothing answers AT at ${BAUDS.join(", ")} baud`);
}

function need(): Modem {
  if (!modem) throw new Error("not connected");
  return modem;
}

function adopt(connection: Connection, peer: string): void {
  const row: LinkRow & { connection: Connection } = {
    link: connection.link, protocol: connection.isUdp ? "UDP" : "TCP", peer, state: "open", received: 0, sent: 0,
    unread: 0, since: Date.now(), error: "", connection,
  };
  links.set(connection.link, row);
  void drain(row, connection);
  changed();
}

async function drain(row: LinkRow, connection: Connection): Promise<void> {
  try {
    for await (const bytes of connection.readable) {
      row.received += bytes.length;
      changed();
    }
    row.state = "closed";
  } catch (error) {
    [row.state, row.error] = ["closed", String(error)];
  }
  changed();
}

async function run(request: Request): Promise<unknown> {
  switch (request.op) {
    case "virtual":
    case "serial":
      return connect(request);
    case "disconnect":
      return disconnect();
    case "attach": {
      state.address = (await need().attach(request.apn)) ?? "";
      state.network = "up";
      return state.address;
    }
    case "open": {
      const { host, port, udp } = request;
      const connection = await need().openConnection({ host, port, udp });
      adopt(connection, `${host}:${port}`);
      return connection.link;
    }
    case "send": {
      const row = links.get(request.link);
      if (row?.state !== "open") throw new Error(`link ${request.link} is not open`);
      try {
        await row.connection.send(request.bytes);
        row.sent += request.bytes.length;
        row.error = "";
      } catch (error) {
        row.error = String((error as Error).message);
        throw error;
      }
      return undefined;
    }
    case "close":
      return links.get(request.link)?.connection.close();
    case "listen": {
      server = await need().listen(request.port);
      state.listening = request.port;
      const of = server;
      void (async () => {
        for await (const connection of of) adopt(connection, `${connection.peer.host} (client)`);
      })();
      return undefined;
    }
    case "unlisten":
      await server?.close();
      state.listening = undefined;
      return undefined;
    case "client": {
      const token = simulated().modem.connect(request.port, performance.now());
      simulated().modem.peerSend(token, new TextEncoder().encode("hello from a client\r\n"), performance.now());
      return simulated().poll();
    }
    case "signal":
      return (state.rssi = (await need().signal()).rssi);
    case "leave":
      return need().leaveData();
    case "enter":
      return need().enterData();
    case "raw":
      return need().raw(request.line);
    case "fault":
      simulated().modem.fault(request.fault);
      return simulated().poll();
    case "notify":
      simulated().modem.notify(request.notify, performance.now());
      return simulated().poll();
    case "drop": {
      const peer = simulated().modem.peer(request.link);
      if (!peer) throw new Error(`link ${request.link} has no other end`);
      simulated().modem.peerClose(peer.token, true, performance.now());
      return simulated().poll();
    }
    case "noise":
      simulated().modem.setLine({ noisePpm: request.ppm, noiseLen: 8, delayMs: request.delayMs });
      return undefined;
    case "decode":
      return decode(request);
    case "commands":
      await loadHost();
      return commands(request.dialect);
    case "recording": {
      if (!recording) throw new Error("nothing is recorded");
      return { text: recording.toText(), reports: recording.reports(state.dialect).map((report) => report.text) };
    }
  }
}

function simulated(): VirtualTransport {
  if (!virtual || !modem) throw new Error("only the virtual modem can do that");
  return virtual;
}

/** A log: a transcript, or the module's bytes as they came. */
async function decode(request: Extract<Request, { op: "decode" }>): Promise<{ rows: number; dialect: string; isTranscript: boolean }> {
  await disconnect();
  await loadHost();
  rows = [];
  isReset = true;
  let transcript: Transcript | undefined;
  try {
    transcript = Transcript.parse(request.bytes, request.name);
  } catch {
    transcript = undefined;
  }
  const dialect = (transcript?.dialect || request.dialect) as Dialect;
  const known = ["mux", "mode", "echo", "ciphead", "ciprxget", "connected"];
  const modes = Object.fromEntries((transcript?.config ?? []).filter(([key]) => known.includes(key)));
  const narrator = (reading = new Narrator(dialect, false, modes));
  let at = 0;
  for (const step of transcript?.steps("whole") ?? []) {
    if (step.type === "host") narrator.host(step.bytes, at);
    else if (step.type === "module") narrator.module(step.bytes, at);
    else {
      at += step.ms;
      narrator.silence(step.ms);
    }
  }
  if (!transcript) narrator.module(request.bytes, 0);
  narrator.end();
  recording = transcript ?? new Transcript(dialect);
  if (!transcript) recording.addModule(request.bytes);
  const count = rows.length;
  state = fresh(request.name, dialect);
  flush();
  return { rows: count, dialect, isTranscript: transcript !== undefined };
}

scope.onmessage = ({ data: { id, request } }) => {
  run(request).then(
    (value) => {
      flush();
      scope.postMessage({ type: "done", id, value });
    },
    (error: Error) => {
      flush();
      scope.postMessage({ type: "failed", id, error: error.message });
    },
  );
};
