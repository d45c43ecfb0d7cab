import { createBackend } from "./create-backend.ts";
import type { ChosenModel, ModelSettings } from "./load-chosen-model.ts";

/** A model on its way. Disposing it frees what there is of it by then. */
export interface BegunModel extends AsyncDisposable {
  /** When the backend has had its first work: what is imported from then on does not hold it up. Never fails. */
  readonly underWay: Promise<void>;
  /** Waits for it; it stays owned by this. @throws as `loadChosenModel` does */
  ready(): Promise<ChosenModel>;
}

/**
 * Begins to load the model that was asked for, so that inputs can be opened meanwhile. The backend comes first: it starts
 * on a thread of its own, while the code that needs it is imported here, that of its proof among it.
 *
 * What goes wrong is told to whoever waits: a mistyped name of an input goes first.
 */
export function beginModel(settings: ModelSettings, signal: AbortSignal): BegunModel {
  const unwanted = new AbortController();
  const { underWay, loading } = load(settings, AbortSignal.any([signal, unwanted.signal]));
  loading.catch(() => undefined);
  return {
    underWay,
    ready: () => loading,
    async [Symbol.asyncDispose]() {
      unwanted.abort(new Error("The model is not wanted any more."));
      const chosen = await loading.catch(() => undefined);
      await chosen?.[Symbol.asyncDispose]();
    },
  };
}

function load(
  settings: ModelSettings,
  signal: AbortSignal,
): Pick<BegunModel, "underWay"> & { loading: Promise<ChosenModel> } {
  const backend = createBackend(settings, signal);
  backend.catch(() => undefined); // told by who waits for it
  let onProgress = () => {};
  const progress = new Promise<void>((resolve) => {
    onProgress = resolve;
  });
  const code = Promise.all([import("./load-chosen-model.ts"), import("@bunraku/animate/proof")]);
  const loading = code.then(([{ loadChosenModel }]) => loadChosenModel(settings, signal, { backend, onProgress }));
  const end = loading.then(
    () => undefined,
    () => undefined,
  );
  return { loading, underWay: Promise.race([progress, end]) };
}
