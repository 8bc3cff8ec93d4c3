// Real Web Serial: Chromium's own serial stack on the pty of `simcom emulate`, behind a real echo server.
//
// Chromium lists the serial ports of sysfs; in a mount namespace of its own, the pty lies over one of them, and a policy
// grants it. Nothing outside that namespace changes.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { page } from "./browser.mjs";
import { BLANK, PACKAGE, noBrowser, scratch, serve, skip } from "./files.mjs";

/** A port that Chromium would list. */
export const TTY = existsSync("/sys/class/tty")
  ? readdirSync("/sys/class/tty").find((name) => name.startsWith("ttyS") && existsSync(`/sys/class/tty/${name}/device/driver`) && existsSync(`/dev/${name}`))
  : undefined;

function missing() {
  if (!process.env.SIMCOM) return "no simcom program";
  if (process.getuid() !== 0) return "real Web Serial needs root";
  return noBrowser();
}

/** Only this is skipped even where everything has to be there: what a machine or a container cannot have. */
function impossible() {
  if (TTY === undefined) return "no serial port in /sys/class/tty";
  try {
    execFileSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/etc/chromium"], { stdio: "ignore" });
  } catch {
    return "no mounts here";
  }
  return undefined;
}

const noPort = noBrowser() ? undefined : impossible();
if (noPort) console.log(`SKIP(${noPort}: real Web Serial)`);

export async function emulate(t, dialect) {
  const child = spawn(process.env.SIMCOM, ["emulate", "--pty", "--dialect", dialect], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGTERM"));
  for await (const line of createInterface({ input: child.stdout })) return line.trim();
  throw new Error("simcom emulate printed no path");
}

export async function echo(t) {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.pipe(socket);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  return server.address().port;
}

/** Starts Chromium where the pty is the port, and this address may use every port. */
export function chromiumWith(folder, pty, origin) {
  const script = join(folder, "chromium-on-pty");
  const policy = JSON.stringify({ SerialAllowAllPortsForUrls: [origin] });
  const inside = [
    `mount --bind ${pty} /dev/${TTY}`,
    "mount -t tmpfs none /etc/chromium",
    "mkdir -p /etc/chromium/policies/managed",
    `echo '${policy}' > /etc/chromium/policies/managed/simcom.json`,
    'exec /usr/bin/chromium "$@"',
  ].join(" && ");
  writeFileSync(join(folder, "inside"), inside);
  writeFileSync(script, `#!/bin/sh\nexec unshare -m sh ${join(folder, "inside")} "$@"\n`, { mode: 0o755 });
  return script;
}

for (const where of ["window", "worker"]) {
  test(`Web Serial in a ${where}: echo through a real port`, { skip: noPort ?? skip(missing()), timeout: 60_000 }, async (t) => {
    const folder = scratch(t);
    cpSync(join(PACKAGE, "dist"), join(folder, "dist"), { recursive: true });
    writeFileSync(join(folder, "index.html"), BLANK);
    writeFileSync(join(folder, "echo.js"), ECHO);
    writeFileSync(join(folder, "worker.js"), WORKER);
    const origin = await serve(t, folder);
    const [pty, port] = [await emulate(t, "sim800"), await echo(t)];
    const opened = await page(t, { executable: chromiumWith(folder, pty, origin) });
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
  });
}

test("the page finds the speed of a real port and echoes", { skip: noPort ?? skip(missing()), timeout: 60_000 }, async (t) => {
  const folder = scratch(t);
  const origin = await serve(t, join(PACKAGE, "web/dist"));
  const [pty, port] = [await emulate(t, "a7600"), await echo(t)];
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
