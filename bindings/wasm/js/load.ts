import { source } from "#source";
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
  const from = (await given) ?? (await source());
  await (from === undefined ? init() : init({ module_or_path: from }));
}
