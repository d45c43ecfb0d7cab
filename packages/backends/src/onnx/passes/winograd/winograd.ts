import type { ConvForm } from "../conv-forms/conv-form.ts";
import type { ConvSite } from "../conv-forms/conv-site.ts";
import { repeated } from "../conv-forms/repeated.ts";
import type { SiteWriter } from "../conv-forms/site-writer.ts";
import { transformKernels } from "./transform-kernels.ts";
import { squared, type TileSide, type Transform, transformOf } from "./transforms.ts";

/** Whether a convolution can be done by minimal filtering, here or on rows of pixels. */
export function fitsWinograd({ batch, kernel, pads, upsampling }: ConvSite): boolean {
  return batch === 1 && `${kernel}` === "3,3" && (upsampling ? `${pads}` === "1,1,1,1" : pads.every((pad) => pad <= 1));
}

/**
 * 3×3 convolutions by minimal filtering: tiles of the input are taken to a few points, multiplied there as matrices, one
 * per pair of points, and taken back. The transforms are a strided convolution and a transposed one, per channel.
 *
 * Tiles of 4 × 4 need 2.25 products per output in place of 9, tiles of 2 × 2 need 4. Where the input is a small map whose
 * pixels were doubled, 1.5625 and 2.25: the doubled map is never made.
 *
 * @see spec 6.2, rows 7, 15 and 16, and 6.4
 */
export function winograd(outputs: TileSide): ConvForm {
  const transform = (site: ConvSite) => transformOf(outputs, { upsampling: site.upsampling !== undefined });
  return {
    fits: fitsWinograd,
    products: (site) => {
      const { input, window } = transform(site);
      const points = input.length ** 2;
      const [inputs, channels] = site.channels;
      const [rows, columns] = tilesOf(site, transform(site));
      return rows * columns * points * (inputs * window ** 2 + inputs * channels + channels * outputs ** 2);
    },
    write: (site, writer) => {
      const { step, window, input, kernel } = transform(site);
      const points = input.length ** 2;
      const [inputs, channels] = site.channels;
      const [rows, columns] = tilesOf(site, transform(site));
      const tiles = rows * columns;
      const { pads, inputSize } = site;
      const kind = `winograd${outputs}${site.upsampling ? "_doubled" : ""}`;
      const toPoints = writer.shared(`${kind}.input.${inputs}`, [inputs * points, 1, window, window], () =>
        repeated(squared(input), inputs),
      );
      // What the last tiles read beyond the input is zero, as what lies beyond its padding is never used.
      const below = (rows - 1) * step + window - inputSize[0] - pads[0];
      const beside = (columns - 1) * step + window - inputSize[1] - pads[1];
      const spread = writer.node("Conv", [site.input, toPoints], [1, inputs * points, rows, columns], {
        kernel_shape: [window, window],
        pads: [pads[0], pads[1], below, beside],
        strides: [step, step],
        group: inputs,
      });
      const byPoint = writer.node(
        "Transpose",
        [writer.reshape(spread, [inputs, points, tiles])],
        [points, inputs, tiles],
        {
          perm: [1, 0, 2],
        },
      );
      const kernels = writer.own(
        "kernels",
        [points, channels, inputs],
        transformKernels(site.weight.data, site.channels, kernel, "outputs first"),
      );
      const products = writer.node("MatMul", [kernels, byPoint], [points, channels, tiles]);
      fromPoints(site, transform(site), products, writer);
    },
  };
}

/**
 * The way back: tile by tile from points to the map that the convolution gives, its bias included.
 *
 * @param products `[points, O, tiles]`
 */
export function fromPoints(site: ConvSite, transform: Transform, products: string, writer: SiteWriter): void {
  const { outputs, output } = transform;
  const points = transform.input.length ** 2;
  const channels = site.channels[1];
  const { outputSize } = site;
  const [rows, columns] = tilesOf(site, transform);
  const byChannel = writer.node("Transpose", [products], [channels, points, rows * columns], { perm: [1, 0, 2] });
  const kind = `winograd${outputs}${site.upsampling ? "_doubled" : ""}`;
  const matrix = writer.shared(`${kind}.output.${channels}`, [channels * points, 1, outputs, outputs], () =>
    repeated(squared(transposed(output)), channels),
  );
  const gathered = writer.reshape(byChannel, [1, channels * points, rows, columns]);
  writer.finish("ConvTranspose", [gathered, matrix, ...(site.bias ? [site.bias.name] : [])], {
    kernel_shape: [outputs, outputs],
    pads: [0, 0, rows * outputs - outputSize[0], columns * outputs - outputSize[1]],
    strides: [outputs, outputs],
    group: channels,
  });
}

function tilesOf({ outputSize: [height, width] }: ConvSite, { outputs }: Transform): [rows: number, columns: number] {
  return [Math.ceil(height / outputs), Math.ceil(width / outputs)];
}

function transposed(rows: readonly (readonly number[])[]): number[][] {
  return rows[0]!.map((_, column) => rows.map((row) => row[column]!));
}
