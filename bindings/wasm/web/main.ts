/** The page. Port, protocol and virtual modem are in the worker. */
import type { CommandForm, Dialect } from "simcom-at";
import { Chart } from "./charts.js";
import { Diagram } from "./diagram.js";
import { asJsonLines, asPytest } from "./exports.js";
import { Log } from "./log.js";
import { formOf } from "./meaning.js";
import type { LinkRow, PortChoice, Reply, Request, State } from "./messages.js";

const $ = <T extends HTMLElement = HTMLElement>(selector: string): T => {
  const found = document.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
};

const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
let ids = 0;

function ask<T = unknown>(request: Request, transfer: Transferable[] = []): Promise<T> {
  const id = ++ids;
  return new Promise<T>((resolve, reject) => {
    pending.set(id, { resolve: resolve as (value: unknown) => void, reject });
    worker.postMessage({ id, request }, transfer);
  });
}

let toastTimer: ReturnType<typeof setTimeout> | undefined;

function toast(text: string): void {
  $("#toast").textContent = text;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => ($("#toast").textContent = ""), 6_000);
}

/** Asks, and shows what went wrong. */
async function act<T = unknown>(request: Request): Promise<T | undefined> {
  try {
    return await ask<T>(request);
  } catch (error) {
    toast((error as Error).message);
    return undefined;
  }
}

const log = new Log($("#log"), (shown, all) => {
  $("#count").textContent = shown === all ? `${all.toLocaleString("en")} rows` : `${shown.toLocaleString("en")} of ${all.toLocaleString("en")} rows`;
});

const diagram = new Diagram($("#states"), $("#lit"));
let state: State | undefined;
let forms: CommandForm[] = [];
let charts: { signal: Chart; rate: Chart; latency: Chart } | undefined;

worker.onmessage = ({ data }: MessageEvent<Reply>) => {
  switch (data.type) {
    case "rows":
      log.add(data.rows, data.reset);
      if (data.reset) Object.values(charts ?? {}).forEach((chart) => chart.clear());
      if (state?.isConnected) for (const row of data.rows) if (row.latency !== undefined) charts?.latency.add(row.at / 1000, row.latency);
      break;
    case "state":
      show(data.state);
      break;
    case "done":
    case "failed": {
      const waiting = pending.get(data.id);
      pending.delete(data.id);
      if (data.type === "done") waiting?.resolve(data.value);
      else waiting?.reject(new Error(data.error));
    }
  }
};

const STATS = ["not registered", "home", "searching", "denied", "unknown", "roaming"];

function show(now: State): void {
  const before = state;
  state = now;
  const source = { virtual: "virtual modem", serial: "serial port", none: "no module" }[now.source] ?? now.source;
  $("#status").textContent = [now.isConnected ? "Connected" : "Not connected", source, now.dialect, now.identity, now.isDataMode ? "data mode" : ""].filter(Boolean).join(" · ");
  const facts: [string, string][] = [
    ["Registration", now.registration === undefined ? "–" : (STATS[now.registration] ?? String(now.registration))],
    ["Signal", now.rssi === undefined ? "–" : now.rssi > 31 ? "unknown" : `${now.rssi} of 31 (${-113 + 2 * now.rssi} dBm)`],
    ["Context", { unknown: "not brought up", up: "up", down: "lost" }[now.network]],
    ["Address", now.address || "–"],
    ["Server", now.listening === undefined ? "–" : `listens on ${now.listening}`],
  ];
  $("#network").replaceChildren(
    ...facts.flatMap(([name, value]) => {
      const [dt, dd] = [document.createElement("dt"), document.createElement("dd")];
      [dt.textContent, dd.textContent] = [name, value];
      return [dt, dd];
    }),
  );
  $("#waiting").textContent = now.faults === 0 ? "" : `${now.faults} ${now.faults === 1 ? "waits" : "wait"} for the next occasion.`;
  showLinks(now.links);
  diagram.show(now.lit);
  $("#status").dataset.connected = String(now.isConnected);
  $("#use-virtual").setAttribute("aria-pressed", String(now.source === "virtual"));
  $("#use-serial").setAttribute("aria-pressed", String(now.source === "serial"));
  document.querySelectorAll<HTMLButtonElement>("#faults button, .virtual").forEach((button) => (button.disabled = now.source !== "virtual"));
  for (const form of ["#attach", "#open", "#listen", "#send", "#raw"]) {
    document.querySelectorAll<HTMLButtonElement>(`${form} button:not(.virtual)`).forEach((button) => (button.disabled = !now.isConnected));
  }
  $<HTMLButtonElement>("#leave").disabled = !now.isDataMode;
  $<HTMLButtonElement>("#enter").disabled = now.isDataMode || !transparent();
  $<HTMLButtonElement>("#unlisten").disabled = now.listening === undefined;
  $<HTMLButtonElement>("#disconnect").disabled = !now.isConnected;
  if (now.rssi !== undefined && now.rssi <= 31 && now.rssi !== before?.rssi) charts?.signal.add(seconds(), now.rssi);
}

