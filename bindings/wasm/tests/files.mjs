// What the tests need of the file system.
import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

export const PACKAGE = dirname(dirname(fileURLToPath(import.meta.url)));
const DATA = join(PACKAGE, "../../crates/vectors/data");

/** A page with nothing on it. */
export const BLANK = '<!doctype html><link rel="icon" href="data:,"><title>test</title>';

/** Name and text of each vector that has a dialect of ours. */
export function vectors() {
  const all = [];
  for (const dialect of readdirSync(DATA).sort()) {
    if (!statSync(join(DATA, dialect)).isDirectory()) continue;
    for (const file of readdirSync(join(DATA, dialect)).sort()) {
      if (file.endsWith(".txt")) all.push([`${dialect}/${file.slice(0, -4)}`, new Uint8Array(readFileSync(join(DATA, dialect, file)))]);
    }
  }
  return all;
}

/** The reports that the library itself prints; `undefined` where nobody has asked it. */
export function reference() {
  const path = process.env.SIMCOM_REPORTS;
  return path ? readFileSync(path, "utf8") : undefined;
}

/** A folder that is removed behind the test. */
export function scratch(test) {
  const folder = mkdtempSync(join(tmpdir(), "simcom-wasm-"));
  test.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".css": "text/css", ".svg": "image/svg+xml" };

/** Serves a folder on a free port of this machine; gives its address. */
export async function serve(test, folder) {
  const server = createServer((request, response) => {
    const path = join(folder, normalize(decodeURIComponent(new URL(request.url, "http://x").pathname)));
    const file = existsSync(path) && statSync(path).isDirectory() ? join(path, "index.html") : path;
    if (!file.startsWith(folder) || !existsSync(file)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  test.after(() => new Promise((done) => { server.closeAllConnections(); server.close(done); }));
  return `http://localhost:${server.address().port}`;
}

/** Why there is no browser; `undefined`: there is one. */
export function noBrowser() {
  try {
    execFileSync("chromium", ["--version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "no chromium";
  }
}

/** A skipped test is an error where everything has to be there. */
export function skip(reason) {
  if (reason === undefined) return false;
  if (process.env.REQUIRE_ALL === "1") throw new Error(`missing: ${reason}`);
  console.log(`SKIP(${reason})`);
  return reason;
}
