import { BunrakuError, expectShape, type GlobalType, type Tensor } from "@bunraku/backends";
import type { Device } from "@bunraku/backends/webgpu";
import { expectPicture, type Picture } from "../pixels/picture.ts";
import { createWarpPainter, type WarpPainter } from "./warp-painter.ts";

/** Shows one picture on a canvas, moved by flows. */
export interface PictureWarper extends Disposable {
  /**
   * Draws the picture as a flow moves it, over the whole canvas; it shows with the page's next frame.
   *
   * @param flow `[1, h, w, 2]` on the warper's device, of any size; borrowed until the call returns
   * @throws `SHAPE`; `UNSUPPORTED` when it lives on the CPU
   */
  present(flow: Tensor<"float32">): void;
}

/**
 * `warpPicture` from the device to the screen: a picture at its own resolution, moved by a model's small flow.
 *
 * @param context of the canvas, which it configures; disposal takes that back
 * @param picture at the canvas's resolution, opaque; borrowed during the call
 * @throws `SHAPE`
 */
export function createPictureWarper(
  device: Device,
  context: GlobalType<"GPUCanvasContext">,
  picture: Picture,
  { alignCorners }: { readonly alignCorners: boolean },
): PictureWarper {
  expectPicture(picture, "picture warper");
  const { width, height, data } = picture;
  const format = navigator.gpu.getPreferredCanvasFormat();
  context.configure({ device, format, alphaMode: "opaque" });
  const texture = device.createTexture({ size: [width, height], format: "rgba8unorm", usage: 0x02 | 0x04 });
  const rows = { bytesPerRow: 4 * width };
  device.queue.writeTexture({ texture }, data as Uint8Array<ArrayBuffer>, rows, [width, height]);
  const painters = new Map<string, WarpPainter>(); // by the flow's size
  return {
    present(flow) {
      const { dims, buffer } = expectShape(flow, [1, "H", "W", 2], "picture warper flow");
      if (!buffer)
        throw new BunrakuError(
          "UNSUPPORTED",
          "picture warper: the flow is on the CPU. Ask the model to keep it on the device (keep), or use warpPicture.",
        );
      const cells = { height: dims[1], width: dims[2] };
      const painter = painters.get(dims.join()) ?? createWarpPainter(device, format, { picture, cells, alignCorners });
      painters.set(dims.join(), painter);
      const encoder = device.createCommandEncoder();
      painter.encode(encoder, buffer, texture.createView(), context.getCurrentTexture().createView());
      device.queue.submit([encoder.finish()]);
    },
    [Symbol.dispose]() {
      context.unconfigure();
      texture.destroy();
    },
  };
}
