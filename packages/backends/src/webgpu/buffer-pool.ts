import { type Shape, sizeOf } from "../contract/tensor.ts";
import { type DeviceArray, storageUsage } from "./kernel-runner.ts";

/** An array of a pool; `free` gives its memory back for the next. */
export interface PooledArray extends DeviceArray {
  readonly free: () => void;
}

/**
 * Buffers that are used again: every frame needs the same sizes, and making buffers is slow.
 *
 * What is given back may be handed out at once, because work on a queue is in order.
 */
export class BufferPool implements Disposable {
  #device: GPUDevice;
  #waiting = new Map<number, GPUBuffer[]>();
  #all = new Set<GPUBuffer>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Memory for float32 of these dims; what is in it is undefined. */
  take(dims: Shape): PooledArray {
    const size = paddedBytes(dims);
    const waiting = this.#waiting.get(size) ?? [];
    this.#waiting.set(size, waiting);
    const buffer = waiting.pop() ?? this.#device.createBuffer({ size, usage: storageUsage });
    this.#all.add(buffer);
    let taken = true;
    return {
      buffer,
      dims,
      free: () => {
        if (taken) waiting.push(buffer);
        taken = false;
      },
    };
  }

  /** Elements from the CPU, on the device. */
  upload(data: Float32Array, dims: Shape): PooledArray {
    const array = this.take(dims);
    this.#device.queue.writeBuffer(array.buffer, 0, data as Float32Array<ArrayBuffer>);
    return array;
  }

  /** A copy of an array on the device. */
  copy({ buffer, dims }: DeviceArray): PooledArray {
    const array = this.take(dims);
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, array.buffer, 0, 4 * sizeOf(dims));
    this.#device.queue.submit([encoder.finish()]);
    return array;
  }

  /** Destroys what waits to be used again. */
  trim(): void {
    for (const waiting of this.#waiting.values()) {
      for (const buffer of waiting.splice(0)) {
        buffer.destroy();
        this.#all.delete(buffer);
      }
    }
  }

  /** Destroys all buffers, also those that are out. */
  [Symbol.dispose](): void {
    for (const buffer of this.#all) buffer.destroy();
    this.#all.clear();
    this.#waiting.clear();
  }
}

/** The runtime's shaders read four floats at a time, up to the last four. */
export function paddedBytes(dims: Shape): number {
  return 16 * Math.max(1, Math.ceil(sizeOf(dims) / 4));
}
