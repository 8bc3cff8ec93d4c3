// The page in Chromium: first load to echo, each dialect, data mode, faults, a log of 5 MB, accessibility.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { page } from "./browser.mjs";
import { PACKAGE, noBrowser, serve, skip } from "./files.mjs";

const WEB = join(PACKAGE, "web/dist");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const options = { skip: skip(noBrowser()), timeout: 60_000 };

/** Where screenshots go, if anybody wants them. */
const SHOTS = process.env.SCREENSHOTS;

async function open(t, how) {
  const address = await serve(t, WEB);
  const opened = await page(t, how);
  await opened.goto(address);
  await opened.getByText("Connected · virtual modem").waitFor();
  return opened;
}

async function shot(opened, name) {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await opened.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

const meanings = (opened) => opened.locator("#log td.meaning").allTextContents();

async function attach(opened) {
  await opened.getByRole("button", { name: "Attach", exact: true }).click();
  await opened.locator("#network dd").filter({ hasText: /^up$/ }).waitFor();
}

async function connect(opened) {
  await attach(opened);
  await opened.getByRole("button", { name: "Open", exact: true }).click();
  await opened.locator("#links tbody td").filter({ hasText: /^open$/ }).waitFor();
}

async function echo(opened, text) {
  await opened.locator("#send textarea").fill(text);
  await opened.getByRole("button", { name: "Send", exact: true }).click();
  const length = String(new TextEncoder().encode(text).length);
  await opened.locator("#links tbody tr").filter({ has: opened.locator("td:nth-child(4)", { hasText: new RegExp(`^${length}$`) }) }).waitFor();
  return (await opened.locator("#log tr.module td.text").allTextContents()).filter((line) => line === text);
}

for (const dialect of ["sim800", "sim800e", "sim7000", "kingcom", "a7600", "rda8955"]) {
  test(`${dialect}: from the first load to an echo`, options, async (t) => {
    const opened = await open(t);
    if (dialect !== "sim800") {
      await opened.locator("#dialect").selectOption(dialect);
      await opened.getByText(`Connected · virtual modem · ${dialect} `).waitFor();
    }
    await connect(opened);
    assert.deepEqual(await echo(opened, "hello, world"), ["hello, world"]);
    await opened.getByRole("button", { name: "Close link 0" }).click();
    await opened.locator("#links tbody td").filter({ hasText: /^closed$/ }).waitFor();
    assert.deepEqual(opened.problems, []);
    await shot(opened, dialect);
  });
}

test("data mode is entered, left and gone back to", options, async (t) => {
  const opened = await open(t);
  await opened.locator("#transparent").check();
  await connect(opened);
  await opened.waitForFunction(() => document.querySelector("#status").textContent.includes("data mode"));
  await echo(opened, "raw bytes");
  await opened.getByRole("button", { name: "Leave data mode" }).click();
  await opened.waitForFunction(() => !document.querySelector("#status").textContent.includes("data mode"));
  await opened.getByRole("button", { name: "Back to data mode" }).click();
  await opened.waitForFunction(() => document.querySelector("#status").textContent.includes("data mode"));
  assert.deepEqual(opened.problems, []);
});

test("faults of the virtual modem are seen", options, async (t) => {
  const opened = await open(t);
  await connect(opened);
  const seen = (text) => opened.waitForFunction((text) => [...document.querySelectorAll("#log td.meaning, #log td.text")].some((cell) => cell.textContent.includes(text)), text);
  await opened.getByRole("button", { name: "Into the next reply" }).click();
  await opened.getByRole("button", { name: "Give" }).click();
  await seen("A call comes in");
  await opened.getByRole("button", { name: "Drop the link" }).click();
  await opened.locator("#links tbody td").filter({ hasText: /^closed: peer$/ }).waitFor();
  await opened.getByRole("button", { name: "Lose the context" }).click();
  await seen("Context lost");
  await opened.getByRole("button", { name: "Restart" }).click();
  await seen("the module has started anew");
  await connect(opened);
  await opened.getByRole("button", { name: "Fail the next send" }).click();
  await opened.getByRole("button", { name: "Send", exact: true }).click();
  await opened.getByText("the payload was not sent for certain").first().waitFor();
  await opened.getByRole("button", { name: "Delay 200 ms" }).click();
  await opened.getByRole("button", { name: "Signal", exact: true }).click();
  await opened.locator("#log td.late").filter({ hasText: /^[2-9]\d\d ms$/ }).first().waitFor();
  assert.deepEqual(opened.problems, []);
  await shot(opened, "faults");
});

test("a client comes to the server", options, async (t) => {
  const opened = await open(t);
  await attach(opened);
  await opened.getByRole("button", { name: "Listen", exact: true }).click();
  await opened.getByText("listens on 8080").waitFor();
  await opened.getByRole("button", { name: "Let a client come" }).click();
  await opened.locator("#links tbody td").filter({ hasText: "(client)" }).waitFor();
  assert.ok((await meanings(opened)).some((text) => text.startsWith("Client ")));
});

test("the transcript is searched, filtered and given away", options, async (t) => {
  const opened = await open(t, { context: { permissions: ["clipboard-read", "clipboard-write"] } });
  await connect(opened);
  await echo(opened, "needle");
  await opened.locator("#search").fill("needle");
  assert.equal(await opened.locator("#log tr.host, #log tr.module").count(), 2);
  await opened.locator("#hex").check();
  assert.equal(await opened.locator("#log tr.module td.text").textContent(), "6e 65 65 64 6c 65");
  await opened.locator("#search").fill("");
  await opened.locator("#hex").uncheck();
  await opened.locator("#filter").selectOption("data");
  assert.equal(await opened.locator("#log tr.host, #log tr.module").count(), 2);
  const text = async (button) => {
    const [download] = await Promise.all([opened.waitForEvent("download"), opened.getByRole("button", { name: button }).click()]);
    return readFileSync(await download.path(), "utf8");
  };
  const transcript = await text("Save transcript");
  assert.match(transcript, /^# dialect: sim800\n> AT\\r\n/);
  const { Transcript, load } = await import("simcom-at");
  await load();
  const reports = Transcript.parse(transcript).reports().map((report) => report.text);
  assert.ok(reports.includes('Data{link=0,len=6,bytes="needle",rest=0}'), reports.join("\n"));
  const lines = (await text("Save JSON lines")).trim().split("\n").map((line) => JSON.parse(line));
  assert.ok(lines.some((line) => line.from === "module" && line.text === "needle"));
  await opened.getByRole("button", { name: "Copy as pytest" }).click();
  await opened.getByText("in the clipboard").waitFor();
  assert.match(await opened.evaluate(() => navigator.clipboard.readText()), /def test_recorded_exchange\(\):/);
});

test("a log of 5 MB is dropped, decoded and scrolled", options, async (t) => {
  const opened = await open(t);
  const took = await opened.evaluate(async () => {
    const lines = [];
    for (let n = 0; n < 76_000; n++) lines.push(`> AT+CSQ\\r\n< \\r\\n+CSQ: ${n % 32},0\\r\\n\\r\\nOK\\r\\n\n< \\r\\n+CIPRXGET: 1,${n % 6}\\r\\n\n`);
    const text = `# dialect: sim800\n# config: echo=off mux=multi\n${lines.join("")}`;
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "big.txt", { type: "text/plain" }));
    const before = performance.now();
    window.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    while (!document.querySelector("#toast").textContent.includes("rows from")) await new Promise((done) => setTimeout(done, 10));
    const decoded = performance.now() - before;
    const box = document.querySelector("#log");
    let scrolled = Infinity;
    // The best of three: another program may have had the processor.
    for (let round = 0; round < 3; round++) {
      box.scrollTop = 0;
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const start = performance.now();
      box.scrollTop = box.scrollHeight;
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      scrolled = Math.min(scrolled, performance.now() - start);
    }
    const rows = [...document.querySelectorAll("#log tbody tr")];
    return { size: text.length, decoded, scrolled, nodes: rows.length, count: document.querySelector("#count").textContent, last: rows.at(-2).textContent };
  });
  console.log(`a log of ${took.size} bytes: decoded in ${Math.round(took.decoded)} ms, ${took.count}, to its end in ${Math.round(took.scrolled)} ms with ${took.nodes} row nodes`);
  assert.ok(took.size > 5_000_000);
  assert.equal(took.count, "304,000 rows");
  assert.ok(took.nodes < 300);
  assert.match(took.last, /Data waits in the module on link/);
  assert.ok(took.scrolled < 200, `${took.scrolled} ms`);
});

