// A server on localhost for one folder, with the headers that are wanted.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

/** @returns The origin, and how to stop. */
export async function serve(folder, headers) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (path === "/favicon.ico") return response.writeHead(204).end();
    const file = path === "/" ? "/index.html" : path;
    try {
      const bytes = await readFile(join(folder, file));
      response.setHeader("Content-Type", types[extname(file)] ?? "application/octet-stream").end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}
