import { BunrakuError } from "@bunraku/backends";
import { decodeModel, encodeModel, type Graph, type GraphValue } from "@bunraku/backends/onnx";
import { strides } from "./decode-faces.ts";

const channels = { cls: 1, obj: 1, bbox: 4, kps: 10 } as const;

/**
 * YuNet for squares of `size` pixels.
 *
 * Only the declared dims name a size; the operators of YuNet work at any.
 *
 * @param model The file that `yunet` names. Borrowed.
 * @returns An ONNX model: `input` `[1, 3, size, size]`; for each stride of 8, 16, 32 `cls_8` and `obj_8` `[1, 1, c, c]`,
 * `bbox_8` `[1, 4, c, c]`, `kps_8` `[1, 10, c, c]` with c = size / stride.
 * @throws `MODEL`
 */
export function yunetAt(size: number, model: Uint8Array): Uint8Array {
  const graph = readGraph(model);
  const input = graph.inputs[0];
  const outputs = strides.flatMap((stride) =>
    Object.entries(channels).map(([kind, count]): GraphValue => {
      const name = `${kind}_${stride}`;
      const found = graph.outputs.find((output) => output.name === name);
      if (found?.dims.length !== 4 || found.dims[1] !== count) {
        throw wrongModel(`output ${name} must be [1, ${count}, H, W], got ${found ? `[${found.dims}]` : "none"}`);
      }
      return { name, type: "float32", dims: [1, count, size / stride, size / stride] };
    }),
  );
  if (graph.inputs.length !== 1 || input?.name !== "input" || input.dims.length !== 4 || input.dims[1] !== 3) {
    throw wrongModel("it must have one input, [1, 3, H, W]");
  }
  return encodeModel({ ...graph, inputs: [{ name: "input", type: "float32", dims: [1, 3, size, size] }], outputs });
}

function readGraph(model: Uint8Array): Graph {
  try {
    return decodeModel(model);
  } catch (cause) {
    throw wrongModel(cause instanceof Error ? cause.message.replace(/\.$/, "") : String(cause), cause);
  }
}

function wrongModel(what: string, cause?: unknown): BunrakuError {
  return new BunrakuError(
    "MODEL",
    `face detector: the model must be the YuNet of @bunraku/faces (its \`yunet\`): ${what}.`,
    cause === undefined ? undefined : { cause },
  );
}
