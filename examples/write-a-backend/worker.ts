// The script of a worker in Node: a backend that runs here, for every port that is sent.
import { parentPort } from "node:worker_threads";
import { reference } from "@bunraku/backends/reference";
import { gridSampleOperator } from "@bunraku/warp/reference";
import { serve } from "./serve.ts";

const backend = await reference({ operators: [gridSampleOperator] });
parentPort!.on("message", (port: MessagePort) => serve(backend, port));
