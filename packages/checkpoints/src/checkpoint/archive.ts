import type { PickleValue, StorageRef } from "../pickle/values.ts";

/** An opened container: the object that was saved, and where its storages are. */
export interface Archive {
  readonly container: "zip" | "legacy";
  readonly root: PickleValue;
  /** Checks that a storage is there and as large as the pickle says, without reading it. @throws `MODEL` */
  check(storage: StorageRef): void;
  /** Where in the file the first element of a storage is. @throws `MODEL`, `FILE` */
  locate(storage: StorageRef): Promise<number>;
}
