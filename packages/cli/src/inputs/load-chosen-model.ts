import type { ModelBundle } from "@bunraku/animate";
import { type LoadModelOptions, loadModel, type Model } from "@bunraku/animate";
import type { Backend } from "@bunraku/backends";

/** What a user may say of how a model runs. */
export interface ModelSettings {
  readonly alignCorners?: boolean;
  readonly frameSize?: number;
}

/** Loads a bundle with the settings that were asked for. */
export function loadChosenModel(
  backend: Backend,
  bundle: ModelBundle,
  { alignCorners, frameSize }: ModelSettings,
  signal: AbortSignal,
): Promise<Model> {
  const options: LoadModelOptions = {
    signal,
    ...(alignCorners !== undefined && { alignCorners }),
    ...(frameSize !== undefined && { size: { height: frameSize, width: frameSize } }),
  };
  return loadModel(backend, bundle, options);
}
