import { BunrakuError } from "@bunraku/backends";
import { type Device, type DeviceTensor, deviceTensor } from "@bunraku/backends/webgpu";
import type { Size } from "../resize/resize-bilinear.ts";
import { type FrameTexture, imageFromNarrowWgsl, narrowFrameWgsl, readerThreads } from "./frame-reader.wgsl.ts";
import { packTaps } from "./pack-taps.ts";
import { type Crop, centreCrop, expectCrop, expectPicture } from "./picture.ts";
import { type PixelSource, type SortedSource, sortSource } from "./pixel-source.ts";
import { resampling } from "./resampling.ts";

/** An image on a device: `[1, 3, H, W]`, RGB in [0, 1]. */
export type DeviceImage = DeviceTensor<readonly [1, 3, number, number]>;

export interface FrameReaderOptions {
  /** Of the images. */
  readonly size: Size;
  /** Of the frames, in pixels. Frames of another size are read if the crop fits into them. */
  readonly frameSize: { readonly width: number; readonly height: number };
  /** The part to read. @default the largest centred rectangle of the image's aspect */
  readonly crop?: Crop;
  /** What transparent pixels show: RGB bytes. @default white, as `flattenPicture` */
  readonly background?: readonly [number, number, number];
}

/** Reads frames into images on a device. */
export interface FrameReader extends Disposable {
  /**
   * Crops and resizes a frame, which is borrowed until the call returns.
   *
   * @returns Owned by the caller; its memory is used again once it is disposed.
   * @throws `SHAPE`, `OPTION` when the crop does not fit; what the browser throws for a source without pixels
   */
  read(frame: PixelSource): DeviceImage;
}

// GPUBufferUsage and GPUTextureUsage by number: Node has the names only once a GPU was made.
const storage = { image: 0x80 | 0x04 | 0x08, taps: 0x80 | 0x08, scratch: 0x80 };
const textureUsage = 0x02 | 0x04 | 0x10; // COPY_DST | TEXTURE_BINDING | RENDER_ATTACHMENT, which copies from pages need

/**
 * Makes a reader of frames: `createPictureResizer` on a device, from whatever a browser shows and without a detour over
 * the CPU. Bytes are uploaded, pictures and canvases copied, video frames read where they are.
 *
 * @throws `OPTION`
 */
export function createFrameReader(device: Device, options: FrameReaderOptions): FrameReader {
  return new GpuFrameReader(device, options);
}

class GpuFrameReader implements FrameReader {
  #device: GPUDevice;
  #size: Size;
  #crop: Crop;
  #narrowWgsl: (texture: FrameTexture) => string;
  #narrows = new Map<FrameTexture, GPUComputePipeline>();
  #resize: GPUComputePipeline;
  #buffers: Record<"columns" | "rows" | "narrow", GPUBuffer>;
  #texture: GPUTexture | undefined;
  #waiting: GPUBuffer[] | undefined = [];

  constructor(device: GPUDevice, { size, frameSize, background = [255, 255, 255], ...options }: FrameReaderOptions) {
    const { height, width } = size;
    const crop = options.crop ?? centreCrop(frameSize, width / height);
    expectCrop(crop, frameSize, "crop");
    const columns = packTaps(resampling(crop.width, width), crop.width);
    const rows = packTaps(resampling(crop.height, height), crop.height);
    this.#device = device;
    this.#size = size;
    this.#crop = crop;
    this.#narrowWgsl = (texture) => narrowFrameWgsl(texture, { crop, width, columns, background });
    this.#resize = this.#compile(imageFromNarrowWgsl(size, rows));
    this.#buffers = {
      columns: this.#upload(columns.data),
      rows: this.#upload(rows.data),
      narrow: device.createBuffer({ size: 16 * crop.height * width, usage: storage.scratch }),
    };
  }

  read(frame: PixelSource): DeviceImage {
    if (!this.#waiting) throw new BunrakuError("DISPOSED", "frame reader: a frame was read after it was disposed.");
    const source = sortSource(frame);
    if ("bytes" in source) expectPicture(source.bytes, "frame");
    expectCrop(this.#crop, source, "crop");
    const texture = this.#textureOf(source);
    const { height, width } = this.#size;
    const bytes = 16 * Math.ceil((3 * height * width) / 4); // runtimes read four floats at a time, up to the last four
    const buffer = this.#waiting.pop() ?? this.#device.createBuffer({ size: bytes, usage: storage.image });
    const { columns, rows, narrow } = this.#buffers;

    const encoder = this.#device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    const pipeline = this.#narrow("video" in source ? "video" : "texture");
    this.#dispatch(pass, pipeline, [texture, { buffer: columns }, { buffer: narrow }], this.#crop.height);
    this.#dispatch(pass, this.#resize, [{ buffer: narrow }, { buffer: rows }, { buffer }], height);
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
    const free = () => (this.#waiting ? this.#waiting.push(buffer) : buffer.destroy());
    return deviceTensor(this.#device, buffer, [1, 3, height, width], free);
  }

  [Symbol.dispose](): void {
    for (const buffer of [...Object.values(this.#buffers), ...(this.#waiting ?? [])]) buffer.destroy();
    this.#texture?.destroy();
    this.#waiting = undefined;
  }

  #textureOf(source: SortedSource): GPUExternalTexture | GPUTextureView {
    if ("video" in source) return this.#device.importExternalTexture({ source: source.video });
    const { left, top, width, height } = this.#crop;
    this.#texture ??= this.#device.createTexture({ size: [width, height], format: "rgba8unorm", usage: textureUsage });
    const { queue } = this.#device;
    if ("bytes" in source) {
      const bytesPerRow = 4 * source.width;
      const layout = { offset: top * bytesPerRow + 4 * left, bytesPerRow };
      queue.writeTexture({ texture: this.#texture }, source.bytes.data as Uint8Array<ArrayBuffer>, layout, [
        width,
        height,
      ]);
    } else {
      const from = { source: source.image, origin: [left, top] } as const;
      queue.copyExternalImageToTexture(from, { texture: this.#texture, premultipliedAlpha: false }, [width, height]);
    }
    return this.#texture.createView();
  }

  /** Most readers meet one kind of source only. */
  #narrow(texture: FrameTexture): GPUComputePipeline {
    const pipeline = this.#narrows.get(texture) ?? this.#compile(this.#narrowWgsl(texture));
    this.#narrows.set(texture, pipeline);
    return pipeline;
  }

  #compile(code: string): GPUComputePipeline {
    const module = this.#device.createShaderModule({ code });
    return this.#device.createComputePipeline({ layout: "auto", compute: { module, entryPoint: "main" } });
  }

  #upload(data: Float32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.#device.createBuffer({ size: data.byteLength, usage: storage.taps });
    this.#device.queue.writeBuffer(buffer, 0, data);
    return buffer;
  }

  /** Over the image's columns and some rows. */
  #dispatch(
    pass: GPUComputePassEncoder,
    pipeline: GPUComputePipeline,
    resources: readonly GPUBindingResource[],
    rows: number,
  ): void {
    const entries = resources.map((resource, binding) => ({ binding, resource }));
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.#device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
    pass.dispatchWorkgroups(Math.ceil(this.#size.width / readerThreads), Math.ceil(rows / readerThreads));
  }
}
