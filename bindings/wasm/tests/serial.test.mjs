// Real Web Serial: Chromium's own serial stack on the pty of `simcom emulate`, behind a real echo server.
import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { page } from "./browser.mjs";
import { BLANK, PACKAGE, scratch, serve, skip } from "./files.mjs";
import { chromiumWith, echo, emulate, missing, noPort, plugIn } from "./port.mjs";

for (const where of ["window", "worker"]) {
  test(`Web Serial in a ${where}: echo through a real port`, { skip: noPort ?? skip(missing()), timeout: 240_000 }, async (t) => {
    const folder = scratch(t);
    cpSync(join(PACKAGE, "dist"), join(folder, "dist"), { recursive: true });
    writeFileSync(join(folder, "index.html"), BLANK);
    writeFileSync(join(folder, "echo.js"), ECHO);
    writeFileSync(join(folder, "worker.js"), WORKER);
    const origin = await serve(t, folder);
    const [{ pty }, port] = [await emulate(t, "sim800"), await echo(t)];
    const opened = await page(t, { executable: chromiumWith(folder, pty, origin) });
    const asked = [];
    opened.on("request", (request) => asked.push(request.url().slice(origin.length)));
    await opened.goto(`${origin}/`);
    const result = await opened.evaluate(
      async ([where, port]) => {
        if (where === "window") return (await import("/echo.js")).run(port);
        const worker = new Worker("/worker.js", { type: "module" });
        worker.postMessage(port);
        return new Promise((resolve, reject) => {
          worker.onmessage = (message) => resolve(message.data);
          worker.onerror = (event) => reject(new Error(event.message));
        });
      },
      [where, port],
    );
    assert.deepEqual(result, { identity: ["SIM800 R14.18"], same: true, bytes: 20_000, baud: 57_600, why: "local" });
    // Who has real hardware does not load the virtual modem.
    assert.ok(!asked.includes("/dist/wasm/virtual_modem_bg.wasm"));
    if (where === "window") assert.ok(asked.includes("/dist/wasm/simcom_at_bg.wasm"), String(asked));
  });
}

test("the page finds the speed of a real port and echoes", { skip: noPort ?? skip(missing()), timeout: 240_000 }, async (t) => {
  const folder = scratch(t);
  const origin = await serve(t, join(PACKAGE, "web/dist"));
  const [{ pty }, port] = [await emulate(t, "a7600"), await echo(t)];
  const opened = await page(t, { executable: chromiumWith(folder, pty, origin) });
  // The chooser is the browser's own window; here its answer is given.
  await opened.addInitScript(() => (navigator.serial.requestPort = async () => (await navigator.serial.getPorts())[0]));
  await opened.goto(`${origin}/`);
  await opened.getByText("Connected · virtual modem").waitFor();
  await opened.locator("#dialect").selectOption("a7600");
  await opened.locator("#baud").selectOption("0");
  await opened.getByRole("button", { name: "Serial port…" }).click();
  await opened.getByText("Connected · serial port · a7600 · Manufacturer: SIMCOM").waitFor();
  await opened.getByRole("button", { name: "Attach", exact: true }).click();
  await opened.locator("#network dd").filter({ hasText: /^up$/ }).waitFor();
  await opened.locator("#open input[name=host]").fill("127.0.0.1");
  await opened.locator("#open input[name=port]").fill(String(port));
  await opened.getByRole("button", { name: "Open", exact: true }).click();
  await opened.locator("#links tbody td").filter({ hasText: /^open$/ }).waitFor();
  await opened.getByRole("button", { name: "Send", exact: true }).click();
  await opened.locator("#log tr.module td.text").filter({ hasText: /^hello$/ }).waitFor();
  assert.deepEqual(opened.problems, []);
});

// Without udev there is no event when a port comes: the test tells it, as the browser would. All else is the browser's.
test("a real port goes away, comes back, and is used again", { skip: noPort ?? skip(missing()), timeout: 240_000 }, async (t) => {
  const folder = scratch(t);
  cpSync(join(PACKAGE, "dist"), join(folder, "dist"), { recursive: true });
  writeFileSync(join(folder, "index.html"), BLANK);
  writeFileSync(join(folder, "replug.js"), REPLUG);
  const origin = await serve(t, folder);
  const [first, port] = [await emulate(t, "sim7000"), await echo(t)];
  const opened = await page(t, { executable: chromiumWith(folder, first.pty, origin) });
  await opened.goto(`${origin}/`);
  assert.equal(await opened.evaluate(async (port) => (globalThis.run = (await import("/replug.js")).run(port)).begun, port), "first");
  first.end();
  assert.deepEqual(await opened.evaluate(() => globalThis.run.lost), ["PortLost", "PortLost", "PortLost"]);
  plugIn(folder, (await emulate(t, "sim7000")).pty);
  assert.equal(await opened.evaluate(() => globalThis.run.again()), "second");
  assert.deepEqual(opened.problems, []);
});

