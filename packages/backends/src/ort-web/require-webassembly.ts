import { BunrakuError } from "../contract/error.ts";

const emptyModule = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);

/**
 * Makes sure that WebAssembly may be compiled on this thread: a content security policy that forbids it fails late, and
 * in words of the runtime's.
 *
 * @throws `BACKEND_UNAVAILABLE`
 */
export function requireWebAssembly(): void {
  if (typeof WebAssembly === "undefined") {
    throw new BunrakuError("BACKEND_UNAVAILABLE", "ort-web: there is no WebAssembly here; it may be switched off.");
  }
  try {
    new WebAssembly.Module(emptyModule);
  } catch (cause) {
    throw new BunrakuError(
      "BACKEND_UNAVAILABLE",
      "ort-web: the Content-Security-Policy forbids WebAssembly. Add 'wasm-unsafe-eval' to its script-src, for the page and for the worker's script.",
      { cause },
    );
  }
}
