// A headless Chromium for one test.
import { chromium } from "playwright-core";
import { scratch } from "./files.mjs";

/** A page in a fresh profile; errors of the page are errors of the test. */
export async function page(test, options = {}) {
  const context = await chromium.launchPersistentContext(scratch(test), {
    executablePath: options.executable ?? "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", ...(options.args ?? [])],
    viewport: options.viewport ?? { width: 1280, height: 900 },
    ...(options.context ?? {}),
  });
  test.after(() => context.close());
  const opened = context.pages()[0] ?? (await context.newPage());
  opened.problems = [];
  opened.on("pageerror", (error) => opened.problems.push(String(error)));
  opened.on("console", (message) => message.type() === "error" && opened.problems.push(message.text()));
  return opened;
}
