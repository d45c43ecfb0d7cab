import { BunrakuError } from "@bunraku/backends";
import { modelError } from "../model-error.ts";
import { describe, type PickleValue } from "../pickle/values.ts";

// torch, `serialization.py: MAGIC_NUMBER, PROTOCOL_VERSION`
const MAGIC = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;

/** Checks the first pickle of the format. @throws `MODEL` when it is some other pickle */
export function checkMagic(name: string, magic: PickleValue): void {
  if (magic !== MAGIC) {
    throw modelError(name, `this is a pickle, and not one that torch.save writes: it begins with ${describe(magic)}.`);
  }
}

/** Checks the second pickle. @throws `MODEL` */
export function checkVersion(name: string, version: PickleValue): void {
  if (version !== VERSION) {
    throw modelError(name, `wanted version ${VERSION} of the torch.save format, got ${describe(version)}.`);
  }
}

/** Checks the third pickle, about the machine that saved the file. @throws `MODEL`; `UNSUPPORTED` if it was big-endian */
export function checkSystem(name: string, system: PickleValue): void {
  if (!(system instanceof Map)) {
    throw modelError(name, `wanted a dictionary about the machine that saved it, got ${describe(system)}.`);
  }
  if (system.get("little_endian") !== true) {
    throw new BunrakuError(
      "UNSUPPORTED",
      `${name}: the file was saved on a big-endian machine; only little-endian is read. Save it again on another machine.`,
    );
  }
}
