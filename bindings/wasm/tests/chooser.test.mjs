// The browser's own port chooser, with a user's click and keys: Chromium on a screen of its own, and no grant by a policy.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { page } from "./browser.mjs";
import { PACKAGE, scratch, serve, skip } from "./files.mjs";
import { chromiumWith, emulate, missing, noPort } from "./port.mjs";

function noScreen() {
  try {
    for (const program of ["Xvfb", "openbox", "xdotool"]) execFileSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" });
    return missing();
  } catch {
    return "no Xvfb, openbox and xdotool";
  }
}

/** A screen and a window manager; gives its name. */
async function screen(t) {
  const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x900x24", "-nolisten", "tcp"], { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  t.after(() => server.kill("SIGTERM"));
  for await (const line of createInterface({ input: server.stdio[3] })) {
    const DISPLAY = `:${line.trim()}`;
    const manager = spawn("openbox", [], { stdio: "ignore", env: { ...process.env, DISPLAY } });
    t.after(() => manager.kill("SIGTERM"));
    return DISPLAY;
  }
  throw new Error("Xvfb told no display");
}

test("a user picks the port in the browser's chooser", { skip: noPort ?? skip(noScreen()), timeout: 300_000 }, async (t) => {
  const [folder, DISPLAY] = [scratch(t), await screen(t)];
  const origin = await serve(t, join(PACKAGE, "web/dist"));
  const { pty } = await emulate(t, "sim800");
  const opened = await page(t, { executable: chromiumWith(folder, pty), headless: false, env: { DISPLAY } });
  await opened.goto(`${origin}/`);
  await opened.getByText("Connected · virtual modem").waitFor();
  assert.equal(await opened.evaluate(async () => (await navigator.serial.getPorts()).length), 0, "nothing is granted yet");
  const keys = (...names) => execFileSync("xdotool", ["key", "--delay", "120", ...names], { env: { ...process.env, DISPLAY } });
  const isConnected = () => opened.evaluate(() => document.querySelector("#status").textContent.startsWith("Connected · serial port · sim800 · SIM800"));
  // Nothing tells when the chooser is there for keys: they are given until it has taken them.
  for (let tries = 0; tries < 20 && !(await isConnected()); tries++) {
    const isWaiting = await opened.evaluate(() => document.querySelector("#help").hidden && !document.querySelector("#status").textContent.includes("serial port"));
    if (tries === 0 || !isWaiting) await opened.getByRole("button", { name: "Serial port…" }).click();
    await opened.waitForTimeout(1_500);
    keys("shift+Tab", "shift+Tab", "Down", "Return");
    for (let wait = 0; wait < 20 && !(await isConnected()); wait++) await opened.waitForTimeout(200);
  }
  assert.ok(await isConnected());
  assert.equal(await opened.evaluate(async () => (await navigator.serial.getPorts()).length), 1);
  assert.deepEqual(opened.problems, []);
});
