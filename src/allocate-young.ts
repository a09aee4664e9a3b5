import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 make every object among the young ones. It would learn while a server starts that what some line makes lives long, and
 * make it among the old ones from then on: where that line serves requests too, each of them is held until a whole collection,
 * copied twice before, and the slowest answers take five times as long. Which lines it picks differs from start to start.
 * To be called before anything is served; it holds for the whole process.
 */
export function allocateYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}
