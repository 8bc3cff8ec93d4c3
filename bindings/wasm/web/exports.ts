/** The transcript in other forms. */
import type { LogRow } from "./messages.js";

/** One JSON object a line. */
export function asJsonLines(rows: LogRow[]): string {
  const one = (row: LogRow) => {
    const from = { ">": "host", "<": "module", "!": "remark" }[row.mark];
    const { at, text, meaning, report, link, latency } = row;
    const latency_ms = latency === undefined ? undefined : Math.round(latency);
    return JSON.stringify({ v: 1, at_ms: Math.round(at), from, text, meaning, report, link, latency_ms });
  };
  return rows.map((row) => `${one(row)}\n`).join("");
}

/** A test for pytest with the Python package: the exchange, and what the module says in it. */
export function asPytest(transcript: string, reports: string[]): string {
  const literal = (text: string) => JSON.stringify(text);
  const lines = transcript.split("\n").slice(0, -1).map((line) => `    ${literal(`${line}\n`)}`);
  const wanted = reports.map((report) => `        ${literal(report)},`);
  return [
    "from simcom_at import Transcript", "", "TRANSCRIPT = (", ...lines, ")", "", "",
    "def test_recorded_exchange():", "    reports = Transcript.parse(TRANSCRIPT).reports()",
    "    assert [str(report) for report in reports] == [", ...wanted, "    ]", "",
  ].join("\n");
}
