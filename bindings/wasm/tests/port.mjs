// A serial port for Chromium: it lists those of sysfs; in a mount namespace of its own, a pty lies over each of them, and a
// policy grants it. Nothing outside that namespace changes.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { noBrowser } from "./files.mjs";

/** The ports that Chromium would list. The pty lies over all of them, so that it does not matter which one is taken. */
const PORTS = existsSync("/sys/class/tty")
  ? readdirSync("/sys/class/tty").filter((name) => name.startsWith("ttyS") && existsSync(`/sys/class/tty/${name}/device/driver`) && existsSync(`/dev/${name}`))
  : [];

/** What has to be there where everything has to be there. */
export function missing() {
  if (!process.env.SIMCOM) return "no simcom program";
  if (process.getuid() !== 0) return "real Web Serial needs root";
  return noBrowser();
}

/** Only this is skipped even where everything has to be there: what a machine or a container cannot have. */
function impossible() {
  if (PORTS.length === 0) return "no serial port in /sys/class/tty";
  try {
    execFileSync("unshare", ["-m", "mount", "-t", "tmpfs", "none", "/etc/chromium"], { stdio: "ignore" });
  } catch {
    return "no mounts here";
  }
  return undefined;
}

/** Why there is no port for Chromium. */
export const noPort = noBrowser() ? undefined : impossible();
if (noPort) console.log(`SKIP(${noPort}: real Web Serial)`);

/** Starts the virtual modem on a pty; gives its path and what ends it. */
export async function emulate(t, dialect) {
  const child = spawn(process.env.SIMCOM, ["emulate", "--pty", "--dialect", dialect], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => child.kill("SIGTERM"));
  for await (const line of createInterface({ input: child.stdout })) return { pty: line.trim(), end: () => child.kill("SIGTERM") };
  throw new Error("simcom emulate printed no path");
}

/** An echo server; gives its port. */
export async function echo(t) {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.pipe(socket);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  return server.address().port;
}

/** A program that starts Chromium where the pty is the port. Every port is granted to `origin`; without one, to nobody. */
export function chromiumWith(folder, pty, origin) {
  const script = join(folder, "chromium-on-pty");
  const policy = JSON.stringify(origin ? { SerialAllowAllPortsForUrls: [origin] } : {});
  const inside = [
    `echo $$ > ${join(folder, "pid")}`,
    ...over(pty),
    "mount -t tmpfs none /etc/chromium",
    "mkdir -p /etc/chromium/policies/managed",
    `echo '${policy}' > /etc/chromium/policies/managed/simcom.json`,
    'exec /usr/bin/chromium "$@"',
  ].join(" && ");
  writeFileSync(join(folder, "inside"), inside);
  writeFileSync(script, `#!/bin/sh\nexec unshare -m sh ${join(folder, "inside")} "$@"\n`, { mode: 0o755 });
  return script;
}

const over = (pty) => PORTS.map((port) => `mount --bind ${pty} /dev/${port}`);
const free = PORTS.map((port) => `umount /dev/${port}`);

/** Lays another pty over the ports of the running Chromium. */
export function plugIn(folder, pty) {
  const pid = readFileSync(join(folder, "pid"), "utf8").trim();
  execFileSync("nsenter", ["-t", pid, "-m", "sh", "-c", [...free, ...over(pty)].join(" && ")]);
}
