import { loadModel, type Model, type ModelBundle } from "@bunraku/animate";
import type { Backend } from "@bunraku/backends";
import { type BackendChoice, createBackend } from "./create-backend.ts";
import { type ModelChoice, openModel } from "./open-model.ts";

/** Which model a user wants, and how it runs. */
export interface ModelSettings extends ModelChoice, BackendChoice {
  readonly frameSize?: number;
}

/** A model that is ready, with what it runs on and what is known of it. */
export interface ChosenModel extends AsyncDisposable {
  readonly backend: Backend;
  readonly bundle: ModelBundle;
  readonly model: Model;
}

/**
 * Opens and loads the model that was asked for; its file is closed again.
 *
 * @param early.backend where it was begun before; owned from here on
 * @param early.onProgress told when the backend has its first work
 * @throws as `openModel` and `loadModel` do
 */
export async function loadChosenModel(
  settings: ModelSettings,
  signal: AbortSignal,
  early: { readonly backend?: Promise<Backend>; readonly onProgress?: () => void } = {},
): Promise<ChosenModel> {
  const { backend: starting = createBackend(settings, signal), onProgress } = early;
  const { alignCorners, frameSize } = settings;
  const opening = openModel(settings, signal); // while the backend starts
  opening.catch(() => undefined); // told after what is wrong with the backend
  const backend = await starting.catch(async (error) => {
    await opening.then((opened) => opened[Symbol.asyncDispose]()).catch(() => undefined);
    throw error;
  });
  try {
    await using opened = await opening;
    const { bundle } = opened;
    const model = await loadModel(backend, bundle, {
      signal,
      ...(onProgress && { onProgress }),
      ...(alignCorners !== undefined && { alignCorners }),
      ...(frameSize !== undefined && { size: { height: frameSize, width: frameSize } }),
    });
    return {
      backend,
      bundle,
      model,
      async [Symbol.asyncDispose]() {
        await model[Symbol.asyncDispose]();
        await backend[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await backend[Symbol.asyncDispose]();
    throw error;
  }
}
