import type { FormName } from "./forms.ts";

/** The fastest form of a layer, beside the plain one, in milliseconds of one run. */
export type MeasuredLayer = readonly [form: FormName, milliseconds: number, plainMilliseconds: number];

/** What was measured on one kind of backend. */
export interface Measurements {
  /** Where: "onnxruntime-node 1.30.0, cpu, 2 threads" */
  readonly where: string;
  /**
   * Whether rows are faster than maps where several convolutions by minimal filtering follow each other: between them
   * nothing is turned, which a layer alone cannot show.
   */
  readonly rowsInChains: boolean;
  /** By `layerKey`. */
  readonly layers: Readonly<Record<string, MeasuredLayer>>;
}
