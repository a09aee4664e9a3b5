import { expect, test, inject } from 'vitest';
import { createTestDatabase } from '../../support/database/create-test-database.ts';
test('x', async () => { const d = await createTestDatabase(); console.log(d.url, inject('templateDatabase')); await d.drop(); expect(1).toBe(1); });
