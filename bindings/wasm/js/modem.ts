import { Connection, type ConnectionHost } from "./connection.js";
import { CommandFailed, PortLost, isRefused } from "./errors.js";
import { loadHost } from "./load.js";
import { Server } from "./server.js";
import type { Transport, TransportEvents } from "./transport.js";
import { type Action, type Dialect, type Event, Session, type Setting, type Settings, type Value } from "./wasm/simcom_at.js";

/** What happened: the session's events, and those of the port. */
export type ModemEvent =
  | Event
  | { type: "PortLost" }
  | { type: "PortBack" }
  | { type: "PortProblem"; error: Error };

/** Bytes on the line, as they go. */
export interface Traffic {
  direction: "host" | "module";
  bytes: Uint8Array;
  /** By `performance.now()`. */
  at: number;
}

/** How a modem is connected. */
export interface ConnectOptions {
  dialect: Dialect;
  settings?: Settings;
  /** Access point; with it the context is brought up at once. An empty text where the network needs none. */
  apn?: string;
  user?: string;
  password?: string;
  /** Given once, if the SIM waits for it. */
  pin?: string;
  /** Sees all bytes. */
  observe?: (traffic: Traffic) => void;
}

/** Where a connection goes. */
export interface ConnectionOptions {
  host: string;
  port: number;
  udp?: boolean;
  localPort?: number;
}

/** A row of `status`. */
export type LinkStatus = Extract<Event, { type: "LinkStatus" }>;

type Done = Extract<Event, { type: "Done" | "Opened" | "Sent" }>;

interface Job {
  action: Action;
  link?: number | undefined;
  give: (now: number) => void;
  /** Sees what comes while the command runs. */
  see?: ((event: Event) => void) | undefined;
  resolve: (event: Done) => void;
  reject: (error: Error) => void;
}

/** A module on a transport: commands as promises, connections as streams, events as an iterable. */
export class Modem {
  /** The protocol core underneath. Its events are dealt with here; do not poll it. */
  readonly session: Session;
  readonly #transport: Transport;
  readonly #observe: ((traffic: Traffic) => void) | undefined;
  readonly #listeners = new Set<(event: ModemEvent) => void>();
  readonly #links = new Map<number, Connection | "opening">();
  readonly #servers = new Map<number, Server>();
  #waiting: Job[] = [];
  #running: Job[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isWriting = false;
  #isTurning = false;
  #isClosed = false;
  /** The port was unplugged and is not back yet. */
  #isGone = false;
  #dtr = true;

  private constructor(transport: Transport, options: ConnectOptions) {
    this.#transport = transport;
    this.#observe = options.observe;
    this.session = new Session(options.dialect, options.settings, performance.now());
  }

  /** Opens the transport and finds the module; brings the context up when an access point is given. */
  static async connect(transport: Transport, options: ConnectOptions): Promise<Modem> {
    const modem = await Modem.open(transport, options);
    try {
      await modem.probe();
      if (options.pin !== undefined) await modem.sim(options.pin);
      if (options.apn !== undefined) await modem.attach(options.apn, options.user, options.password);
    } catch (error) {
      await modem.disconnect();
      throw error;
    }
    return modem;
  }

