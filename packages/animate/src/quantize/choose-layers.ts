import type { ModelDifference } from "./compare-models.ts";
import type { Quantization } from "./quantization.ts";

/** A layer of one of the graphs. */
export interface Layer {
  readonly graph: string;
  readonly layer: string;
}

/** A layer that stays in float32, and how far the model is off when it alone computes in integers. */
export interface KeptLayer extends Layer {
  readonly psnr: number;
}

/** Which layers compute in integers. */
export interface LayerChoice {
  readonly kept: readonly KeptLayer[];
  readonly difference: ModelDifference;
}

/**
 * Chooses the layers that stay in float32: as few as reach the target, the worst ones first.
 *
 * When all together do not reach it, each is tried alone; then the number of those kept is found by halving.
 *
 * @param measure how far the model is off when these layers, and no others, compute in integers
 */
export async function chooseLayers(
  layers: readonly Layer[],
  targetPsnr: number,
  measure: (integers: readonly Layer[]) => Promise<ModelDifference>,
  onStep: (done: number, of: number) => void = () => undefined,
): Promise<LayerChoice> {
  const halvings = Math.ceil(Math.log2(layers.length + 1));
  const all = await measure(layers);
  if (all.psnr >= targetPsnr) return { kept: [], difference: all };
  const total = layers.length + halvings;
  const alone: KeptLayer[] = [];
  for (const [i, layer] of layers.entries()) {
    onStep(i, total);
    alone.push({ ...layer, psnr: (await measure([layer])).psnr });
  }
  alone.sort((a, b) => a.psnr - b.psnr);
  // Keeping `few` is not enough, keeping `many` is; with all kept there is no difference.
  let [few, many] = [0, alone.length];
  let difference: ModelDifference | undefined;
  for (let step = 0; many - few > 1; step++) {
    onStep(layers.length + step, total);
    const middle = Math.floor((few + many) / 2);
    const tried = await measure(alone.slice(middle));
    if (tried.psnr >= targetPsnr) [many, difference] = [middle, tried];
    else few = middle;
  }
  return { kept: alone.slice(0, many), difference: difference ?? (await measure(alone.slice(many))) };
}

/** The same ranges, with other layers kept: all that are not in `integers`. */
export function withLayers(
  quantization: Quantization,
  layers: readonly Layer[],
  integers: readonly Layer[],
): Quantization {
  const chosen = new Set(integers.map(({ graph, layer }) => `${graph} ${layer}`));
  return Object.fromEntries(
    Object.entries(quantization).map(([graph, { ranges }]) => {
      const keep = layers
        .filter((layer) => layer.graph === graph && !chosen.has(`${graph} ${layer.layer}`))
        .map(({ layer }) => layer);
      return [graph, { ranges, keep }];
    }),
  );
}
