import { BunrakuError } from "../contract/error.ts";

/**
 * Why a runtime did not start: it says only that compiling failed, so its .wasm is looked at again.
 *
 * @param address Where the .wasm is; if it is not known, what this thread fetched last.
 * @returns `BACKEND_UNAVAILABLE`, naming the address and what is wrong with it.
 */
export async function explainStart(
  cause: unknown,
  address: string | undefined,
  version: string,
): Promise<BunrakuError> {
  const url = address ?? lastWasm();
  const problem = url && !url.startsWith("file:") ? await problemWith(url) : undefined;
  if (problem) {
    return new BunrakuError(
      "BACKEND_UNAVAILABLE",
      `ort-web: ${url} ${problem}; it must be ort-wasm-simd-threaded.wasm of onnxruntime-web ${version}. Say where that is: ortWeb({ wasm: url }).`,
      { cause },
    );
  }
  const said = (cause instanceof Error ? cause.message : String(cause)).split("\n")[0]!;
  return new BunrakuError(
    "BACKEND_UNAVAILABLE",
    `ort-web: onnxruntime-web ${version} cannot start with ${url ?? "the .wasm that it looks for by itself"}: ${said}`,
    { cause },
  );
}

function lastWasm(): string | undefined {
  const fetched = globalThis.performance?.getEntriesByType?.("resource") ?? [];
  return fetched.filter(({ name }) => /\.wasm(\?|$)/.test(name)).at(-1)?.name;
}

async function problemWith(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { credentials: "same-origin" });
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    await reader?.cancel();
    if (!response.ok) return `answers ${response.status}`;
    const magic = String.fromCharCode(...(value?.subarray(0, 4) ?? []));
    return magic === "\0asm" ? undefined : `is ${response.headers.get("content-type") ?? "something"}, not WebAssembly`;
  } catch (error) {
    return `cannot be fetched (${(error as Error).message})`;
  }
}
