import { BunrakuError, expectShape, type GlobalType, type Tensor } from "@bunraku/backends";
import type { Device, DeviceBuffer } from "@bunraku/backends/webgpu";
import { expectPicture, type Picture } from "../pixels/picture.ts";
import { createWarpPainter, type WarpPainter } from "./warp-painter.ts";

/** Shows one picture on a canvas, moved by flows. */
export interface PictureWarper extends Disposable {
  /**
   * Draws the picture as a flow moves it, over the whole canvas; it shows with the page's next frame.
   *
   * @param flow `[1, h, w, 2]` on the warper's device, of any size; borrowed until the call returns
   * @param blend where, and with what, the picture is painted over; borrowed until the call returns @default nowhere
   * @throws `SHAPE`; `UNSUPPORTED` when something lives on the CPU
   */
  present(flow: Tensor<"float32">, blend?: DeviceBlend): void;
}

/** A `BlendMap` on the warper's device. */
export interface DeviceBlend {
  /** `[1, 1, H, W]` */
  readonly weights: Tensor<"float32">;
  /** `[1, 3, H, W]` */
  readonly image: Tensor<"float32">;
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
  const painters = new Map<string, WarpPainter>(); // by the sizes of flow and paint
  return {
    present(flow, blend) {
      const { dims } = expectShape(flow, [1, "H", "W", 2], "picture warper flow");
      const moves = bufferOf(flow, "flow");
      const painted = blend && expectShape(blend.image, [1, 3, "H", "W"], "picture warper blend image").dims;
      const size = painted && { height: painted[2], width: painted[3] };
      if (size) expectShape(blend.weights, [1, 1, size.height, size.width], "picture warper blend weights");
      const buffers = blend && { weights: bufferOf(blend.weights, "weights"), image: bufferOf(blend.image, "image") };
      const key = [...dims, ...(painted ?? [])].join();
      const options = {
        picture,
        cells: { height: dims[1], width: dims[2] },
        alignCorners,
        ...(size && { blend: size }),
      };
      const painter = painters.get(key) ?? createWarpPainter(device, format, options);
      painters.set(key, painter);
      const encoder = device.createCommandEncoder();
      painter.encode(encoder, moves, texture.createView(), context.getCurrentTexture().createView(), buffers);
      device.queue.submit([encoder.finish()]);
    },
    [Symbol.dispose]() {
      context.unconfigure();
      texture.destroy();
    },
  };
}

function bufferOf({ buffer }: Tensor<"float32">, what: string): DeviceBuffer {
  if (buffer) return buffer;
  throw new BunrakuError(
    "UNSUPPORTED",
    `picture warper: the ${what} is on the CPU. Ask the model to keep it on the device (keep), or use warpPicture.`,
  );
}
