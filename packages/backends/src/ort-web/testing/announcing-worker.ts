// The worker as it is, after making it tell of the threads that it starts.
import "./announce-threads.ts";
import "../worker.ts";
