import type { ExportDescription, ExportedModel } from "@bunraku/animate";
import { type Backend, BunrakuError, sizeOf, type Tensor, tensor } from "@bunraku/backends";

/**
 * Loads every graph, which makes the runtime check it, and runs them one after the other, as the description says: a
 * picture moved by nothing.
 *
 * @throws when a graph is refused, gives other dims than described, or numbers that are not finite
 */
export async function checkExport(
  backend: Backend,
  files: ExportedModel["files"],
  description: ExportDescription,
  signal: AbortSignal,
): Promise<void> {
  const [height, width] = description.frameSize;
  const pixels = Float32Array.from({ length: 3 * height * width }, (_, i) => 0.5 + 0.4 * Math.sin(i / 97));
  const known: Record<string, Tensor> = { image: tensor("float32", pixels, [1, 3, height, width]) };
  for (const { file, inputs, outputs } of description.graphs) {
    await using session = await backend.load(files[file as keyof typeof files], { signal });
    const feeds = Object.fromEntries(inputs.map(({ name, dims }) => [name, known[name] ?? still(name, dims, known)]));
    const values = await session.run(feeds, { signal });
    for (const { name, dims } of outputs) {
      const value = values[name];
      if (!value || value.dims.join() !== dims.join() || !(value.data as Float32Array).every(Number.isFinite))
        throw new BunrakuError("MODEL", `${file}: "${name}" must be finite numbers, [${dims.join(", ")}].`);
    }
    Object.assign(known, values);
    if (file === "detector.onnx") Object.assign(known, { source: values.points, driving: values.points });
    // Of the detector; the frame's are of the motion.
    delete known.jacobians;
  }
}

/** An input for a picture that does not move. */
function still(name: string, dims: readonly number[], known: Readonly<Record<string, Tensor>>): Tensor {
  if (name === "anchors") return known.source!;
  // Jacobians and precisions [K, 2, 2] are identities; a spline is 0.
  const isMatrix = name === "jacobians" || name.endsWith("Precisions");
  const data = Float32Array.from({ length: sizeOf(dims) }, (_, i) =>
    isMatrix && (i % 4 === 0 || i % 4 === 3) ? 1 : 0,
  );
  return tensor("float32", data, dims);
}
