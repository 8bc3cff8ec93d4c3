/** Where the WebAssembly module is: `undefined` is beside the code, as a bundler or a server finds it. */
export async function source(): Promise<undefined | BufferSource> {
  return undefined;
}
