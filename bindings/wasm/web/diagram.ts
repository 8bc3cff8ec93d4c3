/** The picture of the module's states, with the present ones lit. */
import a7600 from "../../../docs/states/a7600.svg?raw";
import kingcom from "../../../docs/states/kingcom.svg?raw";
import multi from "../../../docs/states/multi.svg?raw";
import single from "../../../docs/states/single.svg?raw";
import type { Lit } from "./states.js";

const PICTURES: Record<Lit["diagram"], string> = { single, multi, kingcom, a7600 };

export class Diagram {
  readonly #box: HTMLElement;
  readonly #caption: HTMLElement;
  #shown: Lit["diagram"] | undefined;

  constructor(box: HTMLElement, caption: HTMLElement) {
    this.#box = box;
    this.#caption = caption;
  }

  show(lit: Lit | undefined): void {
    this.#box.hidden = lit === undefined;
    this.#caption.textContent = lit ? inWords(lit) : "No module.";
    if (!lit) return;
    if (this.#shown !== lit.diagram) this.#box.innerHTML = PICTURES[(this.#shown = lit.diagram)];
    const on: Record<string, Set<string>> = {
      context: new Set(lit.context === undefined ? [] : [lit.context]),
      link: new Set(lit.links.map(([, state]) => state)),
      server: new Set(lit.servers.map(([, state]) => state)),
    };
    for (const part of this.#box.querySelectorAll<SVGGElement>("[data-of]")) {
      for (const state of part.querySelectorAll<SVGGElement>("[data-state]")) {
        state.classList.toggle("lit", on[part.dataset.of ?? ""]?.has(state.dataset.state ?? "") ?? false);
      }
    }
  }
}

function inWords(lit: Lit): string {
  const of = (name: string, all: [number, string][]) => all.map(([at, state]) => `${name} ${at}: ${state.replace(/^(link|server) /, "")}`);
  return [lit.context ?? "not known yet", ...of("link", lit.links), ...of("server", lit.servers)].join(" · ");
}
