import type { Tensor as OrtTensor } from "onnxruntime-common";
import { type DataOf, type DType, type Shape, type Tensor, tensor } from "../contract/tensor.ts";
import { type BufferPool, paddedBytes } from "./buffer-pool.ts";
import type { Gpu } from "./gpu.ts";
import { type DeviceTensor, isDeviceTensor } from "./gpu-tensor.ts";
import type { DeviceArray } from "./kernel-runner.ts";
import { readBack } from "./read-back.ts";
import type { Ort } from "./runtime.ts";

/**
 * A value during a run, on the CPU or on the device, and on both once both have asked for it. What it allocates it frees;
 * what it was made of stays whose it was, but for what a runtime gave.
 */
export class Held implements Disposable {
  readonly type: DType;
  readonly dims: Shape;
  #cpu: DataOf[DType] | undefined;
  #array: DeviceArray | undefined;
  #frees: (() => void)[] = [];

  private constructor(type: DType, dims: Shape) {
    this.type = type;
    this.dims = dims;
  }

  /** A feed, or a constant: borrowed. */
  static borrow(value: Tensor | DeviceTensor): Held {
    const held = new Held(value.type, value.dims);
    if (isDeviceTensor(value)) held.#array = { buffer: value.buffer, dims: value.dims };
    else held.#cpu = value.data;
    return held;
  }

  /** An array on the device, and what frees it. */
  static own(array: DeviceArray, free: () => void): Held {
    const held = new Held("float32", array.dims);
    held.#array = array;
    held.#frees.push(free);
    return held;
  }

  /** What a session of the runtime gave. */
  static fromOrt(value: OrtTensor): Held {
    const held = new Held(value.type as DType, [...value.dims]);
    if (value.location === "gpu-buffer") held.#array = { buffer: value.gpuBuffer as GPUBuffer, dims: held.dims };
    else held.#cpu = value.data as DataOf[DType];
    held.#frees.push(() => value.dispose());
    return held;
  }

  /** Whether its memory on the device can be handed on: a borrowed feed's cannot. */
  get owned(): boolean {
    return this.#frees.length > 0;
  }

  toDevice(pool: BufferPool): DeviceArray {
    if (!this.#array) {
      const uploaded = pool.upload(this.#cpu as Float32Array, this.dims);
      this.#array = uploaded;
      this.#frees.push(uploaded.free);
    }
    return this.#array;
  }

  /** For a session: from wherever it is, if the session reads it there. */
  async toOrt(ort: Ort, onGpu: boolean, { device, pool }: Gpu): Promise<OrtTensor> {
    if (this.#array && onGpu) {
      const { buffer } = this.#padded(this.#array, pool);
      return ort.Tensor.fromGpuBuffer(buffer as never, { dataType: this.type as "float32", dims: this.dims });
    }
    if (!this.#cpu) [this.#cpu] = await readBack(device, [this.#array!]);
    return new ort.Tensor(this.type as "float32", this.#cpu as Float32Array, this.dims);
  }

  /** Users' buffers may end where their elements end; the runtime wants more. */
  #padded(array: DeviceArray, pool: BufferPool): DeviceArray {
    if (array.buffer.size >= paddedBytes(this.dims)) return array;
    const copy = pool.copy(array);
    this.#frees.push(copy.free);
    return copy;
  }

  /** As a tensor on the CPU, its elements copied if they were a runtime's; `undefined` when they are on the device only. */
  toCpu(): Tensor | undefined {
    return this.#cpu && tensor(this.type, this.#cpu.slice() as never, this.dims);
  }

  /** Gives up what it would free, to whoever frees it instead. */
  release(): () => void {
    const frees = this.#frees;
    this.#frees = [];
    return () => {
      for (const free of frees) free();
    };
  }

  [Symbol.dispose](): void {
    this.release()();
  }
}
