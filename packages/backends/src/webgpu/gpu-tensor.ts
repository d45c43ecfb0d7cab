import { BunrakuError } from "../contract/error.ts";
import type { Shape, Tensor } from "../contract/tensor.ts";
import type { Device, DeviceBuffer } from "./gpu-types.ts";
import { readBack } from "./read-back.ts";

/** A float32 tensor on a device, and which device that is. */
export interface DeviceTensor<S extends Shape = Shape> extends Tensor<"float32", S> {
  readonly buffer: DeviceBuffer;
  readonly device: Device;
}

/**
 * Makes a tensor of a buffer on a device, so that sessions of a backend on that device read it without a copy.
 *
 * @param buffer usable as storage and copy source; borrowed, unless `free` says what disposal does
 * @param free called once, when the tensor is disposed
 */
export function deviceTensor<const S extends Shape>(
  device: Device,
  buffer: DeviceBuffer,
  dims: S,
  free: () => void = () => undefined,
): DeviceTensor<S> {
  return new OnDevice(device, buffer, dims, free);
}

/** Whether a tensor lives on a device. */
export function isDeviceTensor(tensor: Tensor): tensor is DeviceTensor {
  return "device" in tensor && "buffer" in tensor && tensor.buffer !== undefined;
}

class OnDevice<S extends Shape> implements DeviceTensor<S> {
  readonly type = "float32";
  readonly dims: S;
  readonly device: GPUDevice;
  #buffer: GPUBuffer | undefined;
  #free: () => void;

  constructor(device: GPUDevice, buffer: GPUBuffer, dims: S, free: () => void) {
    this.device = device;
    this.#buffer = buffer;
    this.dims = dims;
    this.#free = free;
  }

  get buffer(): GPUBuffer {
    if (this.#buffer) return this.#buffer;
    throw new BunrakuError("DISPOSED", `tensor [${this.dims.join(", ")}]: it was used after it was disposed.`);
  }

  get data(): Float32Array {
    throw new BunrakuError(
      "NOT_ON_CPU",
      `tensor [${this.dims.join(", ")}]: it lives on the GPU; use \`await tensor.read()\`.`,
    );
  }

  async read(): Promise<Float32Array> {
    const [elements] = await readBack(this.device, [{ buffer: this.buffer, dims: this.dims }]);
    return elements!;
  }

  [Symbol.dispose](): void {
    if (!this.#buffer) return;
    this.#buffer = undefined;
    this.#free();
  }
}