  /** Opens the transport, and says nothing to the module yet. */
  static async open(transport: Transport, options: ConnectOptions): Promise<Modem> {
    await loadHost();
    const modem = new Modem(transport, options);
    await transport.open(modem.#port());
    return modem;
  }

  /** Closes the transport, without a word to the module. */
  async disconnect(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#drop(new PortLost("the modem was disconnected"));
    await this.#transport.close();
    this.#tell({ type: "PortLost" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.disconnect();
  }

  /** Whether it was disconnected. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Calls `listener` with each event; gives the function that ends it. */
  subscribe(listener: (event: ModemEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The events from now on, until `disconnect`. Each caller gets all of them. */
  events(): AsyncGenerator<ModemEvent, void, void> {
    const waiting: ModemEvent[] = [];
    let wake: (() => void) | undefined;
    const end = this.subscribe((event) => {
      waiting.push(event);
      wake?.();
    });
    const isClosed = () => this.#isClosed;
    async function* run(): AsyncGenerator<ModemEvent, void, void> {
      try {
        for (;;) {
          for (let event = waiting.shift(); event; event = waiting.shift()) yield event;
          if (isClosed()) return;
          await new Promise<void>((done) => (wake = done));
        }
      } finally {
        end();
      }
    }
    return run();
  }

  /** Finds the module and makes the line ready; gives the lines of its identity. */
  async probe(): Promise<string[]> {
    return this.#lines("probe", (now) => this.session.probe(now));
  }

  /** Whether the SIM is ready; gives the PIN if one is due. */
  async sim(pin?: string): Promise<boolean> {
    const value = await this.#value("sim", (now) => this.session.sim(pin, now));
    return value?.type === "sim" && value.ready;
  }

  /** The signal: rssi 0–31, ber 0–7, or 99 for unknown. */
  async signal(): Promise<{ rssi: number; ber: number }> {
    const value = await this.#value("signal", (now) => this.session.signal(now));
    return value?.type === "signal" ? { rssi: value.rssi, ber: value.ber } : { rssi: 99, ber: 99 };
  }

  /** `<stat>` of the registration: 1 home, 5 roaming. */
  async registration(): Promise<number> {
    const value = await this.#value("registration", (now) => this.session.registration(now));
    return value?.type === "registration" ? value.stat : 0;
  }

  /** Brings the context up; gives the address, where the dialect has one. */
  async attach(apn = "", user = "", password = "", context = 0): Promise<string | undefined> {
    const give = (now: number) => this.session.attach(apn, user, password, context, now);
    return addressOf(await this.#value("attach", give));
  }

  /** Shuts the context and detaches. */
  async detach(): Promise<void> {
    await this.#value("detach", (now) => this.session.detach(now));
  }

  /** Shuts the context; every connection is closed. */
  async shut(): Promise<void> {
    await this.#value("shut", (now) => this.session.shut(now));
  }

  /** The local address. */
  async address(): Promise<string | undefined> {
    return addressOf(await this.#value("address", (now) => this.session.address(now)));
  }

  /** The addresses of a name. */
  async resolve(host: string): Promise<string[]> {
    const value = await this.#value("resolve", (now) => this.session.resolve(host, now));
    return value?.type === "addresses" ? value.addresses : [];
  }

  /** The state of the links as the module has it. */
  async status(): Promise<LinkStatus[]> {
    const rows: LinkStatus[] = [];
    const see = (event: Event) => event.type === "LinkStatus" && rows.push(event);
    await this.#command({ action: "status", give: (now) => this.session.status(now), see });
    return rows;
  }

  /** Sends a command line as it is, without its end; gives the lines of the answer. */
  async raw(line: string, timeoutMs?: number): Promise<string[]> {
    return this.#lines("raw", (now) => this.session.raw(line, timeoutMs, now));
  }

  /** Lets the module sleep while DTR is off (`modemLines`); what comes is told, nothing is sent until `wake`. */
  async sleep(): Promise<void> {
    await this.#value("sleep", (now) => this.session.sleep(now));
  }

  /** Wakes the module by DTR. */
  async wake(): Promise<void> {
    await this.#value("wake", (now) => this.session.wake(now));
  }

  /** Changes a setting: its values in the order of the manual; `undefined` leaves one out. */
  async set(setting: Setting, ...values: (number | string | undefined)[]): Promise<void> {
    await this.#value("set", (now) => this.session.set(setting, values, now));
  }

  /** Asks for a setting; gives the lines of the answer. */
  async ask(setting: Setting): Promise<string[]> {
    return this.#lines("ask", (now) => this.session.ask(setting, now));
  }

  /** Asks what a setting may be; gives the lines of the answer. */
  async ranges(setting: Setting): Promise<string[]> {
    return this.#lines("ask", (now) => this.session.ranges(setting, now));
  }

  /** Gives the module its name servers. */
  async setDns(first: string, second?: string): Promise<void> {
    await this.#value("set", (now) => this.session.setDns(first, second, now));
  }

  /** Leaves data mode; the connection stays open. */
  async leaveData(): Promise<void> {
    await this.#value("leave_data", (now) => this.session.leaveData(now));
  }

  /** Goes back to data mode. */
  async enterData(): Promise<void> {
    await this.#value("enter_data", (now) => this.session.enterData(now));
  }

  /** How many bytes of a connection the peer has acknowledged. */
  async acknowledged(connection: Connection): Promise<{ sent: number; acked: number }> {
    const value = await this.#value("acknowledged", (now) => this.session.acknowledged(connection.link, now));
    return value?.type === "ack" ? { sent: value.sent, acked: value.acked } : { sent: 0, acked: 0 };
  }

  /** Opens a connection. */
  async openConnection(options: ConnectionOptions): Promise<Connection> {
    const { host, port, udp = false, localPort } = options;
    const link = this.#freeLink();
    this.#links.set(link, "opening");
    // The first payload may come in the same piece as `CONNECT OK`: the connection has to be there then.
    let connection: Connection | undefined;
    const see = (event: Event) => {
      if (event.type !== "Opened" || event.link !== link) return;
      connection = new Connection(this.#host(), link, udp, { host, port });
      this.#links.set(link, connection);
    };
    const give = (now: number) => this.session.open(link, host, port, udp, localPort, now);
    try {
      await this.#command({ action: "open", link, give, see });
    } catch (error) {
      if (this.#links.get(link) === "opening") this.#links.delete(link);
      throw error;
    }
    if (!connection) throw new PortLost("the connection was lost at once");
    return connection;
  }

  /** Begins to listen. `server`: 0, or 0–3 on `a7600`. */
  async listen(port: number, options: { server?: number; udp?: boolean; backlog?: number } = {}): Promise<Server> {
    const { server = 0, udp = false, backlog } = options;
    await this.#value("listen", (now) => this.session.listen(port, server, udp, backlog, now));
    const made = new Server(port, async () => {
      this.#servers.delete(server);
      await this.#value("unlisten", (now) => this.session.unlisten(server, now));
    });
    this.#servers.set(server, made);
    return made;
  }

  /** The open connections, by link. */
  get connections(): Connection[] {
    return [...this.#links.values()].filter((it): it is Connection => it !== "opening");
  }

  #freeLink(): number {
    for (let link = 0; link < this.session.links; link++) if (!this.#links.has(link)) return link;
    throw new Error("all links are in use");
  }

  async #value(action: Action, give: (now: number) => void): Promise<Value> {
    const done = await this.#command({ action, give });
    return done.type === "Done" ? done.value : undefined;
  }

  async #lines(action: Action, give: (now: number) => void): Promise<string[]> {
    const lines: string[] = [];
    let isCut = false;
    const see = (event: Event) => {
      if (event.type !== "Line") return;
      if (isCut) lines[lines.length - 1] += event.text;
      else lines.push(event.text);
      isCut = event.more;
    };
    await this.#command({ action, give, see });
    return lines;
  }

  #command(job: Omit<Job, "resolve" | "reject">): Promise<Done> {
    if (this.#isClosed) return Promise.reject(new PortLost("the modem is disconnected"));
    if (this.#isGone) return Promise.reject(new PortLost("the port is gone"));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...job, resolve, reject });
      this.#turn();
    });
  }

  /** What connections need of the modem. */
  #host(): ConnectionHost {
    return {
      send: async (link, bytes) => {
        const sent = await this.#command({
          action: "send",
          link,
          give: (now) => this.session.send(link, bytes, undefined, now),
        });
        if (sent.type !== "Sent") throw new Error("a send ended in another event");
        return sent;
      },
      close: async (link, quick) => {
        await this.#command({ action: "close", link, give: (now) => this.session.close(link, quick, now) });
      },
      credit: (link, bytes) => {
        if (this.session.isPushed || this.#isClosed) return;
        try {
          this.session.setCredit(link, Math.min(bytes, 65_534), performance.now());
        } catch (error) {
          if (!isRefused(error)) throw error;
        }
        this.#turn();
      },
      maxPayload: () => this.session.maxPayload,
    };
  }

  /** Gives what waits, writes what is due, and sets the alarm. */
  #turn(): void {
    if (this.#isTurning || this.#isClosed) return;
    this.#isTurning = true;
    try {
      let events: Event[];
      do {
        this.#give();
        events = this.session.handleTimeout(performance.now());
        for (const event of events) this.#deal(event);
        // Last: a line may just have begun, and nothing else would bring its bytes out.
        this.#write();
      } while (events.length > 0);
    } finally {
      this.#isTurning = false;
    }
    this.#arm();
  }

  #give(): void {
    const left: Job[] = [];
    for (const job of this.#waiting) {
      try {
        job.give(performance.now());
        this.#running.push(job);
      } catch (error) {
        if (isRefused(error) && error.reason === "busy") left.push(job);
        else job.reject(error as Error);
      }
    }
    this.#waiting = left;
  }

  #write(): void {
    if (this.#dtr !== this.session.dtr) {
      this.#dtr = this.session.dtr;
      this.#transport.setDtr?.(this.#dtr).catch((error: Error) => this.#tell({ type: "PortProblem", error }));
    }
    if (this.#isWriting) return;
    const now = performance.now();
    const bytes = this.session.dataToSend(undefined, now);
    if (bytes.length === 0) return;
    this.#isWriting = true;
    this.#observe?.({ direction: "host", bytes, at: now });
    const done = (): void => {
      this.#isWriting = false;
      this.#turn();
    };
    this.#transport.write(bytes).then(done, (error: Error) => {
      this.#tell({ type: "PortProblem", error });
      done();
    });
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const at = this.session.nextTimeout();
    if (at === undefined || this.#isClosed) return;
    this.#timer = setTimeout(() => this.#turn(), Math.max(at - performance.now(), 0));
  }

  #port(): TransportEvents {
    return {
      receive: (bytes) => {
        if (this.#isClosed) return;
        const now = performance.now();
        this.#observe?.({ direction: "module", bytes, at: now });
        for (const event of this.session.receive(bytes, now)) this.#deal(event);
        this.#turn();
      },
      problem: (error) => this.#tell({ type: "PortProblem", error }),
      lost: () => {
        this.#isGone = true;
        this.#drop(new PortLost("the port is gone"));
        this.session.reset(performance.now());
        this.#tell({ type: "PortLost" });
      },
      back: () => {
        this.#isGone = false;
        this.session.reset(performance.now());
        this.#tell({ type: "PortBack" });
      },
    };
  }

  #deal(event: Event): void {
    for (const job of this.#running) job.see?.(event);
    switch (event.type) {
      case "Done":
      case "Opened":
      case "Sent":
        this.#end(event)?.resolve(event);
        break;
      case "Failed":
        this.#end(event)?.reject(new CommandFailed(event));
        break;
      case "Accepted":
        this.#accept(event.link, event.from);
        break;
      case "Received":
        this.#connection(event.link)?.receive(event.bytes, event.left, event.from);
        break;
      case "Closed": {
        const connection = this.#connection(event.link);
        if (connection) this.#links.delete(event.link);
        connection?.end(event);
        break;
      }
      default:
        break;
    }
    this.#tell(event);
  }

  /** The command that this event ends. */
  #end(event: Extract<Event, { type: "Done" | "Opened" | "Sent" | "Failed" }>): Job | undefined {
    const action = event.type === "Opened" ? "open" : event.type === "Sent" ? "send" : event.action;
    const fits = (job: Job) =>
      job.action === action && (job.link === undefined || event.link === undefined || job.link === event.link);
    const place = this.#running.findIndex(fits);
    return place < 0 ? undefined : this.#running.splice(place, 1)[0];
  }

  /** A link that is not named is the only one that is open. */
  #connection(link: number | undefined): Connection | undefined {
    const found = link === undefined ? (this.#links.size === 1 ? [...this.#links.values()][0] : undefined) : this.#links.get(link);
    return found === "opening" ? undefined : found;
  }

  #accept(link: number, from: { host: string; port: number }): void {
    const connection = new Connection(this.#host(), link, false, from);
    this.#links.set(link, connection);
    // No dialect says which server it came to; with several, the one that was told last gets it.
    [...this.#servers.values()].at(-1)?.accept(connection);
  }

  /** Nothing goes on: the port is gone. */
  #drop(error: Error): void {
    const jobs = [...this.#running, ...this.#waiting];
    this.#running = [];
    this.#waiting = [];
    for (const job of jobs) job.reject(error);
    const links = this.connections;
    this.#links.clear();
    for (const connection of links) connection.fail(error);
    for (const server of this.#servers.values()) server.end();
    this.#servers.clear();
  }

  #tell(event: ModemEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

function addressOf(value: Value): string | undefined {
  return value?.type === "address" ? value.address : undefined;
}
