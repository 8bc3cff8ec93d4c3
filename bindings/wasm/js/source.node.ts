import { readFile } from "node:fs/promises";

/** Where the WebAssembly module is: Node does not fetch files. */
export async function source(): Promise<undefined | BufferSource> {
  return readFile(new URL("./wasm/simcom_at_bg.wasm", import.meta.url));
}
