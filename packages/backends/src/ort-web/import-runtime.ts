import { BunrakuError } from "../contract/error.ts";
import type { Ort } from "../ort/messages.ts";

/** Node, and not a page in Electron. */
export const inNode =
  typeof globalThis.process?.versions?.node === "string" &&
  typeof document === "undefined" &&
  !("WorkerGlobalScope" in globalThis);

/**
 * Imports onnxruntime-web for this thread.
 *
 * @throws `BACKEND_MISSING` when it is not installed.
 */
export async function importRuntime(imported: () => Promise<unknown> = importPeer): Promise<Ort> {
  try {
    return (await imported()) as Ort;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    // Node says the first, browsers the others.
    if (/Cannot find (package|module)|resolve module specifier|bare specifier|was a bare/i.test(message)) {
      throw new BunrakuError(
        "BACKEND_MISSING",
        "ort-web: cannot import onnxruntime-web. Install it: npm install onnxruntime-web",
        { cause },
      );
    }
    throw new BunrakuError("BACKEND_UNAVAILABLE", `ort-web: onnxruntime-web cannot be imported: ${message}`, { cause });
  }
}

function importPeer(): Promise<unknown> {
  // The build for Node of the same WebAssembly: `/wasm` wants to fetch() from node_modules, and cannot start threads in
  // Node. In browsers this entry is another, slower runtime, so bundlers must not see its name.
  const forNode = "onnxruntime-web";
  return inNode ? import(/* @vite-ignore */ /* webpackIgnore: true */ forNode) : import("onnxruntime-web/wasm");
}
