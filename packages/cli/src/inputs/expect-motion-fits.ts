import type { Model, ModelManifest } from "@bunraku/animate";
import { BunrakuError, type Warning } from "@bunraku/backends";
import type { MotionFile } from "./motion-file.ts";

/**
 * Checks that a model can be moved by a clip.
 *
 * @returns A warning when another model found its keypoints: they mean other places.
 * @throws `MOTION` when it has other keypoints, or times that no video has
 */
export function expectMotionFits(
  clip: MotionFile,
  model: Pick<Model, "numKeypoints" | "hasJacobians">,
  manifest: Pick<ModelManifest, "name">,
): Warning[] {
  expectPlayable(clip);
  const { path, header } = clip;
  const jacobians = header.parts.jacobians !== undefined;
  const recorded = header.model?.name;
  if (header.keypoints !== model.numKeypoints || jacobians !== model.hasJacobians) {
    const say = (count: number, jacobians: boolean) => `${count} keypoints ${jacobians ? "with" : "without"} jacobians`;
    throw new BunrakuError(
      "MOTION",
      `${path}: this motion has ${say(header.keypoints, jacobians)}, the model ${manifest.name} has ${say(model.numKeypoints, model.hasJacobians)}. Use the model it was recorded with${recorded ? ` (${recorded})` : ""}.`,
    );
  }
  if (!recorded || recorded === manifest.name) return [];
  const message = `${path} was recorded with the model ${recorded}; the keypoints of ${manifest.name} may be at other places.`;
  return [{ type: "other-model", message }];
}

/** GIF shows a long frame as many short ones: one that lasts for ever would take all memory. */
const longestPause = 3600;
const [slowest, fastest] = [1 / longestPause, 1000];

function expectPlayable({ path, frameRate, longestPause: pause }: MotionFile): void {
  if (pause <= longestPause && frameRate >= slowest && frameRate <= fastest) return;
  const problem = pause > longestPause ? `a pause of ${pause} seconds` : `${frameRate} frames per second`;
  throw new BunrakuError(
    "MOTION",
    `${path}: this motion has ${problem}, which cannot be played: 1000 frames per second to one per hour can.`,
  );
}
