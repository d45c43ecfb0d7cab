import type { GlobalType, Tensor } from "@bunraku/backends";
import type { Device } from "@bunraku/backends/webgpu";
import { createImagePainter, type ImagePainter } from "./image-painter.ts";
import { imageOnDevice } from "./on-device.ts";

/** Shows images on a canvas. */
export interface FramePresenter extends Disposable {
  /**
   * Draws an image over the whole canvas, bilinearly where sizes differ; it shows with the page's next frame.
   *
   * @param image `[1, 3, H, W]` on the presenter's device, RGB, clipped to [0, 1]; borrowed until the call returns
   * @throws `SHAPE`, `UNSUPPORTED` when it lives on the CPU
   */
  present(image: Tensor<"float32">): void;
}

/**
 * Makes a presenter: images go from the device to the screen, and nothing is read back.
 *
 * @param context of the canvas, which it configures; disposal takes that back
 * @example using presenter = createFramePresenter(backend.gpu, canvas.getContext("webgpu"));
 */
export function createFramePresenter(device: Device, context: GlobalType<"GPUCanvasContext">): FramePresenter {
  const format = navigator.gpu.getPreferredCanvasFormat();
  context.configure({ device, format, alphaMode: "opaque" });
  const painters = new Map<string, ImagePainter>(); // by size
  return {
    present(image) {
      const { buffer, dims } = imageOnDevice(image, "frame presenter");
      const painter = painters.get(dims.join()) ?? createImagePainter(device, format, dims);
      painters.set(dims.join(), painter);
      const encoder = device.createCommandEncoder();
      painter.encode(encoder, buffer, context.getCurrentTexture().createView());
      device.queue.submit([encoder.finish()]);
    },
    [Symbol.dispose]() {
      context.unconfigure();
    },
  };
}
