import { announceThreads } from "./count-threads.ts";

announceThreads();
