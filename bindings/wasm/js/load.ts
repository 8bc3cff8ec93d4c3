import initHost, { type InitInput } from "./wasm/simcom_at.js";
import initVirtual from "./wasm/virtual_modem.js";

type Given = InitInput | Promise<InitInput>;

/** Loads a module once; a failure may be tried again. */
function once(start: (given?: Given) => Promise<void>): (given?: Given) => Promise<void> {
  let loading: Promise<void> | undefined;
  return (given) => {
    loading ??= start(given).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

/**
 * Loads the WebAssembly module of the host's side, once: `Session`, `Observer`, `Transcript` and the functions. `Modem` does
 * it itself.
 *
 * @param given Its bytes, its URL, a `Response` or a compiled module, where it is not beside the code.
 */
export const loadHost: (given?: Given) => Promise<void> = once(async (given) => {
  const from = (await given) ?? (await bytesInNode(() => new URL("./wasm/simcom_at_bg.wasm", import.meta.url)));
  await (from === undefined ? initHost() : initHost({ module_or_path: from }));
});

/** The same for the module of `VirtualModem`. `VirtualTransport` does it itself. */
export const loadVirtual: (given?: Given) => Promise<void> = once(async (given) => {
  const from = (await given) ?? (await bytesInNode(() => new URL("./wasm/virtual_modem_bg.wasm", import.meta.url)));
  await (from === undefined ? initVirtual() : initVirtual({ module_or_path: from }));
});

/** Loads both. Await it, or the one that is needed, before the first `new Session(…)` or `new VirtualModem(…)`. */
export async function load(): Promise<void> {
  await Promise.all([loadHost(), loadVirtual()]);
}

/** Node does not fetch files. The name is no constant, so that bundlers for browsers leave it alone. */
async function bytesInNode(at: () => URL): Promise<BufferSource | undefined> {
  if (!globalThis.process?.versions?.node || !import.meta.url.startsWith("file:")) return undefined;
  const name = "node:fs/promises";
  const { readFile } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as typeof import("node:fs/promises");
  return readFile(at());
}
