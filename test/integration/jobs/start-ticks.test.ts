import { pino } from 'pino';
import { expect, test, vi } from 'vitest';
import { startTicks } from '../../../src/adapters/jobs/start-ticks.ts';

const log = pino({ level: 'silent' });

test('a tick that is still running is not started again, and stopping waits for it', async () => {
  const running = Promise.withResolvers<void>();
  let slow = 0;
  let quick = 0;
  const ticks = startTicks(
    [
      {
        name: 'slow',
        schedule: '* * * * * *',
        run() {
          slow += 1;
          return running.promise;
        },
      },
      {
        name: 'quick',
        schedule: '* * * * * *',
        async run() {
          quick += 1;
        },
      },
    ],
    log,
  );
  await vi.waitFor(() => expect(quick).toBeGreaterThanOrEqual(3), 10_000);
  expect(slow).toBe(1);
  const stopping = ticks.stop();
  expect(
    await Promise.race([
      stopping.then(() => 'stopped'),
      new Promise((resolve) => setImmediate(() => resolve('waiting'))),
    ]),
  ).toBe('waiting');
  running.resolve();
  await stopping;
});

test('a tick that fails runs again at its next time', async () => {
  let turns = 0;
  const ticks = startTicks(
    [
      {
        name: 'failing',
        schedule: '* * * * * *',
        async run() {
          turns += 1;
          throw new Error('no');
        },
      },
    ],
    log,
  );
  await vi.waitFor(() => expect(turns).toBeGreaterThanOrEqual(2), 10_000);
  await ticks.stop();
});
