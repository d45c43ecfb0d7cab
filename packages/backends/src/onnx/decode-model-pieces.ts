import { piecesKey } from "./encode-model.ts";
import type { Attribute, GraphPiece } from "./graph.ts";
import { protobufFields } from "./protobuf-reader.ts";

/**
 * Reads an entry of a model's metadata: its pieces, when it is that entry and in order.
 *
 * Pieces are an offer, and whoever takes it up checks it against the nodes: what is not in order is passed over.
 */
export function decodePieces(bytes: Uint8Array): readonly GraphPiece[] | undefined {
  let key = "";
  let value = "";
  for (const field of protobufFields(bytes)) {
    if (field.number === 1) key = field.text();
    if (field.number === 2) value = field.text();
  }
  if (key !== piecesKey) return undefined;
  try {
    const pieces: unknown = JSON.parse(value);
    return Array.isArray(pieces) ? pieces.filter(isPiece) : undefined;
  } catch {
    return undefined;
  }
}

function isPiece(value: unknown): value is GraphPiece {
  if (typeof value !== "object" || value === null) return false;
  const { kind, inputs, outputs, nodes, attributes } = value as Record<string, unknown>;
  return (
    typeof kind === "string" &&
    [inputs, outputs, nodes].every(
      (names) => Array.isArray(names) && names.every((name) => typeof name === "string"),
    ) &&
    typeof attributes === "object" &&
    attributes !== null &&
    Object.values(attributes).every(isAttribute)
  );
}

function isAttribute(value: unknown): value is Attribute {
  if (typeof value === "string" || typeof value === "number") return true;
  if (Array.isArray(value)) return value.every((item) => typeof item === "number");
  return typeof value === "object" && value !== null && typeof (value as { float?: unknown }).float === "number";
}
