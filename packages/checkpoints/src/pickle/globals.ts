import { quoted } from "../model-error.ts";
import type { ElementType } from "../numbers/element-type.ts";
import { hashable } from "./fill.ts";
import type { PickleBytes } from "./pickle-bytes.ts";
import { describe, GlobalRef, Inert, type PickleValue, StorageRef, TensorRef } from "./values.ts";

/** The storage classes, and the element type of each. */
const storageTypes: ReadonlyMap<string, ElementType> = new Map([
  ["torch.FloatStorage", "float32"],
  ["torch.HalfStorage", "float16"],
  ["torch.BFloat16Storage", "bfloat16"],
  ["torch.DoubleStorage", "float64"],
  ["torch.LongStorage", "int64"],
  ["torch.IntStorage", "int32"],
  ["torch.ShortStorage", "int16"],
  ["torch.CharStorage", "int8"],
  ["torch.ByteStorage", "uint8"],
  ["torch.BoolStorage", "bool"],
]);

/** What training scripts leave next to the weights (a loss as a numpy number). It is stepped over, never rebuilt. */
const inert: ReadonlySet<string> = new Set([
  "numpy.dtype",
  "numpy.ndarray",
  "numpy.core.multiarray.scalar",
  "numpy._core.multiarray.scalar",
  "numpy.core.multiarray._reconstruct",
  "numpy._core.multiarray._reconstruct",
  "_codecs.encode", // how protocol 2 writes the bytes of a numpy number
]);

const rebuilders: ReadonlySet<string> = new Set([
  "collections.OrderedDict",
  "torch._utils._rebuild_tensor_v2",
  "torch._utils._rebuild_parameter",
]);

/**
 * The element type of a storage class.
 *
 * @returns undefined when it is none
 */
export function storageType(value: PickleValue | undefined): ElementType | undefined {
  return value instanceof GlobalRef ? storageTypes.get(value.name) : undefined;
}

/** A Python name, when it is one of the few that state dictionaries need. @throws `MODEL` for any other */
export function allowedGlobal(module: string, name: string, reader: PickleBytes): GlobalRef {
  const full = `${module}.${name}`;
  if (rebuilders.has(full) || storageTypes.has(full) || inert.has(full)) return new GlobalRef(full);
  throw reader.error(
    `the file asks to call ${quoted(full)}; bunraku reads weights only and never runs code from a file. ` +
      "Get the checkpoint from a source you trust, or, if it is yours, save state dictionaries (model.state_dict()).",
  );
}

/** What calling an allowed name gives, as data. Nothing is ever called. */
export function callGlobal(callee: PickleValue, args: PickleValue, reader: PickleBytes): PickleValue {
  if (!(callee instanceof GlobalRef)) {
    throw reader.error(`wanted a function to call, got ${describe(callee)}. The file is damaged or made to mislead.`);
  }
  if (!Array.isArray(args)) throw reader.error(`wanted a list of arguments, got ${describe(args)}.`);
  if (inert.has(callee.name)) return new Inert(callee.name);
  switch (callee.name) {
    case "collections.OrderedDict":
      return orderedDict(args[0] ?? [], reader);
    case "torch._utils._rebuild_tensor_v2": {
      const [storage, offset, size, stride] = args;
      if (!(storage instanceof StorageRef) || offset === undefined || size === undefined || stride === undefined) {
        throw reader.error(
          `a tensor needs a storage, an offset, a size and a stride; got ${args.slice(0, 4).map(describe).join(", ")}.`,
        );
      }
      return new TensorRef(storage, offset, size, stride);
    }
    case "torch._utils._rebuild_parameter":
      if (args[0] instanceof TensorRef) return args[0];
      throw reader.error(`a parameter is made from a tensor, got ${describe(args[0])}.`);
    default:
      throw reader.error(`${quoted(callee.name)} is not something that state dictionaries call.`);
  }
}

/** Python 2 gives the items as an argument; Python 3 gives none and sets them afterwards. */
function orderedDict(items: PickleValue, reader: PickleBytes): Map<PickleValue, PickleValue> {
  const map = new Map<PickleValue, PickleValue>();
  if (!Array.isArray(items)) throw reader.error(`an ordered dictionary is made from pairs, got ${describe(items)}.`);
  reader.spend(items.length); // one list in the memo can be made into a dictionary again and again
  for (const pair of items) {
    if (!Array.isArray(pair) || pair.length !== 2) {
      throw reader.error(`an ordered dictionary is made from pairs, got ${describe(pair)}.`);
    }
    map.set(hashable(pair[0]!, reader), pair[1]!);
  }
  return map;
}
