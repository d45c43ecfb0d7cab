import { BunrakuError } from "../contract/error.ts";
import type { DeviceDescription } from "../contract/report.ts";
import { BufferPool } from "./buffer-pool.ts";
import { nodeGpu } from "./node-gpu.ts";

/** What is asked of the machine. */
export interface GpuRequest {
  /** Whether half precision will be used, if there is any. */
  readonly half: boolean;
  /** Whether a processor that plays the part of a GPU will do. */
  readonly software: boolean;
  readonly powerPreference?: "low-power" | "high-performance";
}

/** A device, and whether it is still there. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly description: DeviceDescription;
  /** What was lost, once it is. */
  readonly lost: { reason?: string };
  /** Memory that all sessions on it share. */
  readonly pool: BufferPool;
  /** Buffers made on it and not destroyed, ours and the runtime's. */
  readonly memory: { buffers: number; bytes: number };
}

const limits = [
  "maxBufferSize",
  "maxStorageBufferBindingSize",
  "maxComputeWorkgroupStorageSize",
  "maxComputeInvocationsPerWorkgroup",
  "maxComputeWorkgroupSizeX",
  "maxComputeWorkgroupSizeY",
  "maxComputeWorkgroupSizeZ",
  "maxComputeWorkgroupsPerDimension",
  "maxStorageBuffersPerShaderStage",
] as const;

/** `navigator.gpu`, or in Node that of the npm package `webgpu`. */
export async function findGpu(): Promise<GPU> {
  const own = (globalThis as { navigator?: Navigator }).navigator?.gpu;
  if (own) return own;
  if (typeof process !== "undefined" && process.versions?.node) return nodeGpu();
  throw new BunrakuError(
    "BACKEND_UNAVAILABLE",
    "webgpu: this browser has no WebGPU here (navigator.gpu is absent). It needs https or localhost, and a browser with WebGPU; else use ortWeb().",
  );
}

/**
 * Asks for a device with all that its adapter can do: the runtime cannot raise limits later.
 *
 * @throws `BACKEND_UNAVAILABLE`
 */
export async function requestGpu(gpu: GPU, { half, software, powerPreference }: GpuRequest): Promise<Gpu> {
  const adapter = await gpu.requestAdapter(powerPreference ? { powerPreference } : {});
  if (!adapter)
    throw new BunrakuError(
      "BACKEND_UNAVAILABLE",
      "webgpu: there is no adapter: no GPU that this browser or driver supports, or it is blocked. Use another backend.",
    );
  const description = describe(adapter.info, adapter.features, half);
  if (description.software && !software)
    throw new BunrakuError(
      "BACKEND_UNAVAILABLE",
      "webgpu: the only adapter is a software one, which is right and very slow. Use ortWeb(), or allow it: software: true.",
    );
  const device = await adapter.requestDevice({
    requiredFeatures: description.features as GPUFeatureName[],
    requiredLimits: Object.fromEntries(limits.map((name) => [name, adapter.limits[name]])),
  });
  return watch(device, description);
}

/** Follows a device that somebody else made, with all its abilities. */
export function borrowGpu(device: GPUDevice): Gpu {
  return watch(device, describe(device.adapterInfo, device.features, true));
}

function watch(device: GPUDevice, description: DeviceDescription): Gpu {
  const lost: Gpu["lost"] = {};
  device.lost.then(({ reason, message }) => {
    lost.reason = message || reason || "unknown";
  });
  const memory = countBuffers(device);
  return { device, description, lost, pool: new BufferPool(device), memory };
}

const wanted = ["shader-f16", "subgroups", "timestamp-query"];

/** What an adapter, or a device, tells of itself, and which of its abilities are in use. */
function describe(info: GPUAdapterInfo | undefined, features: GPUSupportedFeatures, half: boolean): DeviceDescription {
  const { vendor, architecture, description, isFallbackAdapter } = info ?? ({} as Partial<GPUAdapterInfo>);
  const software = isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|warp/i.test(`${architecture} ${description}`);
  return {
    ...(vendor && { vendor }),
    ...(architecture && { architecture }),
    ...(description && { description }),
    software,
    features: wanted.filter((name) => features.has(name) && (half || name !== "shader-f16")),
  };
}

const counts = new WeakMap<GPUDevice, Gpu["memory"]>();

/** Counts by standing between the device and whoever makes buffers on it: the runtime's are counted, too. */
function countBuffers(device: GPUDevice): Gpu["memory"] {
  const known = counts.get(device);
  if (known) return known;
  const memory = { buffers: 0, bytes: 0 };
  counts.set(device, memory);
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    const { size } = descriptor;
    memory.buffers++;
    memory.bytes += size;
    const destroy = buffer.destroy.bind(buffer);
    let alive = true;
    buffer.destroy = () => {
      if (alive) {
        memory.buffers--;
        memory.bytes -= size;
      }
      alive = false;
      return destroy();
    };
    return buffer;
  };
  return memory;
}
