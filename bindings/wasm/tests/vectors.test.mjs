// All vectors through the package, in Node and in Chromium: the same report text as the library itself prints.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import * as api from "simcom-at";
import { page } from "./browser.mjs";
import { BLANK, PACKAGE, noBrowser, reference, scratch, serve, skip, vectors } from "./files.mjs";
import { reports } from "./vectors.mjs";

await api.load();
const here = reports(api, vectors());

test("Node prints the reports of the library", { skip: skip(reference() === undefined ? "no reference" : undefined) }, () => {
  assert.ok(here.length > 50_000);
  assert.equal(here, reference());
});

test("Chromium prints what Node prints", { skip: skip(noBrowser()) }, async (t) => {
  const folder = scratch(t);
  mkdirSync(join(folder, "tests"));
  cpSync(join(PACKAGE, "dist"), join(folder, "dist"), { recursive: true });
  cpSync(join(PACKAGE, "tests/vectors.mjs"), join(folder, "tests/vectors.mjs"));
  writeFileSync(join(folder, "index.html"), BLANK);
  const address = await serve(t, folder);
  const opened = await page(t);
  await opened.goto(`${address}/index.html`);
  const files = vectors().map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]);
  const there = await opened.evaluate(async (files) => {
    const api = await import("/dist/index.js");
    const { reports } = await import("/tests/vectors.mjs");
    await api.load();
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    return reports(api, files.map(([name, text]) => [name, bytes(text)]));
  }, files);
  assert.equal(there, here);
});
