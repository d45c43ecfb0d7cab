import { crc32 } from "node:zlib";
import { bytesOf, unsigned } from "./bytes.ts";

export interface TestZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
  /** @default 0, stored */
  readonly method?: number;
  /** What the directory says instead of the truth. */
  readonly claims?: { readonly size?: number; readonly offset?: number; readonly flags?: number };
}

export interface WriteZipOptions {
  /** What the zip64 end record says instead of the truth. */
  readonly zip64?: { readonly entries?: number; readonly size?: number; readonly offset?: number };
  /** Whether to write zip64 end records, as torch does. @default true */
  readonly withZip64?: boolean;
  /** Put 0xffff and 0xffffffff in the short end record and in entries, so that only the zip64 values count. @default false */
  readonly onlyLong?: boolean;
}

/** Writes a zip of stored entries like torch's: data aligned to 64 bytes by an extra field, zip64 end records. */
export function writeZip(
  entries: readonly TestZipEntry[],
  { zip64 = {}, withZip64 = true, onlyLong = false }: WriteZipOptions = {},
): Uint8Array {
  const locals: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let position = 0;
  for (const { name, data, method = 0, claims = {} } of entries) {
    const nameBytes = bytesOf(name);
    const padding = (64 - ((position + 30 + nameBytes.length + 4) % 64)) % 64;
    const extra = bytesOf("FB", unsigned(padding, 2), new Uint8Array(padding).fill(0x5a));
    const flags = claims.flags ?? 0x0800;
    const crc = unsigned(crc32(data), 4);
    const size = unsigned(data.length, 4);
    const local = bytesOf(
      ...["PK\x03\x04", unsigned(20, 2), unsigned(flags, 2), unsigned(method, 2), unsigned(0, 4), crc, size, size],
      ...[unsigned(nameBytes.length, 2), unsigned(extra.length, 2), nameBytes, extra, data],
    );
    const claimed = claims.size ?? data.length;
    const offset = claims.offset ?? position;
    const long = onlyLong
      ? bytesOf(unsigned(1, 2), unsigned(24, 2), unsigned(claimed, 8), unsigned(claimed, 8), unsigned(offset, 8))
      : new Uint8Array();
    const short = (value: number) => unsigned(onlyLong ? 0xffffffff : value, 4);
    directory.push(
      bytesOf(
        ...[
          "PK\x01\x02",
          unsigned(20, 2),
          unsigned(20, 2),
          unsigned(flags, 2),
          unsigned(method, 2),
          unsigned(0, 4),
          crc,
        ],
        ...[short(claimed), short(claimed), unsigned(nameBytes.length, 2), unsigned(long.length, 2), unsigned(0, 2)],
        ...[unsigned(0, 4), unsigned(0, 4), short(offset), nameBytes, long],
      ),
    );
    locals.push(local);
    position += local.length;
  }
  const list = bytesOf(...directory);
  const count = entries.length;
  const end64 = bytesOf(
    ...["PK\x06\x06", unsigned(44, 8), unsigned(45, 2), unsigned(45, 2), unsigned(0, 4), unsigned(0, 4)],
    ...[unsigned(zip64.entries ?? count, 8), unsigned(zip64.entries ?? count, 8)],
    ...[unsigned(zip64.size ?? list.length, 8), unsigned(zip64.offset ?? position, 8)],
    ...["PK\x06\x07", unsigned(0, 4), unsigned(position + list.length, 8), unsigned(1, 4)],
  );
  const end = bytesOf(
    ...["PK\x05\x06", unsigned(0, 4), unsigned(onlyLong ? 0xffff : count, 2), unsigned(onlyLong ? 0xffff : count, 2)],
    ...[
      unsigned(onlyLong ? 0xffffffff : list.length, 4),
      unsigned(onlyLong ? 0xffffffff : position, 4),
      unsigned(0, 2),
    ],
  );
  return bytesOf(...locals, list, withZip64 ? end64 : new Uint8Array(), end);
}