function showLinks(links: LinkRow[]): void {
  const select = $<HTMLSelectElement>("#send select[name=link]");
  const open = links.filter((row) => row.state === "open").map((row) => String(row.link));
  if ([...select.options].map((option) => option.value).join() !== open.join()) {
    const was = select.value;
    select.replaceChildren(...open.map((link) => new Option(link, link, false, link === was)));
  }
  const now = new Map(links.map((row) => [row.link, row]));
  for (const [link, tr] of shownLinks) {
    if (now.has(link)) continue;
    tr.remove();
    shownLinks.delete(link);
  }
  for (const row of links) showLink(row);
  $("#no-links").hidden = links.length > 0;
}

/** The rows of the table stay the same elements, so that the focus stays on a button. */
const shownLinks = new Map<number, HTMLTableRowElement>();

function showLink(row: LinkRow): void {
  let tr = shownLinks.get(row.link);
  if (!tr) {
    tr = $<HTMLTableElement>("#links").tBodies[0]!.insertRow();
    for (let cell = 0; cell < 8; cell++) tr.insertCell();
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "✕";
    close.setAttribute("aria-label", `Close link ${row.link}`);
    close.onclick = () => void act({ op: "close", link: row.link });
    tr.insertCell().append(close);
    shownLinks.set(row.link, tr);
  }
  const texts = [row.link, `${row.protocol} ${row.peer}`, row.state, row.received, row.sent, row.unread, age(row), row.error];
  texts.forEach((text, at) => {
    const cell = tr.cells[at]!;
    if (cell.textContent !== String(text)) cell.textContent = String(text);
  });
  tr.cells[2]!.className = row.state;
  tr.querySelector("button")!.disabled = row.state !== "open";
}

