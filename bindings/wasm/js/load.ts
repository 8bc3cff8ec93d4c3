import init, { type InitInput } from "./wasm/simcom_at.js";

let loading: Promise<void> | undefined;

/**
 * Loads the WebAssembly module, once. Await it before the first `new Session(…)`; `Modem.connect` and the transports do
 * it themselves.
 *
 * @param given Its bytes, its URL, a `Response` or a compiled module, where it is not beside the code.
 */
export function load(given?: InitInput | Promise<InitInput>): Promise<void> {
  loading ??= start(given).catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function start(given?: InitInput | Promise<InitInput>): Promise<void> {
  const from = (await given) ?? (await bytesInNode());
  await (from === undefined ? init() : init({ module_or_path: from }));
}

/** Node does not fetch files. The name is no constant, so that bundlers for browsers leave it alone. */
async function bytesInNode(): Promise<BufferSource | undefined> {
  if (!globalThis.process?.versions?.node || !import.meta.url.startsWith("file:")) return undefined;
  const name = "node:fs/promises";
  const { readFile } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as typeof import("node:fs/promises");
  return readFile(new URL("./wasm/simcom_at_bg.wasm", import.meta.url));
}