test("the page tells that a real port is gone, and that it is back", { skip: noPort ?? skip(missing()), timeout: 240_000 }, async (t) => {
  const folder = scratch(t);
  const origin = await serve(t, join(PACKAGE, "web/dist"));
  const first = await emulate(t, "sim800");
  const opened = await page(t, { executable: chromiumWith(folder, first.pty, origin) });
  await opened.addInitScript(() => (navigator.serial.requestPort = async () => (await navigator.serial.getPorts())[0]));
  await opened.goto(`${origin}/`);
  await opened.getByText("Connected · virtual modem").waitFor();
  await opened.getByRole("button", { name: "Serial port…" }).click();
  await opened.getByText("Connected · serial port · sim800 · SIM800 R14.18").waitFor();
  first.end();
  await opened.getByText("Not connected · serial port").waitFor();
  await opened.locator("#log tr.remark").filter({ hasText: "the port is gone" }).waitFor();
  plugIn(folder, (await emulate(t, "sim800")).pty);
  await opened.workers()[0].evaluate(async () => {
    for (const port of await navigator.serial.getPorts()) port.dispatchEvent(new Event("connect", { bubbles: true }));
  });
  await opened.getByText("Connected · serial port").waitFor();
  await opened.locator("#log tr.remark").filter({ hasText: "the port is back" }).waitFor();
  await opened.getByRole("button", { name: "Attach", exact: true }).click();
  await opened.locator("#network dd").filter({ hasText: /^up$/ }).waitFor();
});

const REPLUG = `
import { Modem, SerialTransport } from "/dist/index.js";

const text = (bytes) => new TextDecoder().decode(bytes);
const bytes = (text) => new TextEncoder().encode(text);

async function echo(modem, port, said) {
  const connection = await modem.openConnection({ host: "127.0.0.1", port });
  await connection.send(bytes(said));
  const reader = connection.readable.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  return [connection, text(value)];
}

export function run(port) {
  let modem, lost, back, serial;
  const begun = (async () => {
    [serial] = await navigator.serial.getPorts();
    modem = await Modem.connect(new SerialTransport(serial), { dialect: "sim7000", apn: "internet" });
    const [connection, said] = await echo(modem, port, "first");
    back = new Promise((done) => modem.subscribe((event) => event.type === "PortBack" && done()));
    const event = new Promise((done) => modem.subscribe((event) => event.type === "PortLost" && done(event.type)));
    // The connection ends with the port, and so does a command that is given then.
    const ends = connection.closed.catch((error) => error.name);
    lost = event.then(async (name) => [name, await ends, await modem.signal().catch((error) => error.name)]);
    return said;
  })();
  return {
    begun,
    get lost() { return lost; },
    async again() {
      for (const port of await navigator.serial.getPorts()) port.dispatchEvent(new Event("connect", { bubbles: true }));
      await back;
      await modem.probe();
      await modem.attach("internet");
      const [connection, said] = await echo(modem, port, "second");
      await connection.close();
      await modem.disconnect();
      return said;
    },
  };
}
`;

const ECHO = `
import { Modem, SerialTransport } from "/dist/index.js";

export async function run(port) {
  const [serial] = await navigator.serial.getPorts();
  const transport = new SerialTransport(serial, { baudRate: 57600 });
  const modem = await Modem.connect(transport, { dialect: "sim800" });
  const identity = await modem.probe();
  await modem.attach("internet");
  const connection = await modem.openConnection({ host: "127.0.0.1", port });
  const payload = Uint8Array.from({ length: 20000 }, (_, at) => (at * 167) ^ (at >> 3));
  const writer = connection.writable.getWriter();
  const all = [];
  const writing = writer.write(payload);
  for await (const bytes of connection.readable.values({ preventCancel: true })) {
    all.push(...bytes);
    if (all.length >= payload.length) break;
  }
  await writing;
  await connection.close();
  const { why } = await connection.closed;
  await modem.disconnect();
  const same = all.every((byte, at) => byte === payload[at]);
  return { identity, same, bytes: all.length, baud: 57600, why };
}
`;

const WORKER = `
import { run } from "/echo.js";
onmessage = async (message) => {
  try {
    postMessage(await run(message.data));
  } catch (error) {
    postMessage(String(error.stack ?? error));
  }
};
`;
