import { BunrakuError, type Shape, sizeOf, type Tensor } from "@bunraku/backends";
import {
  createKernelRunner,
  type Device,
  type DeviceArray,
  deviceTensor,
  type GpuKernel,
  type KernelRunner,
  type KernelSite,
} from "@bunraku/backends/webgpu";
import { blendWeightsKernel } from "@bunraku/generator/webgpu";
import { createPictureWarper, warpImageKernel } from "@bunraku/warp/webgpu";
import type { CanvasContext } from "./live-canvas.ts";
import type { LivePresenter, LiveSource } from "./live-presenter.ts";

/** What is compiled for frames of a model: their sizes do not change. */
interface Steps {
  readonly warp: KernelRunner;
  readonly blend: KernelRunner;
}

const storage = 0x80 | 0x08; // STORAGE | COPY_DST, by number as elsewhere

/**
 * The source, moved at the canvas's resolution and painted over with the generator's pixels where it does not show what is
 * needed: what `compose` makes for "hybrid", without leaving the device.
 *
 * @param options.alignCorners how the model samples
 */
export function createHybridPresenter(
  device: Device,
  context: CanvasContext,
  { still, image }: LiveSource,
  { alignCorners }: { readonly alignCorners: boolean },
): LivePresenter {
  const [, , height, width] = image.dims;
  const weightDims = [1, 1, height, width] as const;
  const array = (dims: Shape): DeviceArray & Disposable => {
    const buffer = device.createBuffer({ size: 4 * sizeOf(dims), usage: storage });
    return { buffer, dims, [Symbol.dispose]: () => buffer.destroy() };
  };
  const [source, warped, weights] = [array(image.dims), array(image.dims), array(weightDims)];
  device.queue.writeBuffer(source.buffer, 0, image.data as Float32Array<ArrayBuffer>);
  const warper = createPictureWarper(device, context, still, { alignCorners });
  let steps: Steps | undefined;

  const compile = async (flow: Tensor, occlusion: Tensor | undefined): Promise<Steps> => {
    const attributes = { align_corners: alignCorners ? 1 : 0 };
    const warp = await runnerOf(device, warpImageKernel, [source, flow], warped, attributes);
    try {
      const blend = await runnerOf(device, blendWeightsKernel, [warped, source, occlusion], weights);
      return { warp, blend };
    } catch (error) {
      warp[Symbol.dispose]();
      throw error;
    }
  };

  return {
    async present({ flow, prediction, occlusion }) {
      steps ??= await compile(flow!, occlusion);
      const encoder = device.createCommandEncoder();
      steps.warp.encode(encoder, [source, onDevice(flow!)], [warped]);
      steps.blend.encode(encoder, [warped, onDevice(prediction!), occlusion && onDevice(occlusion)], [weights]);
      device.queue.submit([encoder.finish()]);
      using shares = deviceTensor(device, weights.buffer, weightDims);
      warper.present(flow!, { weights: shares, image: prediction! });
    },
    [Symbol.dispose]() {
      for (const made of [source, warped, weights, warper, ...Object.values(steps ?? {})]) made[Symbol.dispose]();
    },
  };
}

/** A kernel for values of these sizes. @throws `UNSUPPORTED` when they are too large for a device */
function runnerOf(
  device: Device,
  kernel: GpuKernel,
  inputs: readonly (Pick<Tensor, "dims"> | undefined)[],
  output: Pick<Tensor, "dims">,
  attributes: KernelSite["attributes"] = {},
): Promise<KernelRunner> {
  const site = { inputs: inputs.map((input) => input && { dims: input.dims }), outputs: [output], attributes };
  const plan = kernel.plan(site);
  if (plan) return createKernelRunner(device, plan);
  const [, , height, width] = output.dims;
  throw new BunrakuError(
    "UNSUPPORTED",
    `live: "hybrid" cannot be rendered on this device for frames of ${width} × ${height}. Use "warp" or "generator".`,
  );
}

/** @throws `UNSUPPORTED` when the tensor is on the CPU */
function onDevice({ buffer, dims }: Tensor): DeviceArray {
  if (buffer) return { buffer, dims };
  throw new BunrakuError("UNSUPPORTED", "live: the model's outputs are on the CPU. Load it on a backend of WebGPU.");
}
