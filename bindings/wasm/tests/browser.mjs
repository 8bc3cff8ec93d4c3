// A headless Chromium for one test.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

/** A page in a fresh profile; errors of the page are errors of the test. */
export async function page(test, options = {}) {
  const profile = mkdtempSync(join(tmpdir(), "simcom-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: options.executable ?? "/usr/bin/chromium",
    headless: options.headless ?? true,
    timeout: 120_000,
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", ...(options.args ?? [])],
    viewport: options.viewport ?? { width: 1280, height: 900 },
    ...(options.env ? { env: { ...process.env, ...options.env } } : {}),
    ...(options.context ?? {}),
  });
  test.after(async () => {
    await context.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 20 });
  });
  // Time is no judge: a loaded machine may take long for anything.
  context.setDefaultTimeout(120_000);
  const opened = context.pages()[0] ?? (await context.newPage());
  opened.problems = [];
  opened.on("pageerror", (error) => opened.problems.push(String(error)));
  opened.on("console", (message) => message.type() === "error" && opened.problems.push(message.text()));
  return opened;
}