test("a browser without Web Serial is told what to do", options, async (t) => {
  const opened = await open(t);
  await opened.evaluate(() => Object.defineProperty(navigator, "serial", { value: undefined }));
  await opened.getByRole("button", { name: "Serial port…" }).click();
  await opened.getByText("This browser has no Web Serial").waitFor();
});

test("the page works without a network, and by keyboard", options, async (t) => {
  const opened = await open(t);
  await opened.context().setOffline(true);
  await opened.keyboard.press("/");
  assert.equal(await opened.evaluate(() => document.activeElement.id), "search");
  await opened.locator("#attach input").focus();
  await opened.keyboard.press("Enter");
  await opened.locator("#network dd").filter({ hasText: /^up$/ }).waitFor();
});

for (const [name, viewport] of [["wide", { width: 1440, height: 950 }], ["phone", { width: 390, height: 844 }]]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${name}, ${colorScheme}: no serious problem for anybody`, options, async (t) => {
      const opened = await open(t, { viewport, context: { colorScheme, reducedMotion: "reduce" } });
      await connect(opened);
      await echo(opened, "hello");
      await opened.waitForTimeout(300);
      await opened.evaluate(axe);
      const { violations } = await opened.evaluate(() => globalThis.axe.run());
      const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      assert.deepEqual(serious.map((it) => `${it.id}: ${it.nodes.map((node) => node.html).join(" ")}`), []);
      assert.ok(await opened.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the page is wider than the screen");
      assert.deepEqual(opened.problems, []);
      await shot(opened, `${name}-${colorScheme}`);
    });
  }
}