/** How long the link has been there. */
function age(row: LinkRow): string {
  const seconds = Math.round((Date.now() - row.since) / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}

const begun = performance.now();
let since = begun;
const seconds = (): number => (performance.now() - since) / 1000;
let carried = 0;

setInterval(() => {
  if (!state?.isConnected || document.hidden) return;
  const sum = state.links.reduce((all, row) => all + row.received + row.sent, 0);
  charts?.rate.add(seconds(), Math.max(sum - carried, 0));
  carried = sum;
  state.links.forEach(showLink);
  Object.values(charts ?? {}).forEach((chart) => chart.draw());
}, 1_000);

// Where the module is.

/** The faults of the virtual line that are switched on. */
let [noise, delay] = [0, 1];

const dialect = (): Dialect => $<HTMLSelectElement>("#dialect").value as Dialect;
/** Kingcom has no transparent mode. */
const transparent = (): boolean => dialect() !== "kingcom" && $<HTMLInputElement>("#transparent").checked;

async function learn(): Promise<void> {
  $<HTMLInputElement>("#transparent").disabled = dialect() === "kingcom";
  forms = (await act<CommandForm[]>({ op: "commands", dialect: dialect() })) ?? [];
  $("#forms").replaceChildren(...forms.filter((form) => form.name !== "+++").map((form) => new Option(form.source, form.line)));
}

async function useVirtual(): Promise<void> {
  for (const button of document.querySelectorAll("#faults [aria-pressed]")) button.setAttribute("aria-pressed", "false");
  [noise, delay] = [0, 1];
  [since, carried] = [performance.now(), 0];
  await Promise.all([act({ op: "virtual", dialect: dialect(), transparent: transparent() }), learn()]);
}

interface Serial {
  requestPort(): Promise<unknown>;
  getPorts(): Promise<{ getInfo(): PortChoice }[]>;
}

async function useSerial(): Promise<void> {
  const serial = (navigator as unknown as { serial?: Serial }).serial;
  if (!serial) {
    help("This browser has no Web Serial. Chrome, Edge and Opera on a computer have it; the page must come from https or from localhost. The virtual modem works everywhere.");
    return;
  }
  let port: { getInfo(): PortChoice };
  try {
    port = (await serial.requestPort()) as typeof port;
  } catch {
    help("No port was chosen. If yours is not in the list: is it plugged in, and may this user open it? On Linux the user has to be in the group dialout, and no other program (ModemManager, a terminal) may hold it.");
    return;
  }
  help("");
  const index = (await serial.getPorts()).indexOf(port);
  const { usbVendorId, usbProductId } = port.getInfo();
  [since, carried] = [performance.now(), 0];
  const baudRate = Number($<HTMLSelectElement>("#baud").value);
  const flowControl = $<HTMLInputElement>("#flow").checked;
  const choice = { index, usbVendorId, usbProductId };
  await Promise.all([act({ op: "serial", dialect: dialect(), transparent: transparent(), port: choice, baudRate, flowControl }), learn()]);
}

function help(text: string): void {
  $("#help").textContent = text;
  $("#help").hidden = text === "";
}

$("#use-virtual").onclick = () => void useVirtual();
$("#use-serial").onclick = () => void useSerial();
$("#disconnect").onclick = () => void act({ op: "disconnect" });
for (const selector of ["#dialect", "#transparent"]) {
  $(selector).onchange = () => {
    if (state?.source === "virtual" || state?.source === "none") void useVirtual();
    else void learn();
  };
}
addEventListener("pagehide", () => void ask({ op: "disconnect" }));

// The transcript.

const search = $<HTMLInputElement>("#search");
const filter = $<HTMLSelectElement>("#filter");
search.oninput = filter.onchange = () => log.search(search.value, filter.value);
$<HTMLInputElement>("#hex").onchange = (event) => {
  log.isHex = (event.target as HTMLInputElement).checked;
  log.draw();
};
$("#pause").onclick = () => {
  log.isPaused = !log.isPaused;
  $("#pause").setAttribute("aria-pressed", String(log.isPaused));
  if (!log.isPaused) log.toEnd();
};
addEventListener("keydown", (event) => {
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test((event.target as HTMLElement).tagName);
  if (event.key === "/" && !typing) {
    event.preventDefault();
    search.focus();
  }
  if (event.key === "Escape" && event.target === search) {
    search.value = "";
    log.search("", filter.value);
  }
});

function save(text: string, name: string, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

interface Recording {
  text: string;
  reports: string[];
}

$("#export-transcript").onclick = async () => {
  const recording = await act<Recording>({ op: "recording" });
  if (recording) save(recording.text, "transcript.txt", "text/plain");
};
$("#export-json").onclick = () => save(asJsonLines(log.rows), "transcript.jsonl", "application/jsonl");
$("#copy-pytest").onclick = async () => {
  const recording = await act<Recording>({ op: "recording" });
  if (!recording) return;
  await navigator.clipboard.writeText(asPytest(recording.text, recording.reports));
  toast("The test is in the clipboard.");
};

async function decode(file: File): Promise<void> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  try {
    const found = await ask<{ rows: number; dialect: Dialect; isTranscript: boolean }>({ op: "decode", bytes, name: file.name, dialect: dialect() }, [bytes.buffer]);
    $<HTMLSelectElement>("#dialect").value = found.dialect;
    log.toEnd();
    toast(`${found.rows.toLocaleString("en")} rows from ${found.isTranscript ? "a transcript" : "the module's bytes"}.`);
  } catch (error) {
    toast((error as Error).message);
  }
}

$<HTMLInputElement>("#file").onchange = (event) => {
  const input = event.target as HTMLInputElement;
  if (input.files?.[0]) void decode(input.files[0]);
  input.value = "";
};
let depth = 0;
addEventListener("dragenter", (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  depth++;
  $("#drop").hidden = false;
});
addEventListener("dragleave", () => {
  if (--depth <= 0) [$("#drop").hidden, depth] = [true, 0];
});
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  [$("#drop").hidden, depth] = [true, 0];
  const file = event.dataTransfer?.files[0];
  if (file) void decode(file);
});

