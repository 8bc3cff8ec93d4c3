// The reports of all vectors through the package, as text. Runs in Node and, served as it is, in a browser.

/** `vectors`: name and text of each file; `api`: the package. */
export function reports(api, vectors) {
  const lines = [];
  for (const [name, text] of vectors) {
    const transcript = api.Transcript.parse(text, name);
    for (const chunking of ["as-is", "whole", "bytes", "every:7"]) {
      lines.push(`## ${name} ${chunking}`);
      const observer = new api.Observer(transcript.dialect, modes(transcript));
      const all = [];
      for (const step of transcript.steps(chunking)) {
        if (step.type === "host") all.push(...observer.receiveHost(step.bytes));
        else if (step.type === "module") all.push(...observer.receive(step.bytes));
        else all.push(...observer.silence(step.ms));
      }
      all.push(...observer.end());
      for (const report of all) lines.push(report.text);
      observer.free();
      if (chunking !== "as-is" || transcript.isAmbiguous) continue;
      const wrong = api.mismatch(transcript.expected, all.map((report) => report.text));
      if (wrong !== undefined) throw new Error(`${name}: ${wrong}`);
      const again = transcript.reports().map((report) => report.text);
      if (again.join("\n") !== all.map((report) => report.text).join("\n")) throw new Error(`${name}: Transcript.reports`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** The modes of an observer that the `config` lines say; what it does not know is for other readers. */
function modes(transcript) {
  const known = ["mux", "mode", "echo", "ciphead", "ciprxget", "connected"];
  return Object.fromEntries(transcript.config.filter(([key]) => known.includes(key)));
}
