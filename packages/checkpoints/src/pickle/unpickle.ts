import { addItems, append, setItems } from "./fill.ts";
import { allowedGlobal, callGlobal } from "./globals.ts";
import { pickleLimits } from "./limits.ts";
import { literal } from "./literal.ts";
import { opcodes as op } from "./opcodes.ts";
import { persistentStorage } from "./persistent-storage.ts";
import { PickleBytes } from "./pickle-bytes.ts";
import { PickleStack } from "./pickle-stack.ts";
import { describe, Inert, type PickleValue, type StorageRef } from "./values.ts";

export interface Unpickled {
  readonly value: PickleValue;
  /** Bytes of the pickle: where the next one begins. */
  readonly length: number;
  /** Every storage that the pickle names, by key. */
  readonly storages: ReadonlyMap<string, StorageRef>;
}

/**
 * Reads one pickle from the start of `bytes`, as data: nothing is called, tensors stay descriptions.
 *
 * @param base Where in the file `bytes` begin, for messages.
 * @throws `MODEL` when it holds anything but a state dictionary's values, or more of them than `pickleLimits`;
 * `NeedMoreBytes` when it goes on after `bytes`
 */
export function unpickle(bytes: Uint8Array, name: string, base = 0): Unpickled {
  const reader = new PickleBytes(bytes, name, base);
  const stack = new PickleStack(reader);
  const memo = new Map<number, PickleValue>();
  const storages = new Map<string, StorageRef>();

  for (;;) {
    reader.operation = reader.position;
    reader.spend(1);
    const code = reader.uint8();
    const value = literal(code, reader);
    if (value !== undefined) {
      stack.push(value);
      continue;
    }
    switch (code) {
      case op.STOP:
        return { value: stack.pop(), length: reader.position, storages };
      case op.PROTO:
        checkProtocol(reader.uint8(), reader);
        break;
      case op.FRAME:
        reader.uint64(); // a hint for buffering; the opcodes say the same
        break;

      case op.MARK:
        stack.mark();
        break;
      case op.POP:
        stack.drop();
        break;
      case op.POP_MARK:
        stack.popToMark();
        break;

      case op.EMPTY_TUPLE:
      case op.EMPTY_LIST:
        stack.push([]);
        break;
      case op.TUPLE:
        stack.push(stack.popToMark());
        break;
      case op.TUPLE1:
        stack.push([stack.pop()]);
        break;
      case op.TUPLE2:
        stack.push([stack.pop(), stack.pop()].reverse());
        break;
      case op.TUPLE3:
        stack.push([stack.pop(), stack.pop(), stack.pop()].reverse());
        break;
      case op.APPEND:
        append([stack.pop()], stack.top(), reader);
        break;
      case op.APPENDS:
        append(stack.popToMark(), stack.top(), reader);
        break;
      case op.EMPTY_DICT:
        stack.push(new Map());
        break;
      case op.SETITEM:
        setItems([stack.pop(), stack.pop()].reverse(), stack.top(), reader);
        break;
      case op.SETITEMS:
        setItems(stack.popToMark(), stack.top(), reader);
        break;
      case op.EMPTY_SET:
        stack.push(new Set());
        break;
      case op.ADDITEMS:
        addItems(stack.popToMark(), stack.top(), reader);
        break;

      case op.BINPUT:
        memoize(memo, reader.uint8(), stack.top(), reader);
        break;
      case op.LONG_BINPUT:
        memoize(memo, reader.uint32(), stack.top(), reader);
        break;
      case op.MEMOIZE:
        memoize(memo, memo.size, stack.top(), reader);
        break;
      case op.BINGET:
        stack.push(recall(memo, reader.uint8(), reader));
        break;
      case op.LONG_BINGET:
        stack.push(recall(memo, reader.uint32(), reader));
        break;

      case op.GLOBAL:
        stack.push(allowedGlobal(reader.line(), reader.line(), reader));
        break;
      case op.STACK_GLOBAL: {
        const [name, module] = [stack.pop(), stack.pop()];
        if (typeof name !== "string" || typeof module !== "string") {
          throw reader.error(`wanted the name of a function, got ${describe(module)} and ${describe(name)}.`);
        }
        stack.push(allowedGlobal(module, name, reader));
        break;
      }
      case op.REDUCE: {
        const args = stack.pop();
        stack.push(callGlobal(stack.pop(), args, reader));
        break;
      }
      case op.BUILD: {
        stack.pop(); // the attributes of a dictionary (_metadata) or numpy type: not needed
        const target = stack.top();
        if (!(target instanceof Map || target instanceof Inert)) {
          throw reader.error(`wanted a dictionary to set attributes of, got ${describe(target)}.`);
        }
        break;
      }
      case op.BINPERSID:
        stack.push(persistentStorage(stack.pop(), storages, reader));
        break;

      default:
        throw reader.error(
          `opcode 0x${code.toString(16).padStart(2, "0")} is not one that state dictionaries need; bunraku refuses the rest. ` +
            "The file is damaged or holds something else.",
        );
    }
  }
}

function checkProtocol(protocol: number, reader: PickleBytes): void {
  if (protocol < 2 || protocol > 5) throw reader.error(`wanted pickle protocol 2 to 5, got ${protocol}.`);
}

function memoize(memo: Map<number, PickleValue>, index: number, value: PickleValue, reader: PickleBytes): void {
  if (memo.size >= pickleLimits.memo) {
    throw reader.error(`wanted at most ${pickleLimits.memo} memo entries, got more. No checkpoint is like that.`);
  }
  memo.set(index, value);
}

function recall(memo: Map<number, PickleValue>, index: number, reader: PickleBytes): PickleValue {
  const value = memo.get(index);
  if (value === undefined)
    throw reader.error(`memo entry ${index} is used before it is set. The file is damaged; get it again.`);
  return value;
}
