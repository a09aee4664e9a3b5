import { describe, expect, test } from 'vitest';
import type { TestPersistence } from '../../support/database/open-test-persistence.ts';
import { withTestPersistence } from '../../support/database/with-test-persistence.ts';

let db: TestPersistence;
withTestPersistence((opened) => {
  db = opened;
});

describe('handled requests', () => {
  test('of twenty processes that are sent the same one, one handles it', async () => {
    const first = await Promise.all(Array.from({ length: 20 }, () => db.handledRequests.firstTime('trigger:1')));
    expect(first.filter(Boolean)).toHaveLength(1);
    expect(await db.handledRequests.firstTime('trigger:2')).toBe(true);
  });

  test('are forgotten when they are old', async () => {
    await db.handledRequests.firstTime('old');
    await db.sql("UPDATE handled_request SET at = now() - interval '25 hours' WHERE key = 'old'");
    expect(await db.handledRequests.sweep(24)).toBe(1);
    expect(await db.handledRequests.firstTime('old')).toBe(true);
  });
});