// Actions.

function onSubmit(selector: string, run: (form: FormData) => Promise<unknown>): void {
  $<HTMLFormElement>(selector).onsubmit = (event) => {
    event.preventDefault();
    void run(new FormData(event.target as HTMLFormElement));
  };
}

const word = (form: FormData, name: string): string => String(form.get(name) ?? "");

onSubmit("#attach", (form) => act({ op: "attach", apn: word(form, "apn") }));
$("#signal").onclick = async () => {
  const rssi = await act<number>({ op: "signal" });
  if (rssi !== undefined && rssi <= 31) charts?.signal.add(seconds(), rssi);
};
onSubmit("#open", (form) => act({ op: "open", host: word(form, "host"), port: Number(word(form, "port")), udp: word(form, "protocol") === "UDP" }));
onSubmit("#listen", (form) => act({ op: "listen", port: Number(word(form, "port")) }));
$("#unlisten").onclick = () => void act({ op: "unlisten" });
$("#client").onclick = () => void act({ op: "client", port: Number($<HTMLInputElement>("#listen input[name=port]").value) });
onSubmit("#send", async (form) => {
  const text = word(form, "payload");
  const bytes = word(form, "as") === "hex" ? fromHex(text) : new TextEncoder().encode(text);
  if (!bytes) return toast("Hex digits come in pairs.");
  return send(bytes);
});
$<HTMLInputElement>("#payload").onchange = async (event) => {
  const input = event.target as HTMLInputElement;
  const file = input.files?.[0];
  if (file) await send(new Uint8Array(await file.arrayBuffer()));
  input.value = "";
};

async function send(bytes: Uint8Array): Promise<void> {
  const link = $<HTMLSelectElement>("#send select[name=link]").value;
  if (link === "") return toast("Open a link first.");
  await act({ op: "send", link: Number(link), bytes });
}

function fromHex(text: string): Uint8Array | undefined {
  const digits = text.replace(/\s+/g, "");
  if (!/^([0-9a-f]{2})+$/i.test(digits)) return undefined;
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

$("#leave").onclick = () => void act({ op: "leave" });
$("#enter").onclick = () => void act({ op: "enter" });
onSubmit("#raw", (form) => act({ op: "raw", line: word(form, "line") }));
const line = $<HTMLInputElement>("#raw input");
line.oninput = () => {
  const form = formOf(line.value, forms);
  $("#form").textContent = form ? `${form.line} — ${form.source}` : "";
};

// Faults.

const link = (): number => Number($<HTMLSelectElement>("#send select[name=link]").value || 0);
const line_ = () => act({ op: "noise", ppm: noise, delayMs: delay });
const FAULTS: Record<string, (button: HTMLButtonElement) => Promise<unknown>> = {
  drop: () => act({ op: "drop", link: link() }),
  pdp: () => act({ op: "notify", notify: { kind: "context_lost" } }),
  restart: () => act({ op: "notify", notify: { kind: "restart" } }),
  fail: () => act({ op: "fault", fault: { kind: "send_fail" } }),
  prompt: () => act({ op: "fault", fault: { kind: "no_prompt" } }),
  hang: () => act({ op: "fault", fault: { kind: "hang", ms: 3_000 } }),
  noise: (button) => {
    noise = pressed(button) ? 3_000 : 0;
    return line_();
  },
  delay: (button) => {
    delay = pressed(button) ? 200 : 1;
    return line_();
  },
};

function pressed(button: HTMLButtonElement): boolean {
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  return on;
}

document.querySelectorAll<HTMLButtonElement>("[data-fault]").forEach((button) => {
  button.onclick = () => void FAULTS[button.dataset.fault ?? ""]?.(button);
});
onSubmit("#notice", (form) => {
  const bytes = new TextEncoder().encode(`\r\n${word(form, "text")}\r\n`);
  return act({ op: "fault", fault: { kind: "notice", at: Number(word(form, "at")), bytes } });
});

charts = {
  signal: new Chart($("#charts"), "Signal, 0–31", "of 31"),
  rate: new Chart($("#charts"), "Throughput, bytes a second", "bytes a second"),
  latency: new Chart($("#charts"), "Command latency, ms", "ms"),
};
void useVirtual();
