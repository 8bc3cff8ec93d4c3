/** In which states a module is, as far as the line shows it: along the ways of `states.json`, the table of the diagrams. */
import type { Dialect, Report } from "simcom-at";
import { isFinal } from "./meaning.js";
import table from "./states.json";

interface Edge {
  from: string[];
  to: string;
  signs: string[];
}

interface Part {
  of: string;
  states: string[][];
  edges: Edge[];
}

/** What is lit in a diagram; a state by the first of its words. */
export interface Lit {
  diagram: keyof typeof table;
  context: string | undefined;
  links: [number, string][];
  servers: [number, string][];
}

/** States of a link in which it does not count. */
const REST = ["INITIAL", "CLOSED", "link free"];
const FAILED = ["Error", "CmeError", "CmsError", "IpError", "CipError"];

export class States {
  readonly #dialect: Dialect;
  #isMulti: boolean;
  #context: string | undefined;
  #links = new Map<number, string>();
  #servers = new Map<number, string>();
  #isListening = false;
  /** The command in flight, without `AT`. */
  #asked = "";

  /** @param isFresh The module has just started. Else nothing is lit until something shows where it is. */
  constructor(dialect: Dialect, isMulti: boolean, isFresh: boolean) {
    this.#dialect = dialect;
    this.#isMulti = isMulti;
    if (isFresh) this.restarted();
  }

  get lit(): Lit {
    const sorted = (map: Map<number, string>) => [...map].sort(([one], [other]) => one - other);
    return { diagram: this.#diagram, context: this.#context, links: sorted(this.#links), servers: sorted(this.#servers) };
  }

  get #diagram(): keyof typeof table {
    if (this.#dialect === "a7600" || this.#dialect === "kingcom") return this.#dialect;
    return this.#isMulti ? "multi" : "single";
  }

  #part(of: string): Part | undefined {
    return (table[this.#diagram] as Part[]).find((part) => part.of === of);
  }

  restarted(): void {
    this.forget();
    this.#context = this.#part("context")?.states[0]?.[0];
  }

  /** It may be another module now. */
  forget(): void {
    this.#context = undefined;
    this.#links.clear();
    this.#servers.clear();
    this.#isListening = false;
    this.#asked = "";
  }

  /** A command line of the host, with or without its end. */
  command(line: string): void {
    const found = /^AT(.*)/i.exec(line.trim());
    if (!found) return;
    this.#asked = (found[1] ?? "").toUpperCase();
    this.#sign(`>${this.#asked}`, numberIn(this.#asked));
  }

  report(report: Report): void {
    const { kind } = report;
    const link = typeof report.link === "number" ? report.link : undefined;
    if (kind === "Boot") return this.restarted();
    if (kind === "State") this.#told(String(report.word));
    if (kind === "NetState") this.#context = report.open === 1 ? "network open" : "network closed";
    if (kind === "LinkState" && link !== undefined) this.#toldOf(link, String(report.state ?? ""));
    const isFailure = report.err !== undefined && report.err !== 0;
    const isServer = typeof report.server === "number" && kind === "ServerStopped";
    const isClosed = kind === "Closed" || kind === "CloseOk";
    const name = isClosed && this.#isListening && this.#diagram === "single" ? "ClientGone" : `${kind}${isFailure ? "!" : ""}`;
    this.#sign(name, isServer ? Number(report.server) : link);
    if (kind === "ServerOk") this.#isListening = true;
    if (["ServerClose", "Shut", "PdpDeact"].includes(kind)) this.#isListening = false;
    if (isFinal(kind) || FAILED.includes(kind)) {
      const [asked, link] = [this.#asked, numberIn(this.#asked)];
      this.#asked = "";
      this.#sign(`${FAILED.includes(kind) ? "!" : "="}${asked}`, link);
      const mux = /^\+CIPMUX=(\d)/.exec(asked);
      if (mux && kind === "Ok") this.#isMulti = mux[1] === "1";
    }
    const isIdle = !this.#isListening && [...this.#links.values()].every((state) => REST.includes(state));
    if (isIdle) this.#context = this.#after(this.#part("context"), this.#context, "Idle");
  }

  /** Something was seen; of one link or server, or of all. */
  #sign(sign: string, number: number | undefined): void {
    this.#context = this.#after(this.#part("context"), this.#context, sign);
    for (const [of, map] of [["link", this.#links], ["server", this.#servers]] as const) {
      const part = this.#part(of);
      const first = part?.states[0]?.[0];
      if (!part || first === undefined) continue;
      for (const at of number === undefined ? [...map.keys()] : [number]) {
        const now: string = this.#after(part, map.get(at) ?? first, sign) ?? first;
        if (now !== first) map.set(at, now);
        else map.delete(at);
      }
    }
  }

  /** The state behind a sign. Where nothing is known, a sign that only one state follows says which. */
  #after(part: Part | undefined, state: string | undefined, sign: string): string | undefined {
    const shown = part?.edges.filter((edge) => edge.signs.some((known) => known === sign || isPrefix(known, sign))) ?? [];
    if (state !== undefined) return shown.find((edge) => edge.from.includes(state))?.to ?? state;
    const ends = new Set(shown.map((edge) => edge.to));
    return ends.size === 1 ? [...ends][0] : undefined;
  }

  /** The module said its state. */
  #told(word: string): void {
    const box = this.#part("context")?.states.find((words) => words.includes(word));
    if (box) this.#context = box[0];
  }

  #toldOf(link: number, word: string): void {
    const box = this.#part("link")?.states.find((words) => words.includes(word.toUpperCase()))?.[0];
    if (box === "INITIAL") this.#links.delete(link);
    else if (box !== undefined) this.#links.set(link, box);
  }
}

/** `=+CIPSTART` is shown by `=+CIPSTART=0,"TCP"…`, not by `=+CIPSTARTX`, nor by a question. */
function isPrefix(known: string, sign: string): boolean {
  if (!/^[=>!]/.test(known) || !sign.startsWith(known)) return false;
  const rest = sign.slice(known.length);
  return known.includes("=", 1) ? /^(,|$)/.test(rest) : /^(=[^?]|$)/.test(rest);
}

/** The number of the link or server that a command names. */
function numberIn(asked: string): number | undefined {
  const found = /^\+(?:CIPSTART|CIPCLOSE|CIPOPEN|SERVERSTOP)=(\d+)(?:,|$)/.exec(asked) ?? /^\+SERVERSTART=\d+,(\d)/.exec(asked);
  return found ? Number(found[1]) : undefined;
}
