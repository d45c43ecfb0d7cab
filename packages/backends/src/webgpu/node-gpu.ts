import { BunrakuError } from "../contract/error.ts";

/** What the npm package `webgpu` (Dawn for Node) exports. */
interface DawnModule {
  readonly create: (flags: string[]) => GPU;
  readonly globals: Record<string, unknown>;
}

// Dawn's instance must not be collected while its devices live, or the process dies; one serves all backends.
let instance: GPU | undefined;

/**
 * WebGPU in Node: the `GPU` of the npm package `webgpu`, an optional peer.
 *
 * It defines WebGPU's global classes, which onnxruntime-web looks up, and mends `writeBuffer` for views of shared memory,
 * which Dawn refuses and onnxruntime's threads-capable heap is.
 *
 * @throws `BACKEND_MISSING`, `BACKEND_UNAVAILABLE`
 */
export async function nodeGpu(): Promise<GPU> {
  if (instance) return instance;
  let dawn: DawnModule;
  try {
    const name = "webgpu"; // not a literal, so that bundlers for browsers leave it alone
    dawn = (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as DawnModule;
  } catch (cause) {
    const { code, message } = cause as { code?: string; message?: string };
    if (code === "ERR_MODULE_NOT_FOUND" || /Cannot find (package|module)/.test(message ?? ""))
      throw new BunrakuError("BACKEND_MISSING", "webgpu: cannot import `webgpu`. Install it: npm install webgpu", {
        cause,
      });
    throw new BunrakuError("BACKEND_UNAVAILABLE", `webgpu: the package \`webgpu\` cannot start here: ${message}`, {
      cause,
    });
  }
  Object.assign(globalThis, dawn.globals);
  mendWriteBuffer(globalThis.GPUQueue.prototype);
  instance = dawn.create([]);
  return instance;
}

function mendWriteBuffer(queue: GPUQueue): void {
  const write = queue.writeBuffer as (...args: unknown[]) => undefined;
  queue.writeBuffer = function (this: GPUQueue, buffer: GPUBuffer, offset: number, data: unknown, ...range: number[]) {
    const shared = ArrayBuffer.isView(data) && data.buffer instanceof SharedArrayBuffer;
    return write.call(this, buffer, offset, shared ? (data as Uint8Array).slice() : data, ...range);
  } as GPUQueue["writeBuffer"];
}
