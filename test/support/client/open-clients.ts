import { afterEach } from 'vitest';
import { type ClientWarning, TowpathClient, type TowpathClientOptions } from '../../../src/client/towpath-client.ts';
import { waitUntil } from '../slack/wait-until.ts';
import { type StrictTowpath, startStrictTowpath, TOKEN } from './start-strict-towpath.ts';

/** Starts servers and clients that end with the test they were started in. */
export function opening() {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  return {
    async towpath(): Promise<StrictTowpath> {
      const towpath = await startStrictTowpath();
      ends.push(() => towpath.stop().catch(() => undefined));
      return towpath;
    },

    client(towpath: StrictTowpath, options: Partial<TowpathClientOptions> = {}) {
      const warnings: ClientWarning[] = [];
      const client = new TowpathClient({
        url: towpath.url,
        token: TOKEN,
        environment: 'staging',
        onWarning: (warning) => warnings.push(warning),
        ...options,
      });
      ends.push(() => client.close());
      return { client, warnings };
    },
  };
}

/** Waits until the client's stream is open and everything asked because of that is answered. */
export async function untilFollowing(towpath: StrictTowpath, client: TowpathClient, workflow: string): Promise<void> {
  await waitUntil('the stream to be open', () => towpath.openStreams() > 0);
  await waitUntil('an answer that needs no asking', async () => {
    const asked = towpath.resolveCount(workflow);
    await client.resolve(workflow);
    return towpath.resolveCount(workflow) === asked;
  });
}

export function modelIn(answer: { definition: unknown }): string {
  return (answer.definition as { steps: { model: string }[] }).steps[0]?.model ?? '';
}
