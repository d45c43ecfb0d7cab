import type { ConvSite } from "../conv-forms/conv-site.ts";
import { SiteWriter } from "../conv-forms/site-writer.ts";
import { transformKernels } from "../winograd/transform-kernels.ts";
import { squared, type TileSide, type Transform, transformOf } from "../winograd/transforms.ts";
import { fromPoints } from "../winograd/winograd.ts";
import { type PixelOrder, tileOrder } from "./pixel-order.ts";
import type { Rows, RowsWriter } from "./rows-writer.ts";

/**
 * A 3×3 convolution by minimal filtering, from rows to rows: what each tile reads is gathered, both transforms are products
 * of matrices, and pixels come out tile by tile.
 *
 * @see winograd
 */
export function rowsWinograd(site: ConvSite, side: TileSide, writer: RowsWriter): Rows {
  const { byPoint, transform, points, tiles } = spread(site, side, writer);
  const [inputs, channels] = site.channels;
  const order = tileOrder(site.outputSize, side);
  const name = nameIn(site);
  const kernels = writer.constants.floats(name("kernels"), [points, inputs, channels], () =>
    transformKernels(site.weight.data, site.channels, transform.kernel, "inputs first"),
  );
  const products = writer.node("MatMul", name("products"), [byPoint, kernels], [points, tiles, channels]);
  const back = writer.constants.floats(`from_points_${kindOf(site, side)}`, [side ** 2, points], () =>
    squared(transform.output),
  );
  const size = tiles * channels;
  const flat = writer.reshape(name("flat_products"), products, [points, size]);
  const sums = writer.node("MatMul", name("sums"), [back, flat], [side ** 2, size]);
  const result = writer.reshape(name("result"), sums, [order.rows, channels]);
  if (!site.bias) return { name: result, order, channels };
  const shifted = writer.node("Add", name("shifted"), [result, site.bias.name], [order.rows, channels]);
  return { name: shifted, order, channels };
}

/** The same, from rows to the map that the graph has: for where a chain ends. */
export function rowsWinogradToMap(site: ConvSite, side: TileSide, writer: RowsWriter): void {
  const { byPoint, transform, points, tiles } = spread(site, side, writer);
  const [inputs, channels] = site.channels;
  const name = nameIn(site);
  const turnedInput = writer.node("Transpose", name("turned"), [byPoint], [points, inputs, tiles], { perm: [0, 2, 1] });
  const kernels = writer.constants.floats(name("kernels"), [points, channels, inputs], () =>
    transformKernels(site.weight.data, site.channels, transform.kernel, "outputs first"),
  );
  const products = writer.node("MatMul", name("products"), [kernels, turnedInput], [points, channels, tiles]);
  const back = new SiteWriter(site.output, writer.constants);
  fromPoints(site, transform, products, back);
  writer.addMap(site.output, back);
}

/** What every tile reads, at the points. `[points, tiles, I]` */
function spread(site: ConvSite, side: TileSide, writer: RowsWriter) {
  const transform = transformOf(side, { upsampling: site.upsampling !== undefined });
  const points = transform.input.length ** 2;
  const [inputs] = site.channels;
  const tiles = tileOrder(site.outputSize, side).rows / side ** 2;
  const read = transform.window ** 2;
  const name = nameIn(site);
  const kind = kindOf(site, side);
  const x = writer.rows(site.input);
  const nothing = writer.constants.floats(`row_of_zeros_${inputs}`, [1, inputs], () => new Float32Array(inputs));
  const bordered = writer.node("Concat", name("bordered"), [x.name, nothing], [x.order.rows + 1, inputs], { axis: 0 });
  const index = writer.constants.ints(
    `${x.order.key} → windows of ${kind} ${site.pads.slice(0, 2)} ${site.outputSize}`,
    () => windowRows(x.order, site, transform),
  );
  const windows = writer.node("Gather", name("windows"), [bordered, index], [read * tiles, inputs], { axis: 0 });
  const toPoints = writer.constants.floats(`to_points_${kind}`, [points, read], () => squared(transform.input));
  const flat = writer.reshape(name("flat_windows"), windows, [read, tiles * inputs]);
  const values = writer.node("MatMul", name("spread"), [toPoints, flat], [points, tiles * inputs]);
  return { byPoint: writer.reshape(name("by_point"), values, [points, tiles, inputs]), transform, points, tiles };
}

function nameIn(site: ConvSite): (part: string) => string {
  return (part) => `${site.output}.${part}`;
}

function kindOf(site: ConvSite, side: TileSide): string {
  return `${side}${site.upsampling ? "_doubled" : ""}`;
}

/** Rows that the tiles read, all first pixels of windows before all second ones; the last row stands for what is outside. */
function windowRows(order: PixelOrder, site: ConvSite, { outputs, step, window }: Transform): BigInt64Array {
  const [height, width] = site.inputSize;
  const [above, before] = site.upsampling ? [1, 1] : site.pads;
  const [down, across] = site.outputSize.map((side) => Math.ceil(side / outputs)) as [number, number];
  const rows = new BigInt64Array(window * window * down * across);
  let at = 0;
  for (let i = 0; i < window; i++) {
    for (let j = 0; j < window; j++) {
      for (let row = 0; row < down; row++) {
        for (let column = 0; column < across; column++) {
          const [y, x] = [row * step + i - above, column * step + j - before];
          const inside = y >= 0 && x >= 0 && y < height && x < width;
          rows[at++] = BigInt(inside ? order.rowOf(y, x) : order.rows);
        }
      }
    }
  }
  return rows;
}
