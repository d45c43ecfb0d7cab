// A checkpoint of torch before 1.6, written by hand: what hostile files look like from the outside.

const int = (value: number): number[] => [0x4a, value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24]; // BININT
const text = (value: string): number[] => [...new TextEncoder().encode(value)];
const pickle = (...body: number[]): number[] => [0x80, 2, ...body, 0x2e]; // PROTO 2 … STOP

/** `payload`: pickle opcodes that leave the object of the checkpoint on the stack. */
export function legacyCheckpoint(payload: readonly number[]): Uint8Array {
  const magic = pickle(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19); // LONG1
  const protocol = pickle(...int(1001));
  const system = pickle(0x7d, 0x28, ...unicode("little_endian"), 0x88, 0x75); // {"little_endian": True}
  return Uint8Array.from([...magic, ...protocol, ...system, ...pickle(...payload), ...pickle(0x5d)]); // … and no storages
}

export function unicode(value: string): number[] {
  const bytes = text(value);
  return [0x58, bytes.length, 0, 0, 0, ...bytes]; // BINUNICODE
}

/** `module.name(argument)`, as a pickle calls it. */
export function call(module: string, name: string, argument: string): number[] {
  return [0x63, ...text(`${module}\n${name}\n`), ...unicode(argument), 0x85, 0x52]; // GLOBAL, TUPLE1, REDUCE
}
