import sodium from 'libsodium-wrappers-sumo';

/** Resolves once the WASM module stands; everything in this folder is synchronous afterwards. */
export async function ready() {
  await sodium.ready;
}

export { sodium };
