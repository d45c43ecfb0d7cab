import type { Crop } from "@bunraku/warp";
import type { Box } from "./face.ts";

/**
 * Squares that cover a picture, each overlapping the next by half or more: a face of up to half a tile is whole in one.
 *
 * @param side Pixels; shortened to the picture where that is smaller.
 */
export function tilesOf({ width, height }: { width: number; height: number }, side: number): Crop[] {
  const tiles: Crop[] = [];
  for (const top of startsOf(height, side)) {
    for (const left of startsOf(width, side)) {
      tiles.push({ left, top, width: Math.min(side, width), height: Math.min(side, height) });
    }
  }
  return tiles;
}

function startsOf(length: number, side: number): number[] {
  const slack = length - side;
  if (slack <= 0) return [0];
  const steps = Math.ceil(slack / (side / 2));
  return Array.from({ length: steps + 1 }, (_, i) => Math.round((i * slack) / steps));
}

/** Whether a tile's edge, where the picture goes on, cuts the box. */
export function cutByTile(box: Box, tile: Crop, picture: { width: number; height: number }): boolean {
  return (
    (tile.left > 0 && box.left < tile.left) ||
    (tile.top > 0 && box.top < tile.top) ||
    (tile.left + tile.width < picture.width && box.left + box.width > tile.left + tile.width) ||
    (tile.top + tile.height < picture.height && box.top + box.height > tile.top + tile.height)
  );
}
