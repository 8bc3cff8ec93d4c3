/** The transcript as a table that holds only the rows in view. */
import type { LogRow } from "./messages.js";

const HEIGHT = 22;
/** Rows above and below the view. */
const MARGIN = 12;

const BAD = ["Error", "CmeError", "CmsError", "IpError", "CipError", "ConnectFail", "SendFail", "CloseErr", "DnsFail", "Lost", "NetLost", "PdpDeact", "NoFinal", "PowerDown", "PowerWarn"];
const FINAL = ["Ok", "SendOk", "DataAccept", "CloseOk", "Shut"];

/** Escaped text as hex digits. */
export function hexOf(text: string): string {
  const words: string[] = [];
  for (const [part] of text.matchAll(/\\x[0-9a-f]{2}|\\.|[^\\]/gsu)) {
    if (part.startsWith("\\x")) words.push(part.slice(2));
    else if (part.length === 2 && part[0] === "\\") words.push({ r: "0d", n: "0a", t: "09" }[part[1] as "r"] ?? part.charCodeAt(1).toString(16));
    else for (const byte of new TextEncoder().encode(part)) words.push(byte.toString(16).padStart(2, "0"));
    if (words.length > 400) break;
  }
  return words.join(" ");
}

export class Log {
  /** All rows. */
  rows: LogRow[] = [];
  isHex = false;
  isPaused = false;
  readonly #box: HTMLElement;
  readonly #body: HTMLTableSectionElement;
  readonly #counted: (shown: number, all: number) => void;
  #shown: LogRow[] = [];
  #isEverything = true;
  #search = "";
  #filter = "";
  #drawn = "";
  #wanted = false;

  constructor(box: HTMLElement, counted: (shown: number, all: number) => void) {
    this.#box = box;
    this.#counted = counted;
    const table = document.createElement("table");
    table.innerHTML = `<colgroup><col style="width:4.8rem"><col style="width:1.8rem"><col><col style="width:34%"><col style="width:3.8rem"><col style="width:5.2rem"></colgroup>
      <thead><tr><th scope="col">Time s</th><th scope="col"><span class="hidden">Direction</span></th><th scope="col">Bytes</th><th scope="col">Meaning</th><th scope="col">Link</th><th scope="col">Took</th></tr></thead>`;
    this.#body = table.createTBody();
    box.append(table);
    box.addEventListener("scroll", () => this.#soon());
    new ResizeObserver(() => this.#soon()).observe(box);
  }

  /** More rows; the view stays at the end when it was there. */
  add(rows: LogRow[], isReset: boolean): void {
    if (isReset) [this.rows, this.#shown, this.#box.scrollTop] = [[], [], 0];
    const isAtEnd = this.#box.scrollHeight - this.#box.scrollTop - this.#box.clientHeight < 3 * HEIGHT;
    for (const row of rows) {
      this.rows.push(row);
      if (this.#isEverything || this.#fits(row)) this.#shown.push(row);
    }
    this.draw();
    if (isAtEnd && !this.isPaused) this.toEnd();
  }

  search(text: string, filter: string): void {
    [this.#search, this.#filter] = [text.toLowerCase(), filter];
    this.#isEverything = text === "" && filter === "";
    this.#shown = this.#isEverything ? [...this.rows] : this.rows.filter((row) => this.#fits(row));
    this.draw();
    this.toEnd();
  }

  toEnd(): void {
    this.#box.scrollTop = this.#box.scrollHeight;
    this.draw();
  }

  #fits(row: LogRow): boolean {
    const filter = this.#filter;
    const kind =
      filter === "" || (filter === "data" ? row.kind === "Data" || row.meaning.endsWith("of payload")
      : filter === "error" ? BAD.includes(row.kind)
      : filter === "notice" ? row.mark !== ">" && !FINAL.includes(row.kind) && row.kind !== "Prompt"
      : row.mark === filter);
    if (!kind || this.#search === "") return kind;
    return row.text.toLowerCase().includes(this.#search) || row.meaning.toLowerCase().includes(this.#search);
  }

  #soon(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    requestAnimationFrame(() => {
      this.#wanted = false;
      this.draw();
    });
  }

  draw(): void {
    const shown = this.#shown;
    this.#counted(shown.length, this.rows.length);
    const first = Math.max(Math.floor(this.#box.scrollTop / HEIGHT) - MARGIN, 0);
    const count = Math.ceil(this.#box.clientHeight / HEIGHT) + 2 * MARGIN;
    const from = Math.min(first, Math.max(shown.length - count, 0));
    const to = Math.min(from + count, shown.length);
    const now = `${from} ${to} ${shown.length} ${this.isHex} ${this.#search} ${this.#filter} ${this.rows[0]?.at}`;
    if (now === this.#drawn) return;
    this.#drawn = now;
    const rows = [spacer(from * HEIGHT)];
    for (let at = from; at < to; at++) rows.push(this.#row(shown[at]!));
    rows.push(spacer((shown.length - to) * HEIGHT));
    this.#body.replaceChildren(...rows);
  }

  #row(row: LogRow): HTMLTableRowElement {
    const tr = document.createElement("tr");
    tr.className = row.mark === ">" ? "host" : row.mark === "<" ? "module" : "remark";
    if (BAD.includes(row.kind)) tr.classList.add("bad");
    const cell = (name: string, text: string) => {
      const td = tr.insertCell();
      td.className = name;
      td.textContent = text;
      return td;
    };
    cell("time", (row.at / 1000).toFixed(3));
    cell("dir", { ">": "→", "<": "←", "!": "•" }[row.mark]).title = { ">": "host", "<": "module", "!": "remark" }[row.mark];
    const short = row.text.length > 600 ? `${row.text.slice(0, 600)}…` : row.text;
    cell("text", this.isHex && row.mark !== "!" ? hexOf(row.text) : short).title = short;
    cell("meaning", row.meaning).title = row.report || row.meaning;
    cell("link", row.link);
    cell("late", row.latency === undefined ? "" : `${Math.round(row.latency)} ms`);
    return tr;
  }
}

function spacer(height: number): HTMLTableRowElement {
  const tr = document.createElement("tr");
  tr.className = "spacer";
  tr.setAttribute("aria-hidden", "true");
  const td = tr.insertCell();
  td.colSpan = 6;
  td.style.cssText = `height:${height}px!important`;
  return tr;
}
