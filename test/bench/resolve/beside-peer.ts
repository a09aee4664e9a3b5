import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { print } from './figures.ts';
import { ROWS } from './goals.ts';
import { type Server, start } from './servers.ts';
import { installUnleash } from './unleash-peer.ts';

/** Unleash with a single feature, which suits it best, and with as many as there are workflows. */
export async function besidePeer(
  connectionString: string,
  most: number,
  row: (name: string, server: Server, path: string, headers: Record<string, string>) => Promise<void>,
): Promise<void> {
  const peer = await installUnleash(connectionString).catch((error: unknown) => {
    print(`without Unleash, which could not be installed: ${String(error).split('\n')[0]}`);
    return null;
  });
  if (peer === null) return;
  const server = await start('unleash-server.ts', peer.args);
  try {
    for (const [name, features] of [
      [ROWS.peerOne, 1],
      [ROWS.peer, most],
    ] as const) {
      await peer.fill(features);
      await showing(`http://127.0.0.1:${server.port}${peer.path}`, peer.headers, features);
      await row(name, server, peer.path, peer.headers);
    }
  } finally {
    server.child.kill();
    await once(server.child, 'close');
    await peer.end();
  }
}

/** Waits until the peer has seen what it was given. */
async function showing(url: string, headers: Record<string, string>, features: number): Promise<void> {
  for (let left = 60; left > 0; left--) {
    const answer = (await (await fetch(url, { headers })).json()) as { features: unknown[] };
    if (answer.features.length === features) return;
    await wait(1_000);
  }
  throw new Error('Unleash does not show the features that it was given.');
}
