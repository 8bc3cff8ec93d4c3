// The package as others get it: packed, installed into a fresh project, built by Vite, run in Chromium and in Node.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { page } from "./browser.mjs";
import { PACKAGE, noBrowser, scratch, serve, skip } from "./files.mjs";

const PROGRAM = `
import { Modem, VirtualTransport } from "simcom-at";

export async function run() {
  const modem = await Modem.connect(new VirtualTransport("a7600"), { dialect: "a7600", apn: "internet" });
  const connection = await modem.openConnection({ host: "example.com", port: 7 });
  const writer = connection.writable.getWriter();
  await writer.write(new TextEncoder().encode("packed"));
  const { value } = await connection.readable.getReader().read();
  await modem.disconnect();
  return new TextDecoder().decode(value);
}
`;

test("installed from its archive, it builds with Vite and runs", { skip: skip(noBrowser()), timeout: 90_000 }, async (t) => {
  const folder = scratch(t);
  const quiet = { cwd: folder, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" };
  execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { ...quiet, cwd: PACKAGE });
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  writeFileSync(join(folder, "package.json"), '{ "name": "fresh", "private": true, "type": "module" }');
  execFileSync("npm", ["install", "--silent", "--offline", "--no-audit", "--no-fund", `./${archive}`], quiet);
  assert.deepEqual(readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith(".")), ["simcom-at"]);
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "src/run.js"), PROGRAM);
  writeFileSync(join(folder, "src/main.js"), 'import { run } from "./run.js";\nrun().then((text) => (document.title = text), (error) => (document.title = String(error)));\n');
  writeFileSync(join(folder, "index.html"), '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/src/main.js"></script>');
  writeFileSync(join(folder, "types.ts"), 'import { Modem, type Event, type Settings } from "simcom-at";\nconst settings: Settings = { pauseMs: 5 };\nexport const say = (event: Event): string => (event.type === "Received" ? String(event.bytes.length) : event.type);\nexport const open = () => Modem;\nconsole.log(settings);\n');

  const inNode = execFileSync("node", ["-e", 'import("./src/run.js").then(({ run }) => run()).then(console.log)'], quiet);
  assert.equal(inNode, "packed\n");
  const bin = (name) => join(PACKAGE, "node_modules/.bin", name);
  execFileSync(bin("tsc"), ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2023,dom", "--types", "", "types.ts"], quiet);
  execFileSync(bin("vite"), ["build", "--logLevel", "warn"], quiet);

  const address = await serve(t, join(folder, "dist"));
  const opened = await page(t);
  await opened.goto(address);
  await opened.waitForFunction(() => document.title !== "");
  assert.equal(await opened.title(), "packed");
  assert.deepEqual(opened.problems, []);
});
