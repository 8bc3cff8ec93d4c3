/** Signal, throughput and command latency over time. */
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

const SECONDS = 120;

export class Chart {
  readonly #plot: uPlot;
  readonly #x: number[] = [];
  readonly #y: (number | null)[] = [];
  readonly #box: HTMLElement;

  constructor(parent: HTMLElement, title: string, unit: string) {
    this.#box = document.createElement("div");
    this.#box.setAttribute("role", "img");
    this.#box.setAttribute("aria-label", `${title}: no values yet`);
    parent.append(this.#box);
    const style = getComputedStyle(document.documentElement);
    const color = (name: string) => () => style.getPropertyValue(name).includes("light-dark") ? resolved(parent, name) : style.getPropertyValue(name);
    const axis: uPlot.Axis = { stroke: color("--quiet"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false }, size: 34, font: "11px system-ui" };
    this.#plot = new uPlot(
      {
        title, width: Math.max(parent.clientWidth, 200), height: 110, legend: { show: false }, cursor: { show: false },
        scales: { x: { time: false, range: (_, __, max) => [Math.max((max ?? 0) - SECONDS, 0), Math.max(max ?? 0, 10)] }, y: { range: (_, __, max) => [0, Math.max(max ?? 0, 1) * 1.15] } },
        axes: [{ ...axis, size: 22 }, { ...axis, size: 46 }],
        series: [{}, { label: unit, stroke: color("--accent"), width: 2, points: { show: true, size: 4 } }],
      },
      [[], []],
      this.#box,
    );
    new ResizeObserver(() => this.#plot.setSize({ width: Math.max(parent.clientWidth, 200), height: 110 })).observe(parent);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#plot.redraw());
    this.#title = title;
    this.#unit = unit;
  }

  readonly #title: string;
  readonly #unit: string;

  add(at: number, value: number): void {
    this.#x.push(at);
    this.#y.push(value);
    while ((this.#x[0] ?? at) < at - SECONDS || this.#x.length > 2_000) {
      this.#x.shift();
      this.#y.shift();
    }
    this.#box.setAttribute("aria-label", `${this.#title}: ${Math.round(value)} ${this.#unit}`);
  }

  clear(): void {
    this.#x.length = this.#y.length = 0;
    this.draw();
  }

  draw(): void {
    this.#plot.setData([this.#x, this.#y]);
  }
}

/** The color that a custom property stands for in the present scheme. */
function resolved(parent: HTMLElement, name: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  parent.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}
